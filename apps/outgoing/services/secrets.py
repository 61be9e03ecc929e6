"""The secrets with which we sign for an endpoint. While one replaces the other, both sign."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible
from apps.integrations.signatures import PREFIX, new_secret

from .. import acts
from ..models import EndpointSecret, WebhookEndpoint
from ..permissions import WEBHOOKS_MANAGE

MOST_LIVE: Final = 2
OVERLAP: Final = timedelta(hours=24)  # for how long the old secret still signs after a rotation


class TwoAlready(DomainError):
    code = "two-secrets-already"

    def __init__(self) -> None:
        super().__init__(_("Two secrets are good at the moment. End one of them first."))


class LastSecret(DomainError):
    code = "last-secret"

    def __init__(self) -> None:
        super().__init__(_("This is the only secret: without it nothing could be signed. Replace it instead."))


@dataclass(frozen=True, slots=True)
class Made:
    """A new secret in words, which are shown once."""

    row: EndpointSecret
    secret: str


@transaction.atomic
def rotate(*, actor: Actor, endpoint_id: UUID, now: datetime) -> Made:
    """A new secret; the one before signs beside it for a day.

    Raises Forbidden, StepUpRequired, NotVisible, TwoAlready.
    """
    WEBHOOKS_MANAGE.require(actor)
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotVisible
    live = list(_live(now).filter(endpoint=endpoint))
    if len(live) >= MOST_LIVE:
        raise TwoAlready
    for old in live:
        old.ends_at = now + OVERLAP
        old.save(update_fields=["ends_at"])
    made = make(endpoint, actor)
    record(actor=actor, act=acts.SECRET_ROTATED, target=endpoint, data={"hint": made.row.hint}, at=now)
    return made


@transaction.atomic
def end(*, actor: Actor, secret_id: UUID, now: datetime) -> EndpointSecret:
    """It signs nothing any more. Safe to repeat. Raises Forbidden, NotVisible, LastSecret."""
    WEBHOOKS_MANAGE.require_held(actor)  # taking away in a hurry must not wait for a proof
    row = EndpointSecret.objects.select_for_update().select_related("endpoint").filter(pk=secret_id).first()
    if row is None:
        raise NotVisible
    if not row.is_live(now):
        return row
    if _live(now).filter(endpoint=row.endpoint).exclude(pk=row.pk).count() == 0:
        raise LastSecret
    row.ends_at = now
    row.save(update_fields=["ends_at"])
    record(actor=actor, act=acts.SECRET_ENDED, target=row.endpoint, data={"hint": row.hint}, at=now)
    return row


def make(endpoint: WebhookEndpoint, actor: Actor) -> Made:
    secret = new_secret()
    row = EndpointSecret(endpoint=endpoint, hint=secret[len(PREFIX) :][:6], created_by=actor.label[:200])
    row.secret = secret
    row.save(force_insert=True)
    return Made(row, secret)


def signing_keys(endpoint_ids: Collection[UUID], now: datetime) -> dict[UUID, list[str]]:
    """With what to sign now, for each endpoint, newest first."""
    found: dict[UUID, list[str]] = {}
    for row in _live(now).filter(endpoint__in=endpoint_ids).order_by("-created_at"):
        found.setdefault(row.endpoint_id, []).append(row.secret)
    return found


def _live(now: datetime):  # type: ignore[no-untyped-def]
    return EndpointSecret.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now))
