"""Filters and conflicts are explicit: nobody is left out, or joined to an account, without a reason (DIR-4)."""

from uuid import uuid4

from django.utils import timezone

from apps.accounts import tombstones
from apps.accounts.models import Identity, Tombstone, User
from apps.campuses.models import CampusMembership
from apps.campuses.services import campuses
from apps.core.records import Subject
from tests.directory.world import ADMIN
from tests.people import person


def test_guests_disabled_accounts_and_people_without_address_are_skipped_with_a_reason(world):
    world.standard()
    guest = world.person(givenName="G", surname="Uest", userType="Guest")
    invited = world.person(givenName="E", surname="Xt", userPrincipalName="e_x.com#EXT#@lumiere.example")
    disabled = world.person(givenName="D", surname="Isabled", accountEnabled=False)
    nameless = world.person(givenName="N", surname="Ameless", mail=None, userPrincipalName="no-address")
    world.add(world.g_paris, guest, invited, disabled, nameless)
    run = world.run()
    assert world.reasons(run) == {
        ("added", "listed"): 12, ("skipped", "guest"): 2, ("skipped", "disabled"): 1, ("skipped", "no-address"): 1,
    }  # fmt: skip
    assert User.objects.filter(identities__isnull=False).count() == 12


def test_only_approved_domains_once_there_is_one(world):
    world.standard()
    foreign = world.person(givenName="F", surname="Oreign", mail="f@elsewhere.example")
    world.add(world.g_paris, foreign)
    assert world.reasons(world.run())["added", "listed"] == 13
    campuses.approve_domain(actor=ADMIN, campus_id=world.paris.pk, domain="lumiere.example", now=timezone.now())
    run = world.run()
    assert world.reasons(run) == {("deactivated", "domain"): 1}
    assert not world.user(foreign).is_active


def test_a_local_account_with_the_same_address_is_never_taken_over(world):
    local = person("camille@lumiere.example")
    twin = world.person(givenName="Camille", surname="Twin", mail="Camille@lumiere.example")
    world.standard()
    world.add(world.g_paris, twin)
    run = world.run()
    assert world.reasons(run)["conflict", "local-account"] == 1
    assert not Identity.objects.filter(object_id=twin).exists()
    local.refresh_from_db()
    assert local.has_usable_password() and not local.campus_memberships.exists()


def test_another_object_id_with_the_same_address_is_another_person(world):
    """A deleted and re-created account may be a new person with an old address: an administrator decides."""
    world.standard()
    world.run()
    old = world.user(world.students[0])
    world.sim.delete_person(world.tid, world.students[0], forever=True)
    successor = world.person(givenName="New", surname="Holder", mail=old.email)
    world.add(world.g_paris, successor)
    run = world.run()
    assert world.reasons(run) == {("conflict", "other-identity"): 1, ("deactivated", "removed"): 1}
    old.refresh_from_db()
    assert old.status == "departed"
    assert list(old.identities.values_list("object_id", flat=True)) == [world.students[0]]


def test_two_accounts_that_share_an_address_are_both_left_out(world):
    world.standard()
    twins = [world.person(givenName="T", surname=f"Win {n}", mail="shared@lumiere.example") for n in (1, 2)]
    world.add(world.g_paris, *twins)
    run = world.run()
    assert world.reasons(run)["conflict", "shared-address"] == 2
    assert not User.objects.filter(email="shared@lumiere.example").exists()


def test_a_changed_user_name_and_address_follow_the_object_id(world):
    world.standard()
    world.run()
    user = world.user(world.students[0])
    world.change(world.students[0], userPrincipalName="wed@lumiere.example", mail="Wed@lumiere.example")
    run = world.run()
    assert world.reasons(run) == {("updated", "changed"): 1}
    user.refresh_from_db()
    assert user.email == "wed@lumiere.example"
    assert user.identities.get().upn == "wed@lumiere.example"


def test_an_address_that_somebody_here_has_is_not_taken(world):
    world.standard()
    world.run()
    local = person("wanted@lumiere.example")
    user = world.user(world.students[0])
    world.change(world.students[0], mail="wanted@lumiere.example", jobTitle="Tutor")
    run = world.run()
    assert world.reasons(run) == {("updated", "changed"): 1, ("conflict", "address-taken"): 1}
    before, _same = user.email, user.refresh_from_db()
    assert user.email == before and user.job_title == "Tutor"
    local.refresh_from_db()
    assert local.email == "wanted@lumiere.example"
    assert world.reasons(world.run()) == {("conflict", "address-taken"): 1}, "said every time, done never"


def test_manual_invited_and_imported_memberships_are_not_touched(world):
    from apps.campuses.services import memberships

    world.standard()
    world.run()
    local = person()
    mine = memberships.add_member(
        actor=ADMIN, user_id=local.pk, campus_id=world.paris.pk, role="staff", now=timezone.now()
    )
    invited = memberships.add_member(
        actor=ADMIN, user_id=person().pk, campus_id=world.paris.pk, now=timezone.now(), source="invitation",
        cause="invited",
    )  # fmt: skip
    run = world.run()
    assert run.counts == {}
    assert set(CampusMembership.objects.filter(pk__in=[mine.pk, invited.pk]).values_list("state", "role")) == {
        ("active", "staff"), ("active", "member"),
    }  # fmt: skip


def test_who_was_erased_is_passed_over_without_a_word(world):
    """By the object id of this organisation; a line of the plan would keep the name (IDN-12). The others come."""
    world.standard()
    gone = Subject(uuid4(), "", "", ((world.tid.upper(), world.students[0].upper()),))
    Tombstone.objects.create(user_id=gone.user_id, hashes=tombstones.hashes_of(gone), erased_at=timezone.now())
    run = world.run()
    assert run.state == "done"
    assert world.places() == {place for place in world.model() if place[0] != world.students[0]}
    assert not world.changes(run, object_id=world.students[0])
    Tombstone.objects.all().delete()
    assert world.run().counts["added"] == 1 and world.places() == world.model()
