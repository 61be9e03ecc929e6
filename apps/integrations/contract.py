"""What a service may tell us, declared by the app that acts on it, in its AppConfig.ready.

    register(Service("user-service", _("People"), kinds={
        "user.created": Kind(PersonSaid, apply=people.apply, lane=..., about=...),
    }))

`apply` receives events in the order of arrival, of all kinds that share it, in the transaction that marks them, and
answers an Outcome for each. It never commits, never waits for the network, and may be called again for the same event
(after a crash, or when another event of its batch failed). An exception means: try again later.

A kind with `read` is only a hint: what it is about is read at the provider first, outside of every transaction, and
`apply` finds the answer in `Event.answer`. `read` may wait for the network, and may say itself what becomes of the
event by answering an Outcome.
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
    account: str = ""  # at the provider, of events that came to one
    is_live: bool | None = None
    answer: Any = None


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


def quarantined(code: str, detail: str = "") -> Outcome:
    """It fits no school: kept on the platform until somebody decides, and moves nothing."""
    return Outcome("held", code, detail)


class TooEarly(DomainError):
    """What the event builds on has not come yet. It is tried again, and leaves its lane meanwhile: what it waits for
    may stand behind it."""

    code = "too-early"


class Apply(Protocol):
    def __call__(self, events: Sequence[Event], *, now: datetime) -> Mapping[int, Outcome]: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: the shape of its content, what happens, what must stay in order, whom it is about.

    `part` of the body is what `content` describes; "" is all of it. Kinds of providers are given the account
    for their `lane`.
    """

    content: type[BaseModel]
    apply: Apply
    lane: Callable[[Any], str] = lambda content: ""
    about: Callable[[Any], str] = lambda content: ""
    part: str = "data"
    read: Callable[[Event], Any] | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service that sends webhooks. `label` names it for people.

    `has_secrets`: it signs with secrets that are made here. Providers prove themselves in ways of their own.
    `is_provider`: it calls the platform about accounts of all schools, in a protocol of its own (providers/).
    """

    name: str
    label: object
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    has_secrets: bool = True
    is_provider: bool = False


SERVICES: dict[str, Service] = {}


def register(service: Service) -> None:
    """Registering the same service again replaces it (apps may be made ready more than once)."""
    SERVICES[service.name] = service


def kind_of(service: str, kind: str) -> Kind | None:
    known = SERVICES.get(service)
    return known.kinds.get(kind) if known else None
