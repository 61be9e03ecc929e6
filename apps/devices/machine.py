"""The state machine of a shared device (IDN-10): every state, every event, and nothing else.

`TABLE` is the whole truth. Services move a device only through `next_state`; docs/devices.md shows the drawing that
`drawing` makes of the table, and a test compares the two.
"""

from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError


class State(models.TextChoices):
    WAITING = "waiting", _("Not enrolled")
    PICKER = "picker", _("Free")
    PIN = "pin", _("PIN is being typed")
    DESK = "desk", _("In use")
    SIGNED_OUT = "signed-out", _("Signed out")
    REVOKED = "revoked", _("Revoked")


class Event(StrEnum):
    ENROL = "enrol"  # the one-time code was typed on the tablet
    PICK = "pick"  # somebody chose their profile (also while somebody else is at the desk: switching)
    BACK = "back"  # not me
    WRONG = "wrong"  # a PIN that is not theirs
    RIGHT = "right"  # their PIN
    ACT = "act"  # whatever the person does at the desk
    DONE = "done"  # the person leaves
    IDLE = "idle"  # nothing was done for too long
    GONE = "gone"  # the account was closed, got rights too high for a desk, or the session was ended elsewhere
    SIGN_OUT = "sign out"  # full sign-out: the device's session ends
    LOST = "lost"  # the device's session ended by itself: too old, unused, a copied token
    REOPEN = "reopen"  # somebody proved to the identity provider, just now, who they are
    RENEW = "renew"  # an administrator made a new code
    REVOKE = "revoke"  # an administrator took the device out of use


class NotNow(DomainError):
    """The device is in another state than the page believed: show it anew."""

    code = "device-moved-on"

    def __init__(self) -> None:
        super().__init__(_("This page was out of date. Here is where the device is now."))


def _everywhere(*events: tuple[Event, State]) -> dict[tuple[State, Event], State]:
    return {(state, event): to for state in State if state != State.REVOKED for event, to in events}


def _while_signed_in(*events: tuple[Event, State]) -> dict[tuple[State, Event], State]:
    return {(state, event): to for state in SIGNED_IN for event, to in events}


#: The device holds a session.
SIGNED_IN: Final = (State.PICKER, State.PIN, State.DESK)

TABLE: Final[dict[tuple[State, Event], State]] = {
    (State.WAITING, Event.ENROL): State.PICKER,
    (State.PICKER, Event.PICK): State.PIN,
    (State.PIN, Event.PICK): State.PIN,
    (State.PIN, Event.BACK): State.PICKER,
    (State.PIN, Event.WRONG): State.PIN,
    (State.PIN, Event.RIGHT): State.DESK,
    (State.PIN, Event.IDLE): State.PICKER,
    (State.PIN, Event.GONE): State.PICKER,
    (State.DESK, Event.ACT): State.DESK,
    (State.DESK, Event.PICK): State.PIN,
    (State.DESK, Event.DONE): State.PICKER,
    (State.DESK, Event.IDLE): State.PICKER,
    (State.DESK, Event.GONE): State.PICKER,
    (State.SIGNED_OUT, Event.REOPEN): State.PICKER,
    **_while_signed_in((Event.SIGN_OUT, State.SIGNED_OUT), (Event.LOST, State.SIGNED_OUT)),
    **_everywhere((Event.RENEW, State.WAITING), (Event.REVOKE, State.REVOKED)),
}


def next_state(state: str, event: Event) -> State:
    """Where the device goes. Raises NotNow for an event that the table does not know in this state."""
    try:
        return TABLE[State(state), event]
    except KeyError:
        raise NotNow from None


def drawing() -> str:
    """The table as a Mermaid state diagram, for docs/devices.md."""
    names = {state: state.name.lower() for state in State}
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, event), to in TABLE.items():
        arrows.setdefault((names[state], names[to]), []).append(event.value)
    lines = ["stateDiagram-v2", "    [*] --> waiting"]
    lines += [f"    {start} --> {end}: {', '.join(events)}" for (start, end), events in arrows.items()]
    return "\n".join([*lines, "    revoked --> [*]"])
