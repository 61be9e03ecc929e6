"""A tablet becomes a device, is signed out, and is opened again (IDN-10)."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.credentials import digest, new_secret
from apps.accounts.models import Session, User
from apps.accounts.selectors import password_sign_in_allowed
from apps.accounts.services import signing_in
from apps.accounts.services.families import next_generation
from apps.accounts.services.limits import SHORT, Limit, TooManyAttempts
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.core.ratelimit import network

from .. import acts, selectors
from ..machine import SIGNED_IN, Event, State, next_state
from ..models import Device
from .devices import ENROLMENT, end
from .pins import code_digest, plain_code

CODE_ADDRESS: Final = Limit("device-code-address", 20, pauses=SHORT)


class WrongCode(DomainError):
    code = "wrong-code"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            _("This code does not enrol a device: it was mistyped, used already or is older than ten minutes.")
        )


class NotForYou(DomainError):
    code = "not-for-you"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("Your account may not open this device: it is for the people of its place. Ask an administrator.")
        )


class NotThisDevice(DomainError):
    """The browser is no device that was signed out (any more)."""

    code = "not-this-device"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("This tablet cannot be opened again. Ask an administrator for a new enrolment code."))


@dataclass(frozen=True, slots=True)
class Opened:
    """The device's new session, and the marker the browser keeps: which device it is, and that it is a shared one."""

    device: Device
    session: Session
    marker: str


def enrol(*, actor: Actor, code: str, user_agent: str, now: datetime) -> Opened:
    """The tablet on which a code is typed becomes the device. Raises WrongCode or TooManyAttempts."""
    CODE_ADDRESS.spend(network(actor.address or ""))
    given = code_digest(plain_code(code), ENROLMENT)
    with transaction.atomic():
        waiting = Device.objects.select_for_update().filter(code_hash=given, code_expires_at__gt=now)
        device = waiting.first()
        if device is not None:
            device.state = next_state(device.state, Event.ENROL)
            device.code_hash, device.code_expires_at, device.enrolled_at = "", None, now
            opened = _open(device, actor=actor, user_agent=user_agent, now=now)
            record(actor=_by(device, actor), act=acts.DEVICE_ENROLLED, target=device, at=now)
    if device is None:
        record(actor=actor, act=acts.CODE_REFUSED, at=now)
        raise WrongCode
    CODE_ADDRESS.give_back(network(actor.address or ""))
    return opened


def _open(device: Device, *, actor: Actor, user_agent: str, now: datetime) -> Opened:
    """A new session of the device; no person's."""
    secret = new_secret()
    device.session = Session.objects.create(
        kind=Session.Kind.DEVICE,
        address=actor.address or None,
        user_agent=user_agent[:300],
        last_seen_at=now,
        expires_at=now + timedelta(seconds=settings.DEVICE_SESSION_SECONDS),
    )
    device.reopen_hash, device.last_seen_at = digest(secret), now
    device.visit = device.picked = device.acted_at = None
    device.save()
    return Opened(device, device.session, f"{device.pk.hex}.{secret}")


def _by(device: Device, actor: Actor) -> Actor:
    return Actor(label=device.name, address=actor.address, request_id=actor.request_id)


@transaction.atomic
def sign_out(*, actor: Actor, device: Device, now: datetime) -> None:
    """Full sign-out: whoever is at it and the device itself. Next time somebody proves who they are, afresh."""
    device = Device.objects.select_for_update().get(pk=device.pk)
    device.state = next_state(device.state, Event.SIGN_OUT)
    end(device, Session.Ended.SIGNED_OUT, now)
    device.save()
    record(actor=actor, act=acts.DEVICE_SIGNED_OUT, target=device, at=now)


# --- opening it again ----------------------------------------------------------------------------------------


def signed_out_device(marker: str, now: datetime) -> Device | None:
    """The device this browser is, when it is signed out and may be opened again."""
    found = selectors.device_of_marker(marker)
    if found is None:
        return None
    device = Device.objects.select_related("session").filter(pk=found[0]).first()
    if device is None or not device.reopen_hash or not hmac.compare_digest(device.reopen_hash, digest(found[1])):
        return None
    return device if selectors.state_now(device, now) == State.SIGNED_OUT else None


@transaction.atomic
def reopen(*, actor: Actor, marker: str, user: User, user_agent: str, now: datetime) -> Opened:
    """Open the device again, for everybody: `user` has just proved who they are and is not signed in by that.

    Somebody of its place may, and who manages it. Raises NotThisDevice or NotForYou.
    """
    found = signed_out_device(marker, now)
    if found is None:
        raise NotThisDevice
    device = Device.objects.select_for_update().get(pk=found.pk)
    if signed_out_device(marker, now) is None:  # another browser was quicker
        raise NotThisDevice
    if not _may_reopen(device, user, now):
        raise NotForYou
    settle_lost(device, actor, now)
    device.state = next_state(device.state, Event.REOPEN)
    opened = _open(device, actor=actor, user_agent=user_agent, now=now)
    by = Actor(label=user.name, user_id=user.pk, email=user.email, address=actor.address, request_id=actor.request_id)
    record(actor=by, act=acts.DEVICE_REOPENED, target=device, at=now)
    return opened


def _may_reopen(device: Device, user: User, now: datetime) -> bool:
    from apps.accounts.selectors import actor_for

    from ..permissions import DEVICES_MANAGE

    return selectors.may_be_at(device, user, now) or DEVICES_MANAGE.allows(actor_for(user), device)


def settle_lost(device: Device, actor: Actor, now: datetime) -> None:
    """Write down that the session of the device ended by itself, if it did."""
    if device.state in SIGNED_IN and selectors.due(device, now) == Event.LOST:
        device.state = next_state(device.state, Event.LOST)
        end(device, Session.Ended.TOO_OLD, now)
        record(actor=_by(device, actor), act=acts.DEVICE_LOST, target=device, at=now)


def person_by_password(request: HttpRequest, *, email: str, password: str) -> User:
    """Who has just proved by password who they are. Signs nobody in.

    Raises PasswordsOff, WrongCredentials or TooManyAttempts, and writes why.
    """
    if not password_sign_in_allowed(request.school):
        raise signing_in.PasswordsOff
    try:
        signing_in.count_attempt(request, email)
    except TooManyAttempts as stopped:
        signing_in.refused_for_now(request.actor, stopped, email=email)
        raise
    user = authenticate(request, email=email, password=password)
    if not isinstance(user, User):
        signing_in.refused(request.actor, reason="wrong credentials", email=email)
        raise signing_in.WrongCredentials
    signing_in.forgive_attempts(request, email)
    return user


def rotate(session: Session, now: datetime) -> None:
    """New tokens for what follows; older ones no longer reach who is at the desk."""
    session.proven_at = now
    session.save(update_fields=["proven_at"])
    next_generation(session, now)
