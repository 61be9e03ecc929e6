"""Who handles an event here: in a school its own handler; on the platform what looks for a provider's school."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from ..contract import SERVICES, Event, Kind, Outcome, kind_of, nothing
from ..permissions import on_platform
from . import routing


class Whole(BaseModel):
    """Whatever a provider sent."""

    model_config = ConfigDict(extra="allow")


def _leave(events: Sequence[Event], *, now: datetime) -> Mapping[int, Outcome]:
    return {event.id: nothing("not-handled") for event in events}


TO_ITS_SCHOOL: Final = Kind(Whole, apply=routing.apply, part="")
LEFT: Final = Kind(Whole, apply=_leave, part="")


def kind_here(service: str, name: str) -> Kind | None:
    """What providers tell and nothing here handles yet is kept, and no fault."""
    known = SERVICES.get(service)
    if known is None or not known.is_provider:
        return kind_of(service, name)
    if on_platform():
        return TO_ITS_SCHOOL
    return kind_of(service, name) or LEFT


def asked(event: Event, kind: Kind) -> tuple[Event, Outcome | None]:
    """The event with what its provider answers about it; or what becomes of it without its handler."""
    if kind.read is None:
        return event, None
    answer = kind.read(event)
    return (event, answer) if isinstance(answer, Outcome) else (replace(event, answer=answer), None)
