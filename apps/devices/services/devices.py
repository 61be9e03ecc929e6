"""What administrators do with shared devices: create, change, make a code, revoke, unlock (IDN-10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Session
from apps.accounts.selectors import places
from apps.audit.services import record
from apps.core.actor import Actor, Scope
from apps.core.errors import Invalid

from .. import acts, selectors
from ..machine import Event, State, next_state
from ..models import LONGEST_IDLE, SHORTEST_IDLE, Device, GuessCount
from ..permissions import AT_DESKS, DEVICES_MANAGE
from ..places import place_kinds
from . import guesses
from .pins import code_digest, new_code

CODE_LIVES: Final = timedelta(minutes=10)
ENROLMENT: Final = "enrolment"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an administrator says of a device."""

    name: str
    scope: Scope
    spot: str = ""
    idle_seconds: int = 60
    permissions: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises Invalid."""
        faults: dict[str, list[object]] = {}
        if not self.name.strip():
            faults["name"] = [_("Give the device a name.")]
        if self.scope.kind not in place_kinds() or self.scope not in places():
            faults["scope"] = [_("Choose a place from the list.")]
        if not SHORTEST_IDLE <= self.idle_seconds <= LONGEST_IDLE:
            faults["idle_seconds"] = [_("Between 20 and 900 seconds.")]
        if not set(self.permissions) <= set(AT_DESKS):
            faults["permissions"] = [_("Choose from the list.")]
        if faults:
            raise Invalid(fields=faults)

    def values(self) -> dict[str, Any]:
        return {
            "name": self.name.strip()[:80],
            "spot": self.spot.strip()[:120],
            "scope_kind": self.scope.kind,
            "scope_id": self.scope.id,
            "idle_seconds": self.idle_seconds,
            "permissions": sorted(self.permissions),
        }


@transaction.atomic
def create_device(*, actor: Actor, wanted: Wanted, now: datetime) -> Device:
    """A device that waits for its tablet. Raises Forbidden, StepUpRequired, Invalid."""
    DEVICES_MANAGE.require(actor, wanted.scope)
    wanted.check()
    device = Device.objects.create(created_by=actor.label[:200], **wanted.values())
    record(actor=actor, act=acts.DEVICE_CREATED, target=device, data=wanted.values(), at=now)
    return device


@transaction.atomic
def change_device(*, actor: Actor, device_id: UUID, wanted: Wanted, now: datetime) -> Device:
    """Name, spot, place, idle time and what can be done at it. Raises NotVisible, Forbidden, Invalid."""
    device = _managed(actor, device_id)
    DEVICES_MANAGE.require(actor, wanted.scope)
    wanted.check()
    changes = {name: [getattr(device, name), value] for name, value in wanted.values().items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        for name, (_before, value) in changes.items():
            setattr(device, name, value)
        device.save(update_fields=list(changes))
        record(actor=actor, act=acts.DEVICE_CHANGED, target=device, changes=changes, at=now)
    return device


@transaction.atomic
def make_code(*, actor: Actor, device_id: UUID, now: datetime) -> str:
    """A code that enrols one tablet, once, within ten minutes. A tablet that was enrolled before is out at once.

    Raises NotVisible, Forbidden, StepUpRequired, NotNow (revoked).
    """
    device, code = _managed(actor, device_id), new_code()
    device.state = next_state(device.state, Event.RENEW)
    end(device, Session.Ended.ENDED_BY_ADMIN, now)
    device.reopen_hash = ""
    device.code_hash, device.code_expires_at = code_digest(code, ENROLMENT), now + CODE_LIVES
    device.save()
    record(actor=actor, act=acts.DEVICE_CODE_MADE, target=device, at=now)
    return code


@transaction.atomic
def revoke_device(*, actor: Actor, device_id: UUID, reason: str, now: datetime) -> Device:
    """Out of use for good, and whoever is at it signed out, from the next request on. Safe to repeat."""
    device = _managed(actor, device_id)
    if device.state == State.REVOKED:
        return device
    device.state = next_state(device.state, Event.REVOKE)
    end(device, Session.Ended.ENDED_BY_ADMIN, now)
    device.reopen_hash = device.code_hash = ""
    device.save()
    record(actor=actor, act=acts.DEVICE_REVOKED, target=device, reason=reason, at=now)
    return device


@transaction.atomic
def lift(*, actor: Actor, device_id: UUID, now: datetime) -> bool:
    """Let PINs be typed again; says whether anything was counted."""
    device = _managed(actor, device_id)
    lifted = guesses.forget(GuessCount.Kind.DEVICE, device.pk)
    if lifted:
        record(actor=actor, act=acts.PIN_LOCK_LIFTED, target=device, at=now)
    return lifted


def end(device: Device, because: str, now: datetime) -> None:
    """End the sessions of the device and of whoever is at it. The caller saves the device."""
    ids: Iterable[UUID | None] = (device.session_id, device.visit_id)
    Session.objects.filter(pk__in=[pk for pk in ids if pk]).end(because, now)
    device.session = device.visit = device.picked = device.acted_at = None


def _managed(actor: Actor, device_id: UUID) -> Device:
    device = selectors.get_device(actor=actor, device_id=device_id)
    DEVICES_MANAGE.require(actor, device)
    return Device.objects.select_for_update().get(pk=device.pk)
