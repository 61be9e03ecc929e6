"""Signs of life."""

from datetime import datetime

from django.core.cache import caches

from .status import HEARTBEAT

REMEMBERED_FOR = 24 * 3600  # seconds


def note_heartbeat(*, now: datetime) -> None:
    """A worker took a job that the clock had sent: both are alive."""
    caches["platform"].set(HEARTBEAT, now, REMEMBERED_FOR)
