"""The list of people: what it shows to whom, what is searched, and what it costs with fifty thousand rows."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Session, User
from apps.audit.models import AuditEvent
from apps.core.actor import Role
from apps.portal import people
from tests.people import acting, admin, auditor, person, with_role
from tests.portal.conftest import place_at

MANY = 50_000
PEOPLE = f"""
INSERT INTO accounts_user (id, password, email, given_name, family_name, status, locale, department, job_title,
                           is_staff, is_superuser, created_at, last_login)
SELECT gen_random_uuid(), '!', 'p' || n || '@lumiere.example',
       (ARRAY['Zoé', 'Léo', 'Inès', 'Hugo', 'Anaïs', 'Noé'])[1 + n % 6],
       (ARRAY['Martin', 'Bernard', 'Lefèvre', 'Garçon', 'Petit', 'Müller'])[1 + n % 6] || ' ' || n,
       CASE WHEN n % 10 = 0 THEN 'suspended' ELSE 'active' END, '', '', '', false, false,
       now() - n * interval '1 minute', CASE WHEN n % 3 = 0 THEN now() - n * interval '1 second' END
FROM generate_series(1, {MANY}) n
"""
MEMBERSHIPS = """
INSERT INTO campuses_campusmembership (id, user_id, campus_id, role, state, source, cause, pinned, first_seen_at,
                                       last_seen_at)
SELECT gen_random_uuid(), id, %s, 'member', 'active', 'directory', 'listed', '', now(), now() FROM accounts_user
WHERE email LIKE 'p%%@lumiere.example'
"""


@pytest.fixture
def crowd(lyon):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '5min'")  # a page has 30 seconds; this is no page
        cursor.execute(PEOPLE)
        cursor.execute(MEMBERSHIPS, [lyon.pk])
        # the school's role may not ANALYZE, so what the planner believes of the new rows is chance: whether an index
        # serves the query is asked with the other ways switched off
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")


def names(response) -> list[str]:
    return [user.name for user in response.context["found"].rows]


# --- what it shows ---------------------------------------------------------------------------------------


def test_the_manager_of_a_campus_sees_only_its_people(as_person, manager, student, paris):
    elsewhere = person(given_name="Paul", family_name="Ailleurs")
    place_at(paris, elsewhere)
    browser = as_person(manager)
    assert set(names(browser.get("/people/"))) == {"Inès Garçon", "Marc Lefèvre"}
    assert browser.get(f"/people/{elsewhere.pk}/").status_code == 404
    assert browser.get(f"/people/{student.pk}/").status_code == 200
    assert b'name="act"' not in browser.get("/people/").content


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=garcon", {"Inès Garçon"}),
        ("?q=INES G", {"Inès Garçon"}),
        ("?q=marc@lumiere", {"Marc Lefèvre"}),
        ("?q=xyzzy", set()),
        ("?q=%25", set()),
        ("?role=campus-manager", {"Marc Lefèvre"}),
        ("?role=admin", {"Nora Admin"}),
        ("?campus=none", {"Nora Admin"}),
        ("?source=directory", set()),
        ("?status=suspended", set()),
        ("?status=nonsense&role=nonsense&campus=nonsense", {"Inès Garçon", "Marc Lefèvre", "Nora Admin"}),
    ],
)
def test_search_and_filters(office, student, manager, query, expected):
    assert set(names(office.get(f"/people/{query}"))) == expected


def test_filter_by_campus(office, student, manager, lyon, paris):
    assert set(names(office.get(f"/people/?campus={lyon.pk}"))) == {"Inès Garçon", "Marc Lefèvre"}
    assert names(office.get(f"/people/?campus={paris.pk}")) == []


@pytest.mark.parametrize("sort", ["name", "-name", "seen", "-seen", "email", "-created", "nonsense"])
def test_everybody_is_on_exactly_one_page(office, lyon, sort):
    everybody = {person().name for _number in range(120)} | {"Nora Admin"}
    seen, address = [], f"/people/?sort={sort}"
    for _page in range(5):
        response = office.get(address)
        seen += names(response)
        if not response.context["found"].next:
            break
        address = f"/people/?sort={sort}&after={response.context['found'].next}"
    assert len(seen) == len(everybody)
    assert set(seen) == everybody
    back = office.get(f"/people/?sort={sort}&before={response.context['found'].previous}")
    assert names(back) == seen[50:100]


def test_tabs_count_what_the_filters_leave(office, student, manager):
    User.objects.filter(pk=student.pk).update(status="suspended")
    tabs = {tab.value: tab.count for tab in office.get("/people/?q=lumiere").context["tabs"]}
    assert tabs == {"": 3, "active": 2, "suspended": 1, "pending": 0, "departed": 0}
    assert office.get("/people/?q=garcon&status=active").context["total"] == 0


def test_an_empty_answer_says_so(office):
    assert "No person matches" in office.get("/people/?q=xyzzy").content.decode()


@pytest.mark.parametrize("query", ["?after=%00", "?after=zzz", "?before=W10", "?q=%00", "?sort=%27;drop", "?campus=1"])
def test_nonsense_in_the_address_is_no_error(office, query):
    assert office.get(f"/people/{query}").status_code == 200


# --- what can be done ------------------------------------------------------------------------------------


def test_suspending_the_selected_ends_their_sessions(office, as_person, student, manager):
    browser = as_person(student)
    assert browser.get("/home/").status_code == 200
    answer = office.post("/people/acts/?q=lumiere", {"act": "suspend", "ids": [student.pk], "reason": "left"})
    assert (answer.status_code, answer["Location"]) == (302, "/people/?q=lumiere")
    student.refresh_from_db()
    manager.refresh_from_db()
    assert (student.status, manager.status) == ("suspended", "active")
    assert not Session.objects.filter(user=student, ended_at=None).exists()
    assert browser.get("/home/").status_code == 302
    assert AuditEvent.objects.filter(act="person.suspended", target_id=str(student.pk), reason="left").exists()


def test_all_that_match_means_the_filters_of_the_address(office, student, manager):
    office.post("/people/acts/?q=garcon", {"act": "suspend", "all_matching": "1"})
    assert set(User.objects.filter(status="suspended").values_list("email", flat=True)) == {student.email}
    office.post("/people/acts/?q=garcon&status=suspended", {"act": "reinstate", "all_matching": "1"})
    assert not User.objects.filter(status="suspended").exists()


@pytest.mark.parametrize(
    "given", [{}, {"act": "suspend"}, {"act": "drop", "ids": ["x"]}, {"act": "suspend", "ids": ["x"]}]
)
def test_a_selection_that_means_nothing_is_refused_with_a_sentence(office, student, given):
    answer = office.post("/people/acts/", given, follow=True)
    assert answer.status_code == 200
    assert [str(message) for message in answer.context["messages"]]
    assert User.objects.filter(status="suspended").count() == 0


def test_only_administrators_act(as_person, student, manager):
    for someone in (manager, auditor(), with_role(Role.MEMBER)):
        answer = as_person(someone).post("/people/acts/", {"act": "suspend", "ids": [student.pk]})
        assert answer.status_code == 403
    student.refresh_from_db()
    assert student.status == "active"


def test_nobody_suspends_themselves(lumiere, as_person):
    me = admin()
    browser = as_person(me)
    browser.post("/people/acts/", {"act": "suspend", "ids": [me.pk]})
    me.refresh_from_db()
    assert me.status == "active"


def test_the_export_is_what_is_shown_and_harmless(office, student, manager):
    User.objects.filter(pk=student.pk).update(family_name="=HYPERLINK(1)")
    response = office.get("/people/export.csv?q=hyperlink")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["family name", "'=HYPERLINK(1)"]
    assert rows[1][6] == "Lyon (active)"
    assert AuditEvent.objects.get(act="people.exported").data["filters"]["q"] == "hyperlink"


# --- fifty thousand --------------------------------------------------------------------------------------


def test_at_most_nine_queries_whatever_the_number_of_people(office, student, lyon):
    office.get("/people/")
    with CaptureQueriesContext(connection) as few:
        office.get("/people/")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '5min'")  # a page has 30 seconds; this is no page
        cursor.execute(PEOPLE)
        cursor.execute(MEMBERSHIPS, [lyon.pk])
    for query in ("", "?q=garcon", "?status=active", "?sort=-seen"):
        with CaptureQueriesContext(connection) as many:
            assert office.get(f"/people/{query}").status_code == 200
        assert len(many) == len(few) <= 9, "\n".join(one["sql"][:300] for one in many)


def plan_of(queryset) -> dict:
    with connection.cursor() as cursor:
        sql, parameters = queryset.query.sql_with_params()
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        return json.loads(text) if isinstance(text := cursor.fetchone()[0], str) else text


def test_a_page_by_name_walks_the_index_and_reads_no_more_than_it_shows(crowd, lumiere):
    actor = acting(admin())
    listed = people.filtered_people(actor=actor, wanted={})
    with CaptureQueriesContext(connection) as queries:
        found = people.people_page(actor=actor, people=listed, sort="name")
        further = people.people_page(actor=actor, people=listed, sort="name", after=found.next)
        last = people.people_page(actor=actor, people=listed, sort="-name")
    assert len(queries) == 3
    assert len(found.rows) == len(further.rows) == len(last.rows) == people.PAGE
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql'].split('; ')[-1]}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "people_by_name" in plan, plan
        assert "Sort" not in plan.split("SubPlan")[0], plan


@pytest.mark.parametrize("words", ["garcon 499", "p49999@"])
def test_a_search_uses_the_index_of_words(crowd, lumiere, words):
    listed = people.filtered_people(actor=acting(admin()), wanted={"q": words})
    plan = json.dumps(plan_of(listed))
    assert "people_by_words" in plan, plan


def test_the_last_page_costs_what_the_first_costs(crowd, lumiere):
    """By the number of rows touched, not by a clock."""
    actor = acting(admin())
    listed = people.filtered_people(actor=actor, wanted={})
    last = people.people_page(actor=actor, people=listed, sort="-name")
    before = people.people_page(actor=actor, people=listed, sort="name", before=last.previous or last.next)
    assert before.rows

    def rows_read(**cursor) -> float:
        with CaptureQueriesContext(connection) as queries:
            people.people_page(actor=actor, people=listed, sort="name", **cursor)
        with connection.cursor() as reader:
            reader.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {queries[0]['sql'].split('; ')[-1]}")
            answer = reader.fetchone()[0]
        plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
        return _rows(plan, "accounts_user")

    assert rows_read(before=last.next) <= 3 * people.PAGE
    assert rows_read() <= 3 * people.PAGE


def _rows(plan: dict, table: str) -> float:
    own = (
        plan.get("Actual Rows", 0) + plan.get("Rows Removed by Filter", 0) if plan.get("Relation Name") == table else 0
    )
    return own + sum(_rows(part, table) for part in plan.get("Plans", []))
