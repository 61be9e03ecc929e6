"""Nobody withdraws, replaces or sends again an invitation that they could not have given."""

import pytest
from django.utils import timezone

from apps.accounts.models import Invitation
from apps.accounts.selectors import actor_for
from apps.accounts.services import invitations
from apps.accounts.services.roles import NotYours
from apps.campuses.models import Campus
from apps.core.actor import SCHOOL, Actor, Held, Role, Scope
from apps.core.errors import NotVisible
from tests.people import admin, owner, person

SYSTEM = Actor.system("tests")


@pytest.fixture
def lyon(lumiere):
    return Scope("campus", Campus.objects.create(name="Lyon", code="LYO").pk)


@pytest.fixture
def paris(lumiere):
    return Scope("campus", Campus.objects.create(name="Paris", code="PAR").pk)


def manager_of(scope) -> Actor:
    return Actor(label="manager", user_id=person().pk, held=(Held(Role.CAMPUS_MANAGER, scope),))


def invited(role=Role.OWNER, scope=SCHOOL) -> Invitation:
    return invitations.invite(actor=SYSTEM, email="new@lumiere.example", role=role, scope=scope, now=timezone.now())


def invite_again(actor, scope):
    invitations.invite(actor=actor, email="NEW@lumiere.example", role=Role.MEMBER, scope=scope, now=timezone.now())


def is_open(invitation) -> bool:
    invitation.refresh_from_db()
    return invitation.revoked_at is None


def test_inviting_the_same_address_does_not_replace_a_higher_invitation(lyon):
    invitation = invited()
    with pytest.raises(NotYours):
        invite_again(manager_of(lyon), lyon)
    assert is_open(invitation)


def test_nor_one_of_another_campus(lyon, paris):
    invitation = invited(Role.MEMBER, paris)
    with pytest.raises(NotYours):
        invite_again(manager_of(lyon), lyon)
    assert is_open(invitation)


@pytest.mark.parametrize("act", [invitations.revoke, invitations.resend])
def test_an_administrator_leaves_the_invitation_of_an_owner_alone(lumiere, act):
    invitation = invited()
    with pytest.raises(NotYours):
        act(actor=actor_for(admin()), invitation_id=invitation.pk, now=timezone.now())
    assert is_open(invitation)


@pytest.mark.parametrize("act", [invitations.revoke, invitations.resend])
def test_one_of_another_campus_is_as_if_it_did_not_exist(lyon, paris, act):
    invitation = invited(Role.MEMBER, paris)
    with pytest.raises(NotVisible):
        act(actor=manager_of(lyon), invitation_id=invitation.pk, now=timezone.now())


def test_control_whose_it_is_replaces_and_withdraws(lyon):
    first = invited(Role.MEMBER, lyon)
    invite_again(manager_of(lyon), lyon)
    assert not is_open(first)
    invitation = Invitation.objects.latest("created_at")
    invitations.revoke(actor=actor_for(owner()), invitation_id=invitation.pk, now=timezone.now())
    assert not is_open(invitation)
