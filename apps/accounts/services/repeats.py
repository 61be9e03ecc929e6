"""Requests of programs that may be sent twice (Idempotency-Key): the effect and the answer are one transaction.

Of two at once the second waits for the first: it gets the same answer, or takes its place when the first was refused.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid

from ..models import KeptAnswer

KEPT_FOR: Final = timedelta(hours=24)
LONGEST_KEY: Final = 255
HEADERS: Final = ("Content-Type", "ETag", "Location")


class KeyReused(DomainError):
    """The key belongs to another request."""

    code = "idempotency-key-reused"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key was sent with another request. Take a new key for a new request."))


class StillRunning(DomainError):
    """The first request with this key has not ended."""

    code = "still-running"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("The first request with this Idempotency-Key is still running. Send it again in a moment."))


def caller_of(actor: Actor) -> str:
    """Whose keys these are: nobody gets the answer of somebody else, nor their own as somebody else."""
    if actor.credential_id:
        return f"credential:{actor.credential_id}"
    who = f"support:{actor.support_grant_id}" if actor.support_grant_id else f"person:{actor.user_id}"
    return f"{who}:by:{actor.acting_for_id}" if actor.acting_for_id else who


def checked_key(key: str) -> str:
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Invalid(fields={"Idempotency-Key": [_("Send 1 to 255 visible characters.")]})
    return key


def fingerprint_of(request: HttpRequest) -> str:
    said = f"{request.method}\n{request.get_full_path()}\n{request.content_type}\n".encode() + request.body
    return hashlib.sha256(said).hexdigest()


def known(*, actor: Actor, key: str, fingerprint: str, now: datetime) -> KeptAnswer | None:
    """The answer that is kept for this key, if any. Raises Invalid, KeyReused."""
    fresh = KeptAnswer.objects.filter(created_at__gt=now - KEPT_FOR, caller=caller_of(actor), key=checked_key(key))
    kept = fresh.first()
    if kept is not None and kept.fingerprint != fingerprint:
        raise KeyReused
    return kept


def begin(*, actor: Actor, key: str, fingerprint: str, now: datetime) -> tuple[KeptAnswer, bool]:
    """The row of this key and whether it is new. Inside the transaction of the request: others wait for its end.

    Raises KeyReused, StillRunning.
    """
    mine = {"caller": caller_of(actor), "key": checked_key(key)}
    KeptAnswer.objects.filter(**mine, created_at__lte=now - KEPT_FOR).delete()
    user_id = None if actor.support_grant_id else actor.user_id
    try:
        with transaction.atomic():
            kept, is_new = KeptAnswer.objects.get_or_create(
                **mine, defaults={"fingerprint": fingerprint, "created_at": now, "user_id": user_id}
            )
    except OperationalError:  # the first one holds the key for longer than a lock is waited for
        raise StillRunning from None
    if kept.fingerprint != fingerprint:
        raise KeyReused
    return kept, is_new


def keep(kept: KeptAnswer, response: HttpResponse) -> None:
    """What was done is kept with its answer; a refusal did nothing, and the key stays free."""
    if not 200 <= response.status_code < 300:
        kept.delete()
        return
    kept.status = response.status_code
    kept.headers = {name: response[name] for name in HEADERS if name in response}
    kept.body = response.content.decode()
    kept.save(update_fields=["status", "headers", "body"])


def forget(*, actor: Actor, key: str) -> None:
    """What happened after the commit went wrong: the answer that is kept would not be true."""
    KeptAnswer.objects.filter(caller=caller_of(actor), key=key).delete()


def forget_old(now: datetime) -> int:
    """Delete the answers whose time is over; returns how many."""
    return KeptAnswer.objects.filter(created_at__lte=now - KEPT_FOR).delete()[0]
