"""What a service may tell us, declared by the app that acts on it, in its AppConfig.ready.

    register(Service("user-service", _("People"), kinds={
        "user.created": Kind(PersonSaid, apply=people.apply, lane=..., about=...),
    }))

`apply` receives events in the order of arrival, of all kinds that share it, in the transaction that marks them, and
answers an Outcome for each. It never commits, never waits for the network, and may be called again for the same event
(after a crash, or when another event of its batch failed). An exception means: try again later.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from apps.core.errors import DomainError


class Content(BaseModel):
    """Base of what events carry: exactly the fields that are declared, of exactly their types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_max_length=2000)


@dataclass(frozen=True, slots=True)
class Event:
    """An accepted event for its handler. `attempt` counts from 1."""

    id: int
    service: str
    event_id: str
    kind: str
    content: Any
    occurred_at: datetime
    received_at: datetime
    attempt: int
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event: `code` names the effect for people and machines."""

    state: str
    code: str
    detail: str = ""


def done(code: str, detail: str = "") -> Outcome:
    """It had its effect."""
    return Outcome("processed", code, detail)


def nothing(code: str, detail: str = "") -> Outcome:
    """It is understood and changes nothing: older than what is known, or true already."""
    return Outcome("ignored", code, detail)


def hopeless(code: str, detail: str = "") -> Outcome:
    """No later attempt can help: somebody has to look. Nothing of it was applied."""
    return Outcome("dead", code, detail)


class TooEarly(DomainError):
    """What the event builds on has not come yet. It is tried again, and leaves its lane meanwhile: what it waits for
    may stand behind it."""

    code = "too-early"


class Apply(Protocol):
    def __call__(self, events: Sequence[Event], *, now: datetime) -> Mapping[int, Outcome]: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: the shape of its content, what happens, what must stay in order, whom it is about."""

    content: type[Content]
    apply: Apply
    lane: Callable[[Any], str] = lambda content: ""
    about: Callable[[Any], str] = lambda content: ""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that sends webhooks. `label` names it for people.

    `has_secrets`: it signs with secrets that are made here. Providers prove themselves in ways of their own.
    """

    name: str
    label: object
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    has_secrets: bool = True


SERVICES: dict[str, Service] = {}


def register(service: Service) -> None:
    """Registering the same service again replaces it (apps may be made ready more than once)."""
    SERVICES[service.name] = service


def kind_of(service: str, kind: str) -> Kind | None:
    known = SERVICES.get(service)
    return known.kinds.get(kind) if known else None
