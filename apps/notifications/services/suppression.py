"""Addresses that mail comes back from: writing there again only harms the sender's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .. import acts
from ..models import SuppressedAddress
from ..permissions import to_manage

BY_ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Bounce:
    address: str
    reason: str
    log_id: UUID
    at: datetime


def suppress(bounces: Iterable[Bounce]) -> None:
    """From now on nothing goes to these addresses. One that is suppressed already stays as it is."""
    SuppressedAddress.objects.bulk_create(
        [
            SuppressedAddress(address=one.address.lower(), reason=one.reason[:300], log_id=one.log_id, at=one.at)
            for one in bounces
        ],
        ignore_conflicts=True,
    )


def is_suppressed(address: str) -> bool:
    return SuppressedAddress.objects.filter(address=address.lower(), lifted_at=None).exists()


@transaction.atomic
def lift(*, actor: Actor, address_id: UUID, now: datetime) -> SuppressedAddress:
    """Mail may go there again, until it comes back again. Safe to repeat. Raises Forbidden, NotVisible."""
    to_manage().require(actor)
    found = SuppressedAddress.objects.select_for_update().filter(pk=address_id).first()
    if found is None:
        raise NotVisible
    if found.lifted_at is None:
        found.lifted_at = now
        found.save(update_fields=["lifted_at"])
        record(actor=actor, act=acts.ADDRESS_LIFTED, target=found, target_label=masked(found.address), at=now)
    return found


def masked(address: str) -> str:
    """For the audit trail, which outlives people: enough to recognise, too little to write to."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"
