"""What the user service tells about people (webhooks/user-service), as acts of the same life cycle as SCIM.

People are known by their `external_id`. A new one is a pending account without a password; who may sign in, and what
they may do, is never decided by an event. What happened earlier than what is known already has no effect.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from apps.accounts.models import User
from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.integrations.contract import Content, Event, Kind, Outcome, Service, TooEarly, done, hopeless, nothing

from ..models import ProvisionedPerson
from . import provisioning
from .provisioning import Said

Number = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Address = Annotated[str, StringConstraints(min_length=3, max_length=254, strip_whitespace=True, to_lower=True)]
ShortName = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)]


class PersonCreated(Content):
    """`external_id` is the sender's own key for the person and never changes."""

    external_id: Number
    email: Address
    given_name: ShortName = ""
    family_name: ShortName = ""
    department: Words = ""
    job_title: Words = ""


class PersonUpdated(Content):
    """Only what changed; a field that is not sent stays as it is."""

    external_id: Number
    email: Address | None = None
    given_name: ShortName | None = None
    family_name: ShortName | None = None
    department: Words | None = None
    job_title: Words | None = None


class PersonNamed(Content):
    external_id: Number
    reason: Annotated[str, Field(max_length=300)] = ""


class NotHereYet(TooEarly):
    """The event that creates the person may still be on its way."""

    code = "person-unknown"

    def __init__(self) -> None:
        super().__init__(_("Nobody here has this external_id yet."))


def apply(events: Sequence[Event], *, now: datetime) -> Mapping[int, Outcome]:
    """Each event by itself: one that a rule of the school refuses is given up and stands for somebody to look at."""
    return {event.id: _apply_one(event, now) for event in events}


def _apply_one(event: Event, now: datetime) -> Outcome:
    try:
        with transaction.atomic():
            return ACTS[event.kind](event, now)
    except NotHereYet:
        raise
    except DomainError as refused:
        return hopeless(refused.code, str(refused))


def _created(event: Event, now: datetime) -> Outcome:
    sent: PersonCreated = event.content
    if User.objects.filter(external_id=sent.external_id).exists():
        return _changed(event, now)
    said = Said(
        user_name=sent.email, number=sent.external_id, given_name=sent.given_name, family_name=sent.family_name,
        department=sent.department, job_title=sent.job_title,
    )  # fmt: skip
    user = provisioning.create_person(actor=_sender(event), said=said, now=now)
    _note(user, event)
    return done("person-created", user.name)


def _changed(event: Event, now: datetime) -> Outcome:
    sent = event.content.model_dump(exclude_unset=True, exclude={"external_id", "email"})
    email = event.content.email
    return _edit(event, now, lambda said: replace(said, **sent, **_addressed(said, email)), "person-updated")


def _addressed(said: Said, email: str | None) -> dict[str, Any]:
    return {} if email is None else {"user_name": email, "emails": None}


def _suspended(event: Event, now: datetime) -> Outcome:
    return _edit(event, now, lambda said: replace(said, active=False), "person-suspended")


def _reactivated(event: Event, now: datetime) -> Outcome:
    return _edit(event, now, lambda said: replace(said, active=True), "person-reactivated")


def _edit(event: Event, now: datetime, change: Callable[[Said], Said], code: str) -> Outcome:
    user = _person(event)
    known = ProvisionedPerson.objects.filter(user=user).first()
    if known and known.said_at and event.occurred_at < known.said_at:
        return nothing("older-than-known", user.name)
    before = _facts(user)
    user = provisioning.change_person(
        actor=_sender(event), user_id=user.pk, edit=lambda user: change(_said_now(user)), now=now
    )
    _note(user, event)
    if ProvisionedPerson.objects.filter(user=user, pending=ProvisionedPerson.Pending.SUSPEND).exists():
        return done("held-for-decision", user.name)
    user.refresh_from_db()
    return done(code, user.name) if _facts(user) != before else nothing("nothing-to-change", user.name)


def _departed(event: Event, now: datetime) -> Outcome:
    user = User.objects.filter(external_id=event.content.external_id).first()
    if user is None:
        raise NotHereYet
    if user.status == User.Status.DEPARTED:
        return nothing("nothing-to-change", user.name)
    known = ProvisionedPerson.objects.filter(user=user).first()
    if known and known.said_at and event.occurred_at < known.said_at:
        return nothing("older-than-known", user.name)
    at_once = provisioning.remove_person(actor=_sender(event), user_id=user.pk, now=now)
    _note(user, event)
    return done("person-departed" if at_once else "held-for-decision", user.name)


def _person(event: Event) -> User:
    user = User.objects.filter(external_id=event.content.external_id).first()
    if user is None:
        raise NotHereYet
    return user


def _said_now(user: User) -> Said:
    """What the sender has said so far, as far as it is known: its next word is added to this."""
    known = ProvisionedPerson.objects.filter(user=user).first()
    pending = known is not None and known.pending == ProvisionedPerson.Pending.SUSPEND
    return Said(
        user_name=known.user_name if known else user.email,
        external_id=known.external_id if known else "",
        display_name=known.display_name if known else "",
        name=known.said_name or {} if known else {},
        given_name=user.given_name,
        family_name=user.family_name,
        job_title=user.job_title,
        department=user.department,
        number=user.external_id or "",
        emails=tuple(known.emails) if known and known.emails else None,
        active=provisioning.is_active(user) and not pending,
    )


def _facts(user: User) -> tuple[str, ...]:
    return (user.email, user.given_name, user.family_name, user.department, user.job_title, user.status)


def _note(user: User, event: Event) -> None:
    ProvisionedPerson.objects.filter(user=user).update(said_at=event.occurred_at)


def _sender(event: Event) -> Actor:
    return Actor.system(event.service, surface="webhook", request_id=event.request_id)


def _lane(content: Any) -> str:
    return f"person:{content.external_id}"


def _about(content: Any) -> str:
    return getattr(content, "email", None) or ""


ACTS: Mapping[str, Callable[[Event, datetime], Outcome]] = {
    "user.created": _created,
    "user.updated": _changed,
    "user.suspended": _suspended,
    "user.reactivated": _reactivated,
    "user.departed": _departed,
}
CONTENTS: Mapping[str, type[Content]] = {"user.created": PersonCreated, "user.updated": PersonUpdated}
USER_SERVICE = Service(
    "user-service",
    _("People (user service)"),
    {name: Kind(CONTENTS.get(name, PersonNamed), apply=apply, lane=_lane, about=_about) for name in ACTS},
)
