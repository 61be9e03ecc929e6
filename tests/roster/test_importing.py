"""A list becomes accounts and places; what a list may change and what it may not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts import tombstones
from apps.accounts.models import Grant, Identity, Tombstone, User
from apps.accounts.services import erasure
from apps.audit.models import AuditEvent
from apps.campuses.models import ApprovedDomain, CampusMembership, MembershipEvent
from apps.campuses.services import memberships
from apps.core.records import Subject
from apps.roster.models import FailedRow, ImportFile, RosterChange
from tests.people import acting, admin, owner, person
from tests.roster.conftest import listed, people_now

ADA = "ada@lumiere.example;Ada;Lovelace;S1;LYO;étudiante;B1"
ALAN = "alan@lumiere.example;Alan;Turing;S2;Campus Paris;enseignant;"


def place(email, code="LYO"):
    return CampusMembership.objects.get(user__email=email, campus__code=code)


def reasons(plan):
    return set(RosterChange.objects.filter(run=plan, kind="skipped").values_list("reason", flat=True))


def erased_person(email, number="", **keys):
    """As an erasure leaves it: the fingerprints (tests/rights shows that it does)."""
    hashes = tombstones.hashes_of(Subject(uuid4(), email, "", **keys), number)
    return Tombstone.objects.create(user_id=uuid4(), hashes=hashes, erased_at=timezone.now())


def faults(plan):
    return [(row.row, [(f["field"], f["code"]) for f in row.errors]) for row in FailedRow.objects.filter(plan=plan)]


def test_nothing_happens_before_somebody_confirms(school):
    before = people_now()
    plan = school.preview(listed(ADA, ALAN))
    assert (plan.state, plan.hold_reason) == ("held", "confirm")
    assert plan.rows == {"new": 2, "failed": 0}
    assert people_now() == before
    plan = school.confirm(plan)
    assert plan.state == "done"
    ada = User.objects.get(email="ada@lumiere.example")
    assert (ada.given_name, ada.family_name, ada.external_id, ada.status) == ("Ada", "Lovelace", "S1", "pending")
    assert not ada.has_usable_password()
    assert (place(ada.email).role, place(ada.email).promotion.name) == ("member", "B1")
    assert (place(ada.email).source, place(ada.email).cause) == ("import", "imported")
    assert place("alan@lumiere.example", "PAR").role == "staff"
    assert MembershipEvent.objects.filter(run_id=plan.pk, to_state="active").count() == 2
    assert {"roster.requested", "roster.approved", "roster.ended"} <= set(
        AuditEvent.objects.values_list("act", flat=True)
    )


def test_the_same_list_again_changes_nothing(school):
    school.bring_in(listed(ADA, ALAN))
    before = people_now()
    plan = school.preview(listed(ADA, ALAN))
    assert (plan.state, plan.rows) == ("done", {"unchanged": 2, "failed": 0})
    assert people_now() == before


def test_what_changed_is_changed_and_an_empty_cell_says_nothing(school):
    school.bring_in(listed(ADA))
    plan = school.bring_in(listed("ada@lumiere.example;Augusta Ada;;;LYO;;B2"))
    assert plan.rows == {"changed": 1, "failed": 0}
    ada = User.objects.get(email="ada@lumiere.example")
    assert (ada.given_name, ada.family_name, ada.external_id) == ("Augusta Ada", "Lovelace", "S1")
    assert place(ada.email).promotion.name == "B2"
    kinds = RosterChange.objects.filter(run=plan).values_list("kind", "before", "after")
    assert ("updated", {"given_name": "Ada"}, {"given_name": "Augusta Ada"}) in kinds


def test_people_are_found_by_their_number_when_the_address_changed(school):
    school.bring_in(listed(ADA))
    school.bring_in(listed("ada.king@lumiere.example;Ada;King;S1;LYO;;B1"))
    ada = User.objects.get(external_id="S1")
    assert (ada.email, ada.family_name) == ("ada.king@lumiere.example", "King")


def test_an_address_never_changes_for_who_has_a_role_or_signs_in_with_microsoft(school):
    school.bring_in(listed(ADA, ALAN))
    ada, alan = User.objects.get(external_id="S1"), User.objects.get(external_id="S2")
    Grant.objects.create(user=ada, role="admin", scope_kind="school")
    Identity.objects.create(user=alan, issuer="i", tenant_id="t", object_id="o")
    plan = school.bring_in(listed("evil@lumiere.example;Ada;Lovelace;S1;LYO;;B1", "evil2@lumiere.example;X;Y;S2;PAR;;"))
    assert "address-stays" in reasons(plan)
    ada.refresh_from_db(), alan.refresh_from_db()
    assert (ada.email, alan.email) == ("ada@lumiere.example", "alan@lumiere.example")
    assert alan.given_name == "Alan", "Microsoft answers for the name"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (";Ada;L;;LYO;;", [("email", "missing")]),
        ("not an address;Ada;L;;LYO;;", [("email", "not-an-address")]),
        ("a@elsewhere.example;Ada;L;;LYO;;", [("email", "domain")]),
        ("a@lumiere.example;Ada;L;;Nowhere;;", [("campus", "unknown-campus")]),
        ("a@lumiere.example;Ada;L;;LYO;wizard;", [("role", "unknown-role")]),
        ("a@lumiere.example;Ada;L;;LYO;;B9", [("promotion", "unknown-promotion")]),
        ("a@lumiere.example;Ada;L;;;;B1", [("campus", "no-campus")]),
        (f"a@lumiere.example;{'x' * 101};L;;LYO;;", [("given_name", "too-long")]),
        (
            "x;Ada;L;;Nowhere;wizard;",
            [("email", "not-an-address"), ("campus", "unknown-campus"), ("role", "unknown-role")],
        ),
    ],
)
def test_a_wrong_row_is_refused_with_every_error_and_its_number(school, row, expected):
    ApprovedDomain.objects.create(campus=school.lyon, domain="lumiere.example")
    plan = school.preview(listed(ADA, row))
    assert faults(plan) == [(3, expected)]
    assert plan.rows == {"new": 1, "failed": 1}
    assert school.confirm(plan).state == "done", "the good rows are taken in all the same"
    assert User.objects.filter(external_id="S1").exists()


def test_twins_in_the_list_are_refused_but_a_second_campus_is_not(school):
    plan = school.bring_in(listed(ADA, ADA.replace("LYO", "PAR"), ADA.upper(), "b@lumiere.example;B;B;S1;LYO;;"))
    assert faults(plan) == [(4, [("email", "twice")]), (5, [("external_id", "number-twice")])]
    assert User.objects.filter(email="ada@lumiere.example").count() == 1
    assert {m.campus.code for m in CampusMembership.objects.filter(user__email="ada@lumiere.example")} == {"LYO", "PAR"}


def test_an_address_with_another_number_may_belong_to_somebody_else(school):
    school.bring_in(listed(ADA, ALAN))
    plan = school.preview(listed("ada@lumiere.example;Ada;New;S9;LYO;;", "ada@lumiere.example;Ada;L;S2;PAR;;"))
    assert faults(plan) == [(2, [("external_id", "number-differs")]), (3, [("external_id", "number-taken")])]


@pytest.mark.parametrize(
    ("state", "cause", "pinned", "reason"),
    [
        ("ended", "left", "", "left-by-choice"),
        ("ended", "admin", "", "ended-by-admin"),
        ("ended", "unlisted", "never", "pinned-never"),
        ("suspended", "admin", "", "suspended"),
    ],
)
def test_decisions_of_people_outweigh_a_list(school, state, cause, pinned, reason):
    school.bring_in(listed(ADA))
    CampusMembership.objects.update(state=state, cause=cause, pinned=pinned)
    plan = school.preview(listed(ADA))
    assert (plan.state, reasons(plan), plan.rows["skipped"]) == ("done", {reason}, 1)
    assert place("ada@lumiere.example").state == state


def test_who_a_list_removed_comes_back_with_it_and_the_account_opens(school):
    school.bring_in(listed(ADA))
    CampusMembership.objects.update(state="ended", cause="unlisted")
    User.objects.filter(external_id="S1").update(status="departed")
    school.bring_in(listed(ADA))
    assert place("ada@lumiere.example").state == "active"
    assert User.objects.get(external_id="S1").status == "pending"


def test_a_closed_account_is_not_opened_by_a_list(school):
    school.bring_in(listed(ADA))
    User.objects.filter(external_id="S1").update(status="departed")
    plan = school.preview(listed(ADA))
    assert reasons(plan) == {"departed-by-admin"}


def test_who_was_erased_does_not_come_back_by_a_list(school):
    """By the address or by the number; the preview says so by the row alone, and lifting the tombstone lets them in."""
    stone = erased_person("ada@lumiere.example", number="S1")
    for row in (ADA.upper(), ADA.replace("ada@", "new.address@"), ADA.replace("S1", "")):
        plan = school.preview(listed(ALAN, row), complete=True)
        (told,) = RosterChange.objects.filter(run=plan, reason="erased")
        assert (told.row, told.name, told.email, told.key, told.subject) == (3, "", "", "", "")
        assert plan.rows["skipped"] == 1
        assert (school.confirm(plan) if plan.state == "held" else plan).state == "done"
        assert not User.objects.filter(given_name="Ada").exists() and User.objects.filter(external_id="S2").exists()
    erasure.lift_tombstone(actor=acting(admin()), tombstone_id=stone.pk, now=timezone.now())
    school.bring_in(listed(ADA))
    assert User.objects.filter(external_id="S1").exists()


def test_who_was_erased_between_preview_and_confirmation_is_not_made(school):
    plan = school.preview(listed(ADA, ALAN))
    erased_person("ada@lumiere.example", number="S1")
    plan = school.confirm(plan)
    overtaken = dict(RosterChange.objects.filter(run=plan, overtaken=True).values_list("subject", "reason"))
    assert overtaken == {"person": "erased", "place": "no-account"}
    assert not User.objects.filter(external_id="S1").exists() and User.objects.filter(external_id="S2").exists()


def test_somebody_else_with_the_address_of_who_was_erased_is_served(school):
    """Schools give addresses again: who is here is not taken for who is gone."""
    school.bring_in(listed(ADA))
    erased_person("ada@lumiere.example")
    plan = school.preview(listed(ADA.replace("B1", "B2")))
    assert plan.rows == {"changed": 1, "failed": 0}


def test_roles_given_elsewhere_stay_and_promotions_follow(school):
    user = person(email="grace@lumiere.example")
    memberships.add_member(
        actor=acting(owner()), user_id=user.pk, campus_id=school.lyon.pk, now=timezone.now(), role="staff"
    )
    plan = school.bring_in(listed(f"{user.email};;;;LYO;étudiant;B1"))
    assert "role-stays" in reasons(plan)
    assert (place(user.email).role, place(user.email).promotion.name) == ("staff", "B1")


# --- complete lists ---------------------------------------------------------------------------------------


def many(number):
    return [f"s{n}@lumiere.example;S;N{n};N{n};LYO;;B1" for n in range(number)]


def test_only_a_complete_list_ends_places_and_accounts_follow(school):
    school.bring_in(listed(*many(4), ALAN))
    assert school.preview(listed(*many(3))).rows == {"unchanged": 3, "failed": 0}
    plan = school.bring_in(listed(*many(3)), complete=True)
    assert (place("s3@lumiere.example").state, place("s3@lumiere.example").cause) == ("ended", "unlisted")
    assert User.objects.get(email="s3@lumiere.example").status == "departed"
    assert place("alan@lumiere.example", "PAR").state == "active", "another campus"
    assert plan.affected == 1


def test_too_many_at_once_say_so_and_wait(school):
    school.bring_in(listed(*many(20)))
    plan = school.preview(listed(*many(10)), complete=True)
    assert (plan.state, plan.hold_reason, plan.affected, plan.population) == ("held", "threshold", 10, 20)


def test_nobody_is_removed_when_a_row_could_not_be_read(school):
    school.bring_in(listed(*many(4)))
    plan = school.preview(listed(*many(2), "broken;;;;LYO;;"), complete=True)
    assert plan.state == "done" and "rows-failed" in reasons(plan)
    assert CampusMembership.objects.filter(state="active").count() == 4


def test_role_holders_pinned_and_others_sources_are_not_ended(school):
    school.bring_in(listed(*many(4)))
    Grant.objects.create(user=User.objects.get(email="s3@lumiere.example"), role="auditor", scope_kind="school")
    CampusMembership.objects.filter(user__email="s2@lumiere.example").update(pinned="keep")
    CampusMembership.objects.filter(user__email="s1@lumiere.example").update(source="manual")
    plan = school.bring_in(listed(*many(1)), complete=True)
    states = dict(CampusMembership.objects.values_list("user__email", "state"))
    assert states == {
        "s0@lumiere.example": "active", "s1@lumiere.example": "active", "s2@lumiere.example": "active",
        "s3@lumiere.example": "ended",
    }  # fmt: skip
    assert User.objects.get(email="s3@lumiere.example").status == "pending"
    assert {"pinned-keep", "holds-role"} <= reasons(plan)


# --- undo -------------------------------------------------------------------------------------------------


def test_an_undo_restores_exactly_what_was_there(school):
    school.bring_in(listed(*many(6), ALAN))
    before = people_now()
    plan = school.bring_in(
        listed(*many(4), ALAN.replace("Alan", "A. M.").replace("Paris", "Lyon"), ADA, "z@lumiere.example;Z;Z;;PAR;;B3"),
        complete=True,
    )
    assert people_now() != before
    undo = school.undo(plan)
    assert undo.state == "done"
    assert people_now() == before


def test_an_undo_lists_what_people_changed_since_and_leaves_it(school):
    plan = school.bring_in(listed(ADA, ALAN))
    User.objects.filter(external_id="S1").update(status="active", last_login=timezone.now())
    CampusMembership.objects.filter(user__external_id="S2").update(role="manager", last_run_id=None)
    undo = school.undo(plan)
    kept = dict(RosterChange.objects.filter(run=undo, kind="conflict").values_list("email", "reason"))
    assert kept.get("alan@lumiere.example") == "changed-since"
    overtaken = dict(RosterChange.objects.filter(run=undo, overtaken=True).values_list("email", "reason"))
    assert overtaken["ada@lumiere.example"] == "used-since"
    assert User.objects.filter(external_id__in=["S1", "S2"]).count() == 2
    assert place("alan@lumiere.example", "PAR").role == "manager"


def test_a_cancelled_preview_leaves_nothing_behind_and_files_are_forgotten(school):
    plan = school.preview(listed(ADA))
    school_file = plan.file
    assert ImportFile.objects.get(pk=school_file.pk).content
    from apps.roster.services import plans

    plans.desk_of(plan).refuse(actor=school.boss, run_id=plan.pk, now=timezone.now())
    plans.sweep(now=timezone.now() + timedelta(days=2))
    assert not ImportFile.objects.get(pk=school_file.pk).content
    done = school.bring_in(listed(ADA))
    assert not ImportFile.objects.get(pk=done.file_id).content, "nothing needs the file any more"
