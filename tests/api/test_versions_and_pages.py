"""API-1: who saw an older version changes nothing, and every list is read to its end in pages."""

from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import Grant, Invitation, ServiceCredential
from apps.campuses.models import ApprovedDomain, Campus
from apps.documents.models import DocumentKind, SightRule
from apps.mailings.models import Announcement, SavedText
from apps.payments.models import PaymentPolicy
from apps.roster.models import ImportFile
from apps.support.models import SupportGrant
from apps.tenants.context import platform
from apps.tenants.models import ProviderBinding
from tests.api.conftest import program
from tests.associations.conftest import asked, club, lyon, student  # noqa: F401  # fixtures
from tests.integrations.providers import bind
from tests.people import person

OLD = '"0123456789abcdef0123456789abcdef"'


def at(answer) -> str:
    assert answer.status_code in (200, 201), answer.content
    return answer["Location"].removeprefix("/api/v1/")


def goes_once(program, address, change, rows) -> None:
    """Seen by two; the one changed it, so the other's deletion is refused and nothing is lost."""
    seen = program.get_(address)["ETag"]
    change()
    before = rows()
    assert program.delete_(address, if_match=seen).status_code == 412
    assert rows() == before, "refused, and done all the same"
    assert program.delete_(address, if_match=program.get_(address)["ETag"]).status_code == 204
    assert rows() != before


def test_a_credential_that_was_taken_over(desk):
    made = desk.send("credentials", {
        "name": "timetable", "permissions": ["people.view"],
        "expires_at": (timezone.now() + timedelta(days=9)).isoformat(),
    })  # fmt: skip
    rows = ServiceCredential.objects.filter(revoked_at=None)
    goes_once(desk, at(made), lambda: rows.update(name="other"), lambda: rows.count())


def test_an_invitation_that_was_sent_again(desk):
    made = desk.send("invitations", {"email": "new@lumiere.example"})
    rows = Invitation.objects.filter(revoked_at=None)
    later = timezone.now() + timedelta(hours=90)
    goes_once(desk, at(made), lambda: rows.update(expires_at=later), lambda: rows.count())


def test_a_role_whose_period_was_changed(desk):
    somebody = person()
    made = desk.send(f"users/{somebody.pk}/roles", {"role": "auditor"})
    rows = Grant.objects.filter(user=somebody)
    goes_once(desk, at(made), lambda: rows.update(note="for 2027"), lambda: rows.count())


def test_an_approved_domain(desk):
    campus = Campus.objects.create(name="Lyon", code="LYO")
    made = desk.send(f"campuses/{campus.pk}/domains", {"domain": "students.school.fr"})
    address, rows = at(made), ApprovedDomain.objects.all()
    goes_once(desk, address, lambda: rows.update(domain="pupils.school.fr"), lambda: rows.count())
    assert desk.delete_(address).status_code == 204, "twice changes nothing"


def test_an_office(desk, club):  # noqa: F811
    association, *_board = club()
    made = desk.send(f"associations/{association.pk}/offices", {"name": "Events", "permissions": []})
    rows = association.offices.filter(archived_at=None)
    goes_once(desk, at(made), lambda: rows.filter(name="Events").update(name="Trips"), lambda: rows.count())


def test_a_draft_and_a_saved_text(lumiere, club):  # noqa: F811
    association, president, *_board = club()
    chief = program(lumiere, president)
    words = {"title_fr": "Projection", "body_fr": "Jeudi"}
    made = chief.send(f"associations/{association.pk}/announcements", words)
    rows = Announcement.objects.all()
    goes_once(chief, at(made), lambda: rows.update(title_fr="Film"), lambda: rows.count())
    saved = chief.send(f"associations/{association.pk}/announcement-texts", {"name": "Réunion", **words})
    texts = SavedText.objects.all()
    assert chief.get_(at(saved)).json()["name"] == "Réunion"
    goes_once(chief, at(saved), lambda: texts.update(title_fr="Ce soir"), lambda: texts.count())
    assert program(lumiere, person()).get_(at(saved)).status_code in (403, 404)


def test_an_uploaded_list(desk):
    made = desk.send("imports/lists", {"name": "people.csv", "content": "Z2l2ZW5fbmFtZSxlbWFpbApBZGEsYUBiLmZyCg=="})
    rows = ImportFile.objects.all()
    goes_once(desk, at(made), lambda: rows.update(name="other.csv"), lambda: rows.count())


def test_support_access_on_both_hosts(lumiere, desk, console):
    for program_ in (desk, console):
        made = console.send(
            "support-grants",
            {"org_id": str(lumiere.pk), "level": "read", "minutes": 60, "reason": "The run does not end"},
        )
        key = made.json()["id"]
        address = f"support-grants/{key}"

        def change(pk=key):
            with platform():
                SupportGrant.objects.filter(pk=pk).update(minutes=61)

        def rows(pk=key):
            with platform():
                return SupportGrant.objects.get(pk=pk).ended_at

        goes_once(program_, address, change, rows)


def test_an_account_at_a_provider(lumiere, console):
    bind(lumiere, "acct_1Lumiere")
    with platform():
        key = ProviderBinding.objects.get(external_id="acct_1Lumiere").pk

    def change():
        with platform():
            ProviderBinding.objects.update(name="New name")

    def rows():
        with platform():
            return ProviderBinding.objects.filter(pk=key).count()

    goes_once(console, f"integrations/accounts/{key}", change, rows)


# --- PUT -------------------------------------------------------------------------------------------------


def test_the_rules_for_payments(boss):
    wanted = {"providers": ["stripe"], "fee_basis_points": 100, "fee_fixed": 0, "approval_above": None}
    seen = boss.get_("payment-policy")["ETag"]
    assert boss.call("PUT", "payment-policy", wanted).status_code == 428
    assert boss.call("PUT", "payment-policy", wanted, if_match=OLD).status_code == 412
    assert not PaymentPolicy.objects.filter(fee_basis_points=100)
    first = boss.call("PUT", "payment-policy", wanted, if_match=seen)
    assert first.status_code == 200 and first["ETag"] == boss.get_("payment-policy")["ETag"] != seen
    assert boss.call("PUT", "payment-policy", {**wanted, "fee_fixed": 5}, if_match=seen).status_code == 412
    assert PaymentPolicy.objects.get().fee_fixed == 0


def test_who_sees_how_much_money(boss):
    seen = boss.get_("money-sight")["ETag"]
    wanted = {"role": "auditor", "level": "totals", "with_reason": "lines"}
    assert boss.call("PUT", "money-sight", wanted).status_code == 428
    assert boss.call("PUT", "money-sight", wanted, if_match=seen).status_code == 200
    assert boss.call("PUT", "money-sight", {**wanted, "level": "lines"}, if_match=seen).status_code == 412
    assert SightRule.objects.get().level == 1


def test_a_kind_of_document(boss):
    made = boss.send("document-kinds", {"name": "Rapport moral", "renewed": "yearly"})
    address = at(made)
    seen = boss.get_(address)["ETag"]
    assert boss.call("PUT", address, {"name": "x"}).status_code == 428
    assert boss.call("PUT", address, {"is_required": False}, if_match=seen).status_code == 200
    assert boss.call("PUT", address, {"name": "Other"}, if_match=seen).status_code == 412
    assert DocumentKind.objects.get(pk=made.json()["id"]).name == "Rapport moral"


# --- lists -----------------------------------------------------------------------------------------------


def pages(program_, path, key) -> list:
    """Every entry, one at a time, to the end and all the way back."""
    found, cursor, last = [], "", None
    while True:
        last = program_.get_(f"{path}?limit=1" + (f"&cursor={cursor}" if cursor else "")).json()
        found += [one[key] for one in last["results"]]
        cursor = last["next"]
        assert len(found) < 20, "the same page again"
        if not cursor:
            break
    back = [one[key] for one in last["results"]]
    while last["previous"]:
        last = program_.get_(f"{path}?limit=1&cursor={last['previous']}").json()
        back = [one[key] for one in last["results"]] + back
    assert back == found and len(set(found)) == len(found)
    return found


def test_worked_out_lists_have_pages(boss):
    for domain in ("a.lumiere.example", "b.lumiere.example", "c.lumiere.example"):
        assert boss.send("own-domains", {"domain": domain}).status_code == 201
    assert pages(boss, "own-domains", "domain") == ["a.lumiere.example", "b.lumiere.example", "c.lumiere.example"]
    boss.send("integrations/secrets", {"service": "user-service"})
    boss.send("integrations/secrets", {"service": "payment-service"})
    assert pages(boss, "integrations/secrets", "service") == ["payment-service", "user-service"]
    foreign = boss.get_("integrations/secrets?limit=1").json()["next"]
    for cursor in (foreign, "nonsense", "~", "~nonsense"):
        assert boss.get_(f"own-domains?cursor={cursor}").status_code == 422, cursor


def test_a_row_that_is_gone_is_no_obstacle(boss):
    made = [boss.send("own-domains", {"domain": f"{one}.lumiere.example"}) for one in "abc"]
    first = boss.get_("own-domains?limit=1").json()
    assert boss.delete_(at(made[0])).status_code == 204
    behind = boss.get_(f"own-domains?limit=1&cursor={first['next']}").json()
    assert [one["domain"] for one in behind["results"]] == ["b.lumiere.example"]


def test_support_accesses_have_pages(lumiere, desk, console):
    asked_for = {"org_id": str(lumiere.pk), "level": "read", "minutes": 60, "reason": "The run does not end"}
    made = []
    for _number in range(3):
        made.append(console.send("support-grants", asked_for).json()["id"])
        assert console.delete_(f"support-grants/{made[-1]}").status_code == 204
    assert pages(desk, "support-grants", "id") == made[::-1] == pages(console, "support-grants", "id")
