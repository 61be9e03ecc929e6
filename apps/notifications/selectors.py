"""Reads of the messages of the active school."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.core import keyset
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .models import CommunicationLog, MessageQuerySet, SuppressedAddress
from .permissions import to_view

PAGE_SIZE = 30
MOST_COUNTED = 100
NEWEST = ("-created_at", "-id")
UNREAD_FIRST = ("-unread", *NEWEST)


def figures(**_news: object) -> dict[str, int]:
    """For the platform's list of schools: messages that were given up in the last seven days."""
    lately = timezone.now() - timedelta(days=7)
    failed = CommunicationLog.objects.filter(state=CommunicationLog.State.FAILED, created_at__gt=lately)
    return {"failing": failed.count()}


# --- the bell ----------------------------------------------------------------------------------------------


def unread(*, actor: Actor) -> int | None:
    """How many notices a person has not read, up to MOST_COUNTED; None for who has no bell of their own here."""
    if actor.user_id is None or actor.acting_for:
        return None
    return CommunicationLog.objects.filter(user_id=actor.user_id, unread=True)[:MOST_COUNTED].count()


def own_notices(*, actor: Actor) -> MessageQuerySet:
    """What was sent to this person themselves."""
    return CommunicationLog.objects.notices(actor.user_id)


def notices(*, actor: Actor, after: str = "", before: str = "") -> keyset.Slice:
    """One's own, unread first, then the newest."""
    mine = own_notices(actor=actor)
    return keyset.take(mine, order=UNREAD_FIRST, size=PAGE_SIZE, after=after, before=before)


# --- the log -----------------------------------------------------------------------------------------------


def messages(*, actor: Actor, wanted: Mapping[str, Any]) -> MessageQuerySet:
    """Every message of the school, narrowed: state, kind, way, person (an address or a part of it, or an id)."""
    if not to_view().allows(actor):
        return CommunicationLog.objects.none()
    found = CommunicationLog.objects.order_by(*NEWEST).defer("text", "html")
    for name, column in {"state": "state", "kind": "template", "way": "channel"}.items():
        if wanted.get(name):
            found = found.filter(**{column: wanted[name]})
    if words := wanted.get("q"):
        found = found.filter(_about(words))
    return found


def _about(words: str) -> Q:
    """A whole address is looked up, an id too; anything else is searched for in addresses and subjects."""
    try:
        return Q(user_id=UUID(words))
    except ValueError:
        pass
    return (
        Q(to__iexact=words) if "@" in words and "." in words else Q(to__icontains=words) | Q(subject__icontains=words)
    )


def message_page(*, actor: Actor, wanted: Mapping[str, Any], after: str = "", before: str = "") -> keyset.Slice:
    return keyset.take(messages(actor=actor, wanted=wanted), order=NEWEST, size=PAGE_SIZE, after=after, before=before)


def message(*, actor: Actor, log_id: UUID) -> CommunicationLog:
    """Raises NotVisible."""
    found = CommunicationLog.objects.filter(pk=log_id).first() if to_view().allows(actor) else None
    if found is None:
        raise NotVisible
    return found


def suppressed_addresses(*, actor: Actor) -> QuerySet[SuppressedAddress]:
    """The addresses that nothing goes to now."""
    found = SuppressedAddress.objects.filter(lifted_at=None)
    return found if to_view().allows(actor) else found.none()


def suppressed(*, actor: Actor, log: CommunicationLog | None = None) -> list[SuppressedAddress]:
    """The latest of them; or that of one message's address."""
    found = suppressed_addresses(actor=actor)
    return list(found.filter(address=log.to.lower()) if log else found[:200])


def name_people(logs: Iterable[CommunicationLog]) -> None:
    """Give each log `person_name`: of those written to who are still here, for only they have a page; else ""."""
    logs = list(logs)
    ids = [log.user_id for log in logs if log.user_id]
    people = {user.pk: user.name for user in get_user_model().objects.filter(pk__in=ids)} if ids else {}
    for log in logs:
        log.person_name = people.get(log.user_id, "") if log.user_id else ""
