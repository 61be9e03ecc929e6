"""How runs begin that nobody started by hand: from the schedule, and from what Microsoft announces."""

from datetime import datetime

from apps.core.actor import Actor

from ..models import DirectoryRun
from . import requests


def start(*, actor: Actor, now: datetime, trigger: str, delta: bool = False) -> DirectoryRun:
    """Queue a run; while one is moving, that one is returned. `delta`: only what changed is asked for.

    Raises RunRefused when the school has nothing to read.
    """
    return requests.request_run(actor=actor, now=now, trigger=trigger, delta=delta)
