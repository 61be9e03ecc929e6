"""How runs begin that nobody started by hand: from the schedule, and from what Microsoft announces."""

from datetime import datetime, timedelta

from apps.core.actor import Actor
from apps.core.plan import State

from ..models import DirectoryRun
from . import requests

# Everything once a week, whatever deltas told: their links live seven days, and nothing else finds what they left out.
# An hour less than a week, so that a weekly full run does not wander to the next slot of the schedule.
EVERYTHING_AFTER = timedelta(days=7, hours=-1)
READ_TO_THE_END = (State.DONE.value, State.HELD.value, State.REFUSED.value)


def start(*, actor: Actor, now: datetime, trigger: str, delta: bool = False) -> DirectoryRun:
    """Queue a run; while one is moving, that one is returned. `delta`: only what changed is asked for, within a week
    of the last reading of everything.

    Raises RunRefused when the school has nothing to read.
    """
    return requests.request_run(actor=actor, now=now, trigger=trigger, delta=delta and _everything_was_read(now))


def _everything_was_read(now: datetime) -> bool:
    """Whether a full run came to its end within the week."""
    full = DirectoryRun.objects.filter(kind=DirectoryRun.Kind.FULL, state__in=READ_TO_THE_END)
    return full.filter(created_at__gt=now - EVERYTHING_AFTER).exists()
