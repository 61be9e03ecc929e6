"""Which state of a message follows which, in one place.

We move a message from "queued" (MOVES); reports of others move it further (PROGRESS). Reports come late, twice and in
any order: each only raises a message along PROGRESS, so that all orders end alike. A message we gave up on may have
arrived after all, and one that was delivered may still bounce; nothing leads back. "Suppressed" was never sent, so no
report moves it. Only people send again what failed or was suppressed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from .models import CommunicationLog, MessageQuerySet

State = CommunicationLog.State

PROGRESS: Final = (State.QUEUED, State.SENT, State.FAILED, State.DELIVERED, State.BOUNCED)
REPORTED: Final = frozenset({State.SENT, State.FAILED, State.DELIVERED, State.BOUNCED})
MOVES: Final[Mapping[str, frozenset[State]]] = {
    State.SENT: frozenset({State.QUEUED}),
    State.BOUNCED: frozenset({State.QUEUED}),  # refused at once, for an address that does not exist
    State.FAILED: frozenset({State.QUEUED}),
    State.SUPPRESSED: frozenset({State.QUEUED}),
    State.QUEUED: frozenset({State.FAILED, State.SUPPRESSED}),
}


def move(rows: MessageQuerySet, to: State, at: datetime, **values: Any) -> int:
    """Bring these messages into a state, those that may go there from where they are now; how many did."""
    moment = "again_at" if to == State.QUEUED else f"{to.value}_at"
    return rows.filter(state__in=MOVES[to]).update(state=to, **{moment: at}, **values)
