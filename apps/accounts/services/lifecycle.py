"""The life of an account: suspended, reinstated, departed; and ending its sessions."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor, Role
from apps.core.errors import DomainError, NotVisible
from apps.core.permissions import Permission, require_oneself

from .. import acts, hooks, rights
from ..models import Identity, Invitation, Session, SignInFlow, User
from ..permissions import PEOPLE_SUSPEND, SECOND_FACTOR_RESET, SESSIONS_END
from ..selectors import own_id
from . import families, roles, second_factors

Status = User.Status
CLOSED = (Status.SUSPENDED, Status.DEPARTED)
ONE_BY_ONE = 50  # of more people than this the audit trail has one event with their number


class Yourself(DomainError):
    code = "not-yourself"

    def __init__(self) -> None:
        super().__init__(_("You cannot suspend your own account. Ask another administrator of your school."))


@transaction.atomic
def suspend_users(actor: Actor, user_ids: Iterable[UUID], reason: str, *, now: datetime | None = None) -> int:
    """Suspend people and end their sessions; returns how many changed.

    Raises Forbidden, Yourself, NotYours (somebody with rights the actor lacks), LastOwner.
    """
    people = _locked(actor, user_ids, PEOPLE_SUSPEND)
    if actor.user_id in {user.pk for user in people}:
        raise Yourself
    leaving = [user for user in people if user.status in (Status.ACTIVE, Status.PENDING)]
    return _leave(actor, leaving, Status.SUSPENDED, acts.SUSPENDED, reason, now or timezone.now())


@transaction.atomic
def depart_users(actor: Actor, user_ids: Iterable[UUID], reason: str, *, now: datetime | None = None) -> int:
    """People have left the school: their accounts and sessions end. Raises Forbidden, Yourself, NotYours, LastOwner."""
    people = _locked(actor, user_ids, PEOPLE_SUSPEND)
    if actor.user_id in {user.pk for user in people}:
        raise Yourself
    leaving = [user for user in people if user.status != Status.DEPARTED]
    return _leave(actor, leaving, Status.DEPARTED, acts.DEPARTED, reason, now or timezone.now())


@transaction.atomic
def reinstate_users(actor: Actor, user_ids: Iterable[UUID], reason: str = "", *, now: datetime | None = None) -> int:
    """Let suspended or departed people in again; who never accepted an invitation is pending again."""
    people = [user for user in _locked(actor, user_ids, PEOPLE_SUSPEND) if user.status in CLOSED]
    now = now or timezone.now()
    ids = [user.pk for user in people]
    linked = set(Identity.objects.filter(user__in=ids).values_list("user_id", flat=True))
    usable = [user for user in people if user.has_usable_password() or user.pk in linked]
    unused = [user for user in people if user not in usable]
    _drop_sessions(ids, Session.Ended.LEFT)
    _change(actor, usable, Status.ACTIVE, acts.REINSTATED, reason, now)
    _change(actor, unused, Status.PENDING, acts.REINSTATED, reason, now)
    return len(people)


@transaction.atomic
def end_sessions(actor: Actor, user_ids: Iterable[UUID], reason: str = "") -> int:
    """End every session of these people; returns how many ended. Everybody may end their own."""
    ids = list(user_ids)
    if ids == [actor.user_id]:
        require_oneself(actor)
    else:
        _locked(actor, ids, SESSIONS_END)
    by_person = ids == [actor.user_id]
    ended = _drop_sessions(ids, Session.Ended.ENDED_BY_PERSON if by_person else Session.Ended.ENDED_BY_ADMIN)
    if ended:
        for user in User.objects.filter(pk__in=ids[:ONE_BY_ONE]) if len(ids) <= ONE_BY_ONE else []:
            record(actor=actor, act=acts.SESSIONS_ENDED, target=user, reason=reason)
        if len(ids) > ONE_BY_ONE:
            record(actor=actor, act=acts.SESSIONS_ENDED, reason=reason, data={"people": len(ids), "sessions": ended})
    return ended


@transaction.atomic
def end_session(actor: Actor, session_id: UUID) -> None:
    """End one session: one's own, or anybody's with the permission. One that has ended changes nothing."""
    session = Session.objects.select_related("user").filter(pk=session_id).first()
    if session is None or session.user is None:
        return
    if session.user_id == actor.user_id:
        require_oneself(actor)
    else:
        if not SESSIONS_END.allows(actor, session.user):
            raise NotVisible
        outrank(actor, [session.user])
    by_person = session.user_id == actor.user_id
    because = Session.Ended.ENDED_BY_PERSON if by_person else Session.Ended.ENDED_BY_ADMIN
    if Session.objects.filter(pk=session.pk).end(because, timezone.now()):
        record(actor=actor, act=acts.SESSIONS_ENDED, target=session.user, data={"sessions": 1})


@transaction.atomic
def end_own_sessions(actor: Actor, *, keep: UUID, now: datetime) -> int:
    """End every session of the actor but one; returns how many ended."""
    user_id = own_id(actor)
    ended = families.end_other_sessions(user_id, because=Session.Ended.ENDED_BY_PERSON, now=now, keep=keep)
    if ended:
        record(actor=actor, act=acts.SESSIONS_ENDED, target=User.objects.get(pk=user_id), data={"sessions": ended})
    return ended


@transaction.atomic
def reset_second_factor(actor: Actor, user_id: UUID, reason: str = "", *, now: datetime | None = None) -> bool:
    """Take away every second factor of a person who lost theirs, and end their sessions; whether there was any.

    The person is told by mail. Raises Forbidden, StepUpRequired, NotYours (somebody with rights the actor lacks),
    Yourself: who can confirm it is them changes their own factors on their own page.
    """
    (user,) = _locked(actor, [user_id], SECOND_FACTOR_RESET) or (None,)
    if user is None:
        raise NotVisible
    if actor.user_id == user.pk:
        raise Yourself
    return second_factors.take_away(user, actor=actor, reason=reason, now=now or timezone.now())


def _locked(actor: Actor, user_ids: Iterable[UUID], permission: Permission) -> list[User]:
    """The people, locked in one order, all of whom the actor may do this to."""
    permission.require(actor)
    people = list(User.objects.select_for_update().filter(pk__in=set(user_ids)).order_by("pk"))
    if Role.SYSTEM not in actor.roles:
        for user in people:
            permission.require(actor, user)
        outrank(actor, people)
    return people


def outrank(actor: Actor, people: list[User]) -> None:
    """Raise NotYours when somebody holds a role that the actor could not give: by a grant, or by running a campus."""
    if Role.SYSTEM in actor.roles:
        return
    others = [user.pk for user in people if user.pk != actor.user_id]
    for source in rights.sources(user_ids=others) if others else []:
        held = source.held
        if held.role is not Role.MEMBER and not roles.may_give(actor, held.role, held.scope, held.permissions):
            raise roles.NotYours


def _leave(actor: Actor, people: list[User], status: str, act: str, reason: str, now: datetime) -> int:
    roles.keep_one_owner(without=[user.pk for user in people])
    _change(actor, people, status, act, reason, now)
    ids = [user.pk for user in people]
    _drop_sessions(ids, Session.Ended.LEFT)
    Invitation.objects.filter(user__in=ids, accepted_at=None, revoked_at=None).update(revoked_at=now)
    return len(people)


def _change(actor: Actor, people: list[User], status: str, act: str, reason: str, now: datetime) -> None:
    """Write the status, tell the apps above, and write the audit trail."""
    if not people:
        return
    ids = [user.pk for user in people]
    User.objects.filter(pk__in=ids).update(status=status, departed_at=now if status == Status.DEPARTED else None)
    hooks.status_changed.send(actor=actor, user_ids=ids, status=str(status), now=now)
    if len(people) > ONE_BY_ONE:
        record(actor=actor, act=act, reason=reason, data={"people": len(people)})
        return
    for user in people:
        record(actor=actor, act=act, target=user, changes={"status": [user.status, str(status)]}, reason=reason)


def _drop_sessions(user_ids: list[UUID], because: str) -> int:
    SignInFlow.objects.filter(user__in=user_ids).delete()
    return Session.objects.filter(user__in=user_ids).end(because, timezone.now())
