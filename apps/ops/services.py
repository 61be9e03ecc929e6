"""Signs of life."""

from datetime import datetime

from django.core.cache import caches
from django.utils import timezone

from .status import CALLS, HEARTBEAT

REMEMBERED_FOR = 24 * 3600  # seconds


def note_heartbeat(*, now: datetime) -> None:
    """A worker took a job that the clock had sent: both are alive."""
    caches["platform"].set(HEARTBEAT, now, REMEMBERED_FOR)


def note_call(*, provider: str, well: bool, **_more: object) -> None:
    """A receiver of `call_ended`: when a provider last answered, and when it last did not."""
    kind = "good" if well else "bad"
    caches["platform"].set(CALLS.format(provider=provider, kind=kind), timezone.now(), REMEMBERED_FOR)
