"""The audit page: filters in the URL, pages by position, an event with its row changes, a harmless CSV."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.audit.acts import act
from apps.audit.models import AuditEvent
from apps.audit.services import record
from apps.core.actor import Actor
from apps.tenants.zones import zone_of_school
from tests.people import admin, auditor, owner, person

OPENED = act("tests.opened", "Box opened")
SHUT = act("tests.shut", "Box shut")
ROBOT = Actor.system("robot")


@pytest.fixture
def reader(client, lumiere):
    client.force_login(auditor())
    return client


@pytest.fixture
def some(lumiere):
    """Thirty acts, one a day, alternately opened and shut."""
    now = timezone.now()
    return [
        record(
            actor=ROBOT,
            act=OPENED if n % 2 else SHUT,
            target_label=f"Boîte {n}",
            at=now - timedelta(days=n),
            reason="to see" if n == 7 else "",
        )
        for n in range(30)
    ]


def labels(response) -> set[str]:
    return {event.target_label for event in response.context["events"].rows if event.act.startswith("tests.")}


def test_who_may_read(client, lumiere, some):
    for someone, status in ((owner(), 200), (admin(), 200), (auditor(), 200), (person(), 403)):
        client.force_login(someone)
        assert client.get("/audit/").status_code == status
        assert client.get(f"/audit/{some[0].pk}/").status_code == status
        assert client.get("/audit/export.csv").status_code == status


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=BOITE 7", {"Boîte 7", "Boîte 17", "Boîte 27"}),
        ("?q=see", {"Boîte 7"}),
        ("?q=nothing like it", set()),
        ("?q=%25", set()),
        (
            "?act=tests.opened&q=Boite 1",
            {f"Boîte {n}" for n in range(30) if n % 2 and str(n).startswith("1")} | {"Boîte 21"},
        ),
    ],
)
def test_search_and_filters(reader, some, query, expected):
    assert labels(reader.get(f"/audit/{query}")) == expected


def test_days_are_days_of_the_school(reader, some):
    day = timezone.localtime(some[3].at, zone_of_school()).date()
    found = labels(reader.get(f"/audit/?since={day}&until={day}"))
    assert "Boîte 3" in found
    assert len(found) <= 2


@pytest.mark.parametrize(
    "query",
    ["?since=yesterday", "?actor=me", "?act=unknown", "?after=zzz", "?before=%00", "?after=WyJ4Il0", "?q=%00",
     "?after=WyJub3QgYSBkYXRlIiwibm90IGFuIGlkIl0", "?since=2026-13-45", "?until=9999-12-31"],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_error(reader, some, query):
    assert reader.get(f"/audit/{query}").status_code == 200


def test_every_event_is_on_exactly_one_page(reader, lumiere):
    same_moment = timezone.now()
    for n in range(120):
        record(actor=ROBOT, act=OPENED, target_label=f"n{n}", at=same_moment)
    seen, url = [], "/audit/?act=tests.opened"
    for _page in range(10):
        found = reader.get(url).context["events"]
        seen += [event.target_label for event in found.rows]
        if not found.next:
            break
        url = f"/audit/?act=tests.opened&after={found.next}"
    assert sorted(seen) == sorted(f"n{n}" for n in range(120))
    back = reader.get(f"/audit/?act=tests.opened&before={found.previous}").context["events"]
    assert [event.target_label for event in back.rows] == seen[50:100]


def test_the_number_of_queries_does_not_depend_on_the_rows(reader, some):
    reader.get("/audit/")
    with CaptureQueriesContext(connection) as few:
        reader.get("/audit/?q=Boite 7")
    with CaptureQueriesContext(connection) as many:
        reader.get("/audit/")
    assert len(many) == len(few) <= 8


def test_htmx_gets_the_list_only(htmx, lumiere, some):
    htmx.force_login(auditor())
    response = htmx.get("/audit/")
    assert b"<html" not in response.content
    assert b'id="events"' in response.content


def test_an_event_shows_before_and_after_and_the_rows_of_its_request(reader, lumiere):
    event = record(
        actor=Actor(label="Zoé", request_id="request-42", surface="web"),
        act=SHUT,
        changes={"lid": ["open", "shut"]},
        reason="rain",
    )
    someone = person()
    entry = LogEntry.objects.log_create(
        someone,
        action=LogEntry.Action.UPDATE,
        changes={"family_name": ["Avant-propos", "Après-midi"]},
        cid="request-42",
    )
    other = record(actor=Actor(label="Zoé", request_id="request-42"), act=OPENED, target_label="another box")
    text = reader.get(f"/audit/{event.pk}/").content.decode()
    for expected in (
        "rain",
        "open",
        "shut",
        "Avant-propos",
        "Après-midi",
        "request-42",
        entry.object_repr,
        other.target_label,
    ):
        assert expected in text


def test_an_unknown_event_is_not_found(reader):
    assert reader.get("/audit/018f3b5e-0000-7000-8000-000000000000/").status_code == 404


def test_names_from_outside_are_text(reader, lumiere):
    event = record(actor=Actor(label="<script>x</script>"), act=OPENED, target_label="<img src=x>", reason="<b>")
    for address in ("/audit/", f"/audit/{event.pk}/"):
        text = reader.get(address).content.decode()
        assert "<script>x" not in text
        assert "<img src=x" not in text


def exported(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_the_export_holds_what_is_shown_and_is_recorded(reader, some):
    rows = exported(reader.get("/audit/export.csv?act=tests.opened"))
    assert len(rows) == 1 + 15
    taken = AuditEvent.objects.get(act="audit.exported")
    assert taken.data["filters"] == {"act": "tests.opened"}
    assert datetime.fromisoformat(rows[1][0]) > datetime.fromisoformat(rows[2][0])


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(reader, lumiere, formula):
    record(actor=Actor(label=formula), act=OPENED, target_label=formula, reason=formula)
    (row,) = exported(reader.get("/audit/export.csv?act=tests.opened"))[1:]
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert row[3] == f"'{formula}"
