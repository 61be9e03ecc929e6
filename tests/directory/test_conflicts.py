"""Which account keeps the address is decided by an administrator, once, on a page (DIR-4)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Identity, Session, User
from apps.accounts.services.roles import NotYours
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.directory.selectors import open_conflicts
from apps.directory.services import conflicts
from tests.conftest import client_for
from tests.directory.world import ADMIN
from tests.people import acting, admin, auditor, owner, person


@pytest.fixture
def settled(world):
    world.standard()
    world.run()
    return world


def decide(object_id, choice, actor=ADMIN, **options):
    return conflicts.decide_conflict(
        actor=actor, object_id=object_id, choice=choice, now=timezone.now(), **options
    )  # fmt: skip


def waiting():
    return {(one.object_id, one.reason) for one in open_conflicts(actor=ADMIN)}


@pytest.fixture
def twin(settled):
    """A Microsoft account with the address of somebody who signs in with a password."""
    settled.local = person("camille@lumiere.example", given_name="Camille", family_name="Ici")
    settled.twin = settled.person(givenName="Camille", surname="Là", mail="camille@lumiere.example")
    settled.add(settled.g_paris, settled.twin)
    settled.run()
    assert waiting() == {(settled.twin, "local-account")}
    return settled


def test_the_same_person_gets_the_microsoft_account(twin, client):
    client.force_login(twin.local)
    decide(twin.twin, "same")
    assert waiting() == set()
    assert not Session.objects.filter(user=twin.local, ended_at=None).exists(), (
        "whoever was signed in proves who they are again"
    )
    assert twin.run().counts == {"added": 1, "updated": 1}
    assert twin.user(twin.twin) == twin.local
    assert twin.places() == twin.model()


def test_two_people_and_one_of_them_gets_another_address(twin):
    with pytest.raises(Invalid):
        decide(twin.twin, "address", email="no address")
    with pytest.raises(Invalid):
        decide(twin.twin, "address", email=twin.user(twin.students[0]).email)
    decide(twin.twin, "address", email="Camille.Ici@lumiere.example")
    twin.local.refresh_from_db()
    assert twin.local.email == "camille.ici@lumiere.example"
    assert twin.run().counts == {"added": 1}
    assert twin.user(twin.twin).email == "camille@lumiere.example"


def test_left_out_for_good_until_asked_again(twin):
    decision = decide(twin.twin, "leave")
    assert decide(twin.twin, "leave") == decision
    for _twice in range(2):
        twin.run()
        assert waiting() == set()
    conflicts.reopen_conflict(actor=ADMIN, decision_id=decision.pk, now=timezone.now())
    assert waiting() == {(twin.twin, "local-account")}


def test_a_new_microsoft_account_of_the_same_person(settled):
    old = settled.user(settled.students[0])
    settled.sim.delete_person(settled.tid, settled.students[0], forever=True)
    again = settled.person(givenName="New", surname="Account", mail=old.email)
    settled.add(settled.g_paris, again)
    run = settled.run()
    assert ("conflict", "other-identity") in settled.reasons(run)
    decide(again, "same")
    run = settled.run()
    assert settled.user(again) == old and not Identity.objects.filter(object_id=settled.students[0]).exists()
    assert settled.places() == settled.model()
    old.refresh_from_db()
    assert old.status == "active"


def test_of_several_accounts_with_one_address_one_keeps_it(settled):
    two = [settled.person(givenName="T", surname=f"Win {n}", mail="shared@lumiere.example") for n in range(2)]
    settled.add(settled.g_paris, *two)
    settled.run()
    assert waiting() == {(one, "shared-address") for one in two}
    decide(two[0], "keeps")
    run = settled.run()
    assert settled.reasons(run) == {("added", "listed"): 1, ("conflict", "shared-address"): 1}
    assert settled.user(two[0]).email == "shared@lumiere.example"
    assert waiting() == {(two[1], "shared-address")}
    with pytest.raises(Invalid):
        decide(two[1], "same")


def test_an_address_that_another_person_here_has(settled):
    holder = person("wanted@lumiere.example")
    settled.change(settled.students[0], mail="wanted@lumiere.example")
    settled.run()
    assert waiting() == {(settled.students[0], "address-taken")}
    decide(settled.students[0], "address", email="other@lumiere.example")
    settled.run()
    assert settled.user(settled.students[0]).email == "wanted@lumiere.example"
    holder.refresh_from_db()
    assert holder.email == "other@lumiere.example" and waiting() == set()


def test_nobody_takes_an_account_over_that_may_more_than_they(settled):
    """An administrator could otherwise sign in as an owner through a Microsoft account of their choice."""
    owner(email="head@lumiere.example")
    theirs = settled.person(givenName="H", surname="Ead", mail="head@lumiere.example")
    settled.add(settled.g_paris, theirs)
    settled.run()
    chief = acting(admin())
    for choice in ("same", "address"):
        with pytest.raises(NotYours):
            decide(theirs, choice, actor=chief, email="free@lumiere.example")
    assert not Identity.objects.filter(object_id=theirs).exists()
    with pytest.raises(Forbidden):
        decide(theirs, "leave", actor=acting(auditor()))
    with pytest.raises(NotVisible):
        decide("00000000-0000-4000-8000-000000000000", "leave")


def test_the_page_shows_both_sides_and_decides(twin):
    client = client_for(twin.school)
    client.force_login(admin())
    page = client.get(reverse("directory:conflicts"))
    assert page.status_code == 200
    assert "Camille Ici" in page.content.decode() and "Camille Là" in page.content.decode()
    address = reverse("directory:conflict_decide", args=[twin.twin])
    wrong = client.post(address, {f"{twin.twin}-choice": "address", f"{twin.twin}-email": "not an address"})
    assert wrong.status_code == 422 and "not an address" in wrong.content.decode(), "what was typed is kept"
    assert client.post(address, {f"{twin.twin}-choice": "keeps"}).status_code == 422
    assert client.post(address, {f"{twin.twin}-choice": "same"}).status_code == 302
    assert User.objects.get(identities__object_id=twin.twin) == twin.local
    event = AuditEvent.objects.get(act="directory.conflict_decided")
    assert event.data["choice"] == "same"
    assert client.post(address, {f"{twin.twin}-choice": "same"}).status_code == 302, "a second click changes nothing"
    reader = client_for(twin.school)
    reader.force_login(auditor())
    assert reader.get(reverse("directory:conflicts")).status_code == 200
    assert reader.post(address, {f"{twin.twin}-choice": "same"}).status_code == 403


def test_who_can_sign_in_as_somebody_is_changed_only_after_a_fresh_proof(twin):
    """An administrator's forgotten browser would otherwise give an account here to a Microsoft account of choice."""
    client = client_for(twin.school)
    client.force_login(admin())
    Session.objects.update(proven_at=timezone.now() - timedelta(hours=1))
    address = reverse("directory:conflict_decide", args=[twin.twin])
    for choice, email in (("same", ""), ("address", "free@lumiere.example")):
        asked = client.post(address, {f"{twin.twin}-choice": choice, f"{twin.twin}-email": email})
        assert asked.status_code == 302 and asked["Location"].startswith("/account/confirm/")
    assert not Identity.objects.filter(object_id=twin.twin).exists()
    twin.local.refresh_from_db()
    assert twin.local.email == "camille@lumiere.example"
    assert client.post(address, {f"{twin.twin}-choice": "leave"})["Location"] == reverse("directory:conflicts")
