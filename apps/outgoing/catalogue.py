"""Which events can be told to others, declared by the app where they happen, in its `announcements.py`.

    event_type("campus.created", _("Campus created"), CampusNews, act=CAMPUS_CREATED, describe=campus_news)

The content is a promise to programs that we do not know: a field may be added, never changed or taken away. `act` and
`describe` are for what happens one at a time: the event is published with the line of the audit trail, whoever acts and
by whatever door. What changes set-wise is published by a trigger of its table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from apps.core.api.openapi import WEBHOOKS
from apps.core.ui import Text

TEST: Final = "webhook.test"


class News(BaseModel):
    """Base of what events carry."""

    model_config = ConfigDict(extra="forbid")


class Nothing(News):
    """The content of a test."""

    message: str = "This is a test."


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event. `describe(target, line of the audit trail)` makes its content; None publishes nothing."""

    code: str
    title: Text
    content: type[News]
    describe: Callable[[Any, Any], News | None] | None = None

    @property
    def group(self) -> str:
        return self.code.partition(".")[0]


TYPES: dict[str, EventType] = {}
BY_ACT: dict[str, EventType] = {}


def event_type(
    code: str,
    title: Text,
    content: type[News],
    *,
    act: str = "",
    describe: Callable[[Any, Any], News | None] | None = None,
) -> EventType:
    """Declare one. Declaring it again replaces it (apps may be made ready more than once)."""
    TYPES[code] = found = EventType(code, title, content, describe)
    WEBHOOKS[code] = (title, message_schema(code, content))
    if act:
        BY_ACT[act] = found
    return found


def message_schema(code: str, content: type[News]) -> dict[str, Any]:
    """The whole body of a message of this type, as JSON Schema that stands alone."""
    schema = content.model_json_schema()
    data = _resolved({name: value for name, value in schema.items() if name != "$defs"}, schema.get("$defs", {}))
    return {
        "type": "object",
        "required": ["id", "type", "timestamp", "organization", "data"],
        "properties": {
            "id": {"type": "string", "examples": ["evt_0192f0c17c3e7d2a9a523f6f2b1c9e10"]},
            "type": {"const": code},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
            "organization": {"type": "string", "description": "Short name of the school."},
            "data": data,
        },
    }


def _resolved(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_resolved(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    # a receiver must take fields that come later, so nothing is said against them
    left_out = ("title", "additionalProperties") if "properties" in schema else ("title",)
    return {
        name: _properties(value, definitions) if name == "properties" else _resolved(value, definitions)
        for name, value in schema.items()
        if name not in left_out
    }


def _properties(fields: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    return {name: _resolved(field, definitions) for name, field in fields.items()}


def sample_of(kind: EventType) -> dict[str, Any]:
    """Believable content, from the examples of its fields."""
    return _sample(kind.content.model_json_schema(), kind.content.model_json_schema().get("$defs", {}))


def _sample(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return _sample(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return _sample(schema["anyOf"][0], definitions)
    if schema.get("type") == "object":
        return {name: _sample(one, definitions) for name, one in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [_sample(schema["items"], definitions)]
    return schema.get("default", schema.get("const"))
