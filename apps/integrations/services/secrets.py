"""The secrets with which services sign. A new one goes beside the old one, until the old one ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible

from .. import acts
from ..contract import SERVICES
from ..models import WebhookSecret
from ..permissions import keeping_secrets
from ..signatures import PREFIX, new_secret

MOST_LIVE: Final = 2
OVERLAP: Final = timedelta(hours=24)  # for how long the old secret is still good after a rotation
LIVE: Final = """
select * from integrations_webhooksecret
 where service = %s and (ends_at is null or ends_at > %s) order by service, created_at desc
"""
SEEN_EVERY: Final = timedelta(minutes=1)


class TwoAlready(DomainError):
    """A third live secret would only hide which one is used."""

    code = "two-secrets-already"

    def __init__(self) -> None:
        super().__init__(_("Two secrets are good at the moment. End one of them first."))


@dataclass(frozen=True, slots=True)
class Created:
    """A new secret in words, which are shown once."""

    row: WebhookSecret
    secret: str


@transaction.atomic
def create_secret(*, actor: Actor, service: str, now: datetime) -> Created:
    """A secret for a service; the one before stays good for a day.

    Raises Forbidden, StepUpRequired, NotVisible, TwoAlready.
    """
    keeping_secrets().require(actor)
    if service not in SERVICES or not SERVICES[service].has_secrets:
        raise NotVisible
    live = list(_live(service, now).select_for_update())
    if len(live) >= MOST_LIVE:
        raise TwoAlready
    for old in live:
        old.ends_at = min(old.ends_at, now + OVERLAP) if old.ends_at else now + OVERLAP
        old.save(update_fields=["ends_at"])
    secret = new_secret()
    row = WebhookSecret(service=service, hint=secret[len(PREFIX) :][:6], created_by=actor.label[:200])
    row.secret = secret
    row.save(force_insert=True)
    record(actor=actor, act=acts.SECRET_CREATED, target=row, data={"service": service, "hint": row.hint}, at=now)
    return Created(row, secret)


@transaction.atomic
def end_secret(*, actor: Actor, secret_id: UUID, now: datetime) -> WebhookSecret:
    """Not good any more from the next request on. Safe to repeat. Raises Forbidden, NotVisible."""
    keeping_secrets().require_held(actor)  # taking away in a hurry must not wait for a proof
    row = WebhookSecret.objects.select_for_update().filter(pk=secret_id).first()
    if row is None:
        raise NotVisible
    if row.is_live(now):
        row.ends_at = now
        row.save(update_fields=["ends_at"])
        record(actor=actor, act=acts.SECRET_ENDED, target=row, data={"service": row.service, "hint": row.hint}, at=now)
    return row


def live_secrets(service: str, now: datetime) -> list[tuple[WebhookSecret, str]]:
    """What may have signed now, newest first. Written out: building this query costs more than answering it."""
    rows = WebhookSecret.objects.raw(LIVE, [service, now])
    return [(row, row.secret) for row in rows]


def note_use(row: WebhookSecret, now: datetime) -> None:
    """When it last served, to the minute: most requests write nothing."""
    if row.last_used_at is None or row.last_used_at < now - SEEN_EVERY:
        WebhookSecret.objects.filter(pk=row.pk).update(last_used_at=now)


def _live(service: str, now: datetime) -> QuerySet[WebhookSecret]:
    return WebhookSecret.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), service=service)
