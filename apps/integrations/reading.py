"""From the bytes of a webhook to checked items. Nothing here knows the database.

A body is one event, a list of events, or {"events": [...]}. An item that is wrong says why and spoils no other.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import from_json

from .contract import Content, Kind, Service

LARGEST: Final = 1024 * 1024  # bytes
MOST_ITEMS: Final = 1000
DEEPEST: Final = 30
LARGEST_NUMBER: Final = 2**63
MOST_PROBLEMS: Final = 5  # that are told of one item

OLDEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
FUTURE: Final = timedelta(days=1)  # how far a sender's clock may be ahead


def _is_text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("write the moment as text, with its time zone: 2026-11-26T08:30:00Z")
    return value


def is_near(moment: datetime) -> bool:
    return OLDEST <= moment <= datetime.now(UTC) + FUTURE


def _is_near(moment: datetime) -> datetime:
    """A moment far ahead would make everything that comes later look old."""
    if not is_near(moment):
        raise ValueError("this moment lies too far away")
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_is_text), AfterValidator(_is_near), Field(strict=False)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class Malformed(ValueError):
    """The body as a whole is no JSON of ours. The text is for the sender."""


class Envelope(Content):
    """What every event says, whatever it is about."""

    id: Id
    type: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    organization: Annotated[str, StringConstraints(max_length=63)] = ""
    occurred_at: Moment
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """An event that may be stored."""

    event_id: str
    kind: str
    organization: str
    occurred_at: datetime
    lane: str
    about: str
    body: str
    body_hash: str
    account: str = ""
    is_live: bool | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """An item that cannot be accepted, and why, field by field."""

    event_id: str
    problems: Sequence[str]


def read(body: bytes, service: Service) -> tuple[list[Item | Wrong], bool]:
    """The items in their order, and whether the body was a batch. Raises Malformed."""
    sent = parsed(body)
    if isinstance(sent, dict) and set(sent) == {"events"}:
        sent = sent["events"]
        if not isinstance(sent, list):
            raise Malformed('"events" has to be a list.')
    if isinstance(sent, dict):
        return [_item(sent, service)], False
    if not isinstance(sent, list):
        raise Malformed("Send one event, or a list of events.")
    if not 0 < len(sent) <= MOST_ITEMS:
        raise Malformed(f"Send between 1 and {MOST_ITEMS} events at once.")
    return [_item(one, service) for one in sent], True


def content_of(body: str, kind: Kind) -> BaseModel:
    """The checked content of a stored event. Raises ValidationError when this release demands more than the last."""
    said = json.loads(body)
    return kind.content.model_validate(said[kind.part] if kind.part else said)


def parsed(body: bytes) -> Any:
    try:
        return from_json(body, allow_inf_nan=False, cache_strings=False)
    except ValueError as fault:
        raise Malformed(f"This is no JSON: {str(fault)[:200]}") from None


def _item(sent: Any, service: Service) -> Item | Wrong:
    if not isinstance(sent, dict):
        return Wrong("", ["An event is an object."])
    named = sent.get("id")
    event_id = named[:200] if isinstance(named, str) else ""
    try:
        envelope = Envelope.model_validate(sent)
        kind = service.kinds.get(envelope.type)
        if kind is None:
            return Wrong(event_id, [f"type: one of {', '.join(sorted(service.kinds))}"])
        content = kind.content.model_validate(envelope.data)
    except ValidationError as wrong:
        return Wrong(event_id, _problems(wrong))
    if trouble := unstorable(sent):
        return Wrong(event_id, [trouble])
    body = canonical(sent)
    return Item(
        event_id=envelope.id,
        kind=envelope.type,
        organization=envelope.organization,
        occurred_at=envelope.occurred_at,
        lane=kind.lane(content)[:200],
        about=kind.about(content)[:254].lower(),
        body=body,
        body_hash=digest(body),
    )


def canonical(sent: Any) -> str:
    """The same words for the same content, in whatever order it was written."""
    return json.dumps(sent, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _problems(wrong: ValidationError) -> list[str]:
    found = wrong.errors(include_url=False, include_context=False, include_input=False)
    return [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}"[:200] for one in found[:MOST_PROBLEMS]]


def unstorable(value: Any, depth: int = 0) -> str:
    """Why this cannot be kept as it is, or "". PostgreSQL has no character 0, and UTF-8 no half of a pair."""
    if depth > DEEPEST:
        return f"More than {DEEPEST} levels deep."
    if isinstance(value, str):
        return "" if _is_plain(value) else "Contains a character that cannot be stored."
    if isinstance(value, int):
        return "" if abs(value) <= LARGEST_NUMBER else "Contains a number that is too large."
    if isinstance(value, dict):
        parts: Any = [*value.keys(), *value.values()]
    elif isinstance(value, list):
        parts = value
    else:
        return ""
    return next((trouble for part in parts if (trouble := unstorable(part, depth + 1))), "")


def _is_plain(text: str) -> bool:
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
