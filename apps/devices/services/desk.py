"""What happens at a device: a profile is picked, a PIN typed, somebody is there and leaves (IDN-10)."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from apps.accounts.models import Session, User
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible

from .. import acts, selectors
from ..machine import Event, NotNow, State, next_state
from ..models import Device, GuessCount
from ..selectors import Desk
from . import enrolment, guesses, pins

LONGEST_VISIT: Final = timedelta(seconds=settings.SESSION_COOKIE_AGE)
Ended = Session.Ended
WHY: Final = {
    Event.DONE: Ended.SIGNED_OUT,
    Event.PICK: Ended.REPLACED,
    Event.IDLE: Ended.IDLE,
    Event.GONE: Ended.LEFT,
}


class WrongPin(DomainError):
    """`left` attempts of this profile remain today."""

    code = "wrong-pin"
    status = 422

    def __init__(self, left: int) -> None:
        super().__init__(
            ngettext_lazy(
                "That is not the PIN of this profile. %(left)d attempt is left today.",
                "That is not the PIN of this profile. %(left)d attempts are left today.",
                left,
            )
            % {"left": left}
        )
        self.left = left


class WrongCode(DomainError):
    code = "wrong-code"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("This code is not valid: it was mistyped, used already or is older than a day."))


def _settled(device_id: UUID, now: datetime) -> Device:
    """The device, locked, after everything that happened by itself is written down."""
    device = (
        Device.objects.select_for_update(of=("self",)).select_related("session", "visit", "picked").get(pk=device_id)
    )
    event = selectors.due(device, now)
    if event == Event.LOST:
        enrolment.settle_lost(device, Actor(label=device.name), now)
        device.save()
    elif event is not None:
        _move(device, event, Actor(label=device.name), now)
    return device


def _move(device: Device, event: Event, actor: Actor, now: datetime) -> None:
    """Follow the table, and end the visit of whoever was there when the person changes."""
    was = device.state
    device.state = next_state(device.state, event)
    if event in WHY or event == Event.BACK:
        if was == State.DESK:
            _leave(device, event, actor, now)
        device.visit = device.picked = device.acted_at = None
        if device.session is not None:
            Session.objects.filter(pk=device.session.pk).update(data="")  # nothing of them stays for the next
    device.save()


def _leave(device: Device, event: Event, actor: Actor, now: datetime) -> None:
    if device.visit is not None:
        Session.objects.filter(pk=device.visit.pk).end(WHY[event], now)
    label = device.picked.name if device.picked else ""
    record(
        actor=actor,
        act=acts.DESK_LEFT,
        target=device,
        data={"person": label, "person_id": device.picked_id, "why": event.value},
        at=now,
    )


@transaction.atomic
def pick(*, actor: Actor, desk: Desk, person_id: UUID, now: datetime) -> None:
    """Choose a profile; whoever is at the desk leaves. Raises NotVisible or NotNow."""
    device = _settled(desk.device.pk, now)
    person = selectors.people_of(device, now).filter(pk=person_id).first()
    if person is None or not selectors.may_be_at(device, person, now):
        raise NotVisible
    _move(device, Event.PICK, actor, now)
    device.picked, device.acted_at = person, now
    device.save()


@transaction.atomic
def go_back(*, actor: Actor, desk: Desk, now: datetime) -> None:
    """Not me: back to the profiles. There already, nothing changes."""
    device = _settled(desk.device.pk, now)
    if device.state == State.PIN:
        _move(device, Event.BACK, actor, now)


def enter_pin(*, actor: Actor, desk: Desk, session: Session, pin: str, now: datetime) -> None:
    """The PIN of the profile that was picked. Counted first, hashed afterwards, without holding any lock.

    Raises NotNow, TooManyGuesses or WrongPin, and writes that it was refused.
    """
    device, person = desk.device, desk.person
    if desk.state != State.PIN or person is None:
        raise NotNow
    left = _counted(actor, device, person, now)
    stored = selectors.pin_of(person.pk)
    if not pins.is_right(stored, person.pk, pin):
        _still_there(device, Event.WRONG, now)
        record(actor=actor, act=acts.PIN_REFUSED, target=person, data={"device": device.name, "left": left}, at=now)
        raise WrongPin(left)
    guesses.give_back(device_id=device.pk, person_id=person.pk)
    _enter(actor=actor, device_id=device.pk, person=person, session=session, now=now)


def _counted(actor: Actor, device: Device, person: User, now: datetime) -> int:
    try:
        return guesses.count(device_id=device.pk, person_id=person.pk, now=now)
    except guesses.TooManyGuesses as stopped:
        if stopped.is_first:
            target = person if stopped.whose == GuessCount.Kind.PERSON else device
            record(actor=actor, act=acts.PIN_LOCKED, target=target, data={"until": stopped.until}, at=now)
        raise


@transaction.atomic
def _enter(*, actor: Actor, device_id: UUID, person: User, session: Session, now: datetime) -> None:
    device = _settled(device_id, now)
    if device.picked_id != person.pk or device.session_id != session.pk or selectors.pin_of(person.pk) is None:
        raise NotNow
    device.state = next_state(device.state, Event.RIGHT)
    device.visit = Session.objects.create(
        kind=Session.Kind.DEVICE,
        user=person,
        signed_in_by=Session.Way.PIN,
        address=actor.address or None,
        user_agent=device.name,
        last_seen_at=now,
        expires_at=now + device.idle,
    )
    device.save()
    enrolment.rotate(session, now)
    by = Actor(
        label=person.name, user_id=person.pk, email=person.email, address=actor.address, request_id=actor.request_id
    )
    record(actor=by, act=acts.DESK_ENTERED, target=device, at=now)


def set_pin_with_code(*, actor: Actor, desk: Desk, code: str, pin: str, now: datetime) -> None:
    """Choose a PIN with an administrator's one-time code; it is typed right afterwards to come in.

    Raises NotNow, Invalid, TooManyGuesses, WrongCode, RightsTooHigh.
    """
    device, person = desk.device, desk.person
    if desk.state != State.PIN or person is None:
        raise NotNow
    if faults := pins.faults_of(pin, person):
        raise Invalid(fields={"new": faults})
    left = _counted(actor, device, person, now)
    if not pins.set_with_code(actor=actor, user=person, code=code, pin=pin, now=now):
        record(actor=actor, act=acts.PIN_REFUSED, target=person, data={"device": device.name, "left": left}, at=now)
        _still_there(device, Event.WRONG, now)
        raise WrongCode
    guesses.give_back(device_id=device.pk, person_id=person.pk)
    _still_there(device, Event.WRONG, now)


def _still_there(device: Device, event: Event, now: datetime) -> None:
    """Somebody types: the pad stays, and idleness is counted from now."""
    typing = Device.objects.filter(pk=device.pk, state=State.PIN, picked=device.picked)
    typing.update(state=next_state(State.PIN, event), acted_at=now)


def act(desk: Desk, now: datetime) -> None:
    """The person did something: idleness is counted from now. A visit that is over is not brought back."""
    if desk.visit is not None and next_state(desk.state, Event.ACT) == State.DESK:
        until = min(now + desk.device.idle, desk.visit.created_at + LONGEST_VISIT)
        living = Session.objects.filter(pk=desk.visit.pk, ended_at=None, expires_at__gt=now)
        living.update(expires_at=until, last_seen_at=now)


@transaction.atomic
def done(*, actor: Actor, desk: Desk, now: datetime) -> None:
    """The person leaves; the profiles are shown again. Nobody there: nothing changes."""
    device = _settled(desk.device.pk, now)
    if device.state == State.DESK:
        _move(device, Event.DONE, actor, now)


def seen(desk: Desk, now: datetime) -> None:
    """Remember when the device last asked for anything, at most every ten seconds."""
    last = desk.device.last_seen_at
    if last is None or now - last >= timedelta(seconds=10):
        Device.objects.filter(pk=desk.device.pk).update(last_seen_at=now)
