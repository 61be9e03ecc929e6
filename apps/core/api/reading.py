"""The description of the API as people read it on its page: chapters, operations, fields."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from . import openapi


@dataclass(frozen=True)
class Field:
    """A parameter or a field of a body or an answer."""

    name: str
    kind: str
    required: bool
    text: str = ""
    where: str = ""


@dataclass(frozen=True)
class Reading:
    """One operation, ready to be shown."""

    name: str
    method: str
    path: str
    summary: str
    paragraphs: list[str]
    is_open: bool
    given: list[Field]
    body: list[Field]
    answer: list[Field]
    status: str
    example: str
    refusals: Sequence[tuple[str, str]]


@dataclass
class Chapter:
    title: str
    operations: list[Reading] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return self.title.lower().replace(" ", "-")


@lru_cache(maxsize=2)
def chapters(host: str) -> list[Chapter]:
    """In the order of the addresses."""
    described = openapi.as_json(host)
    found: dict[str, Chapter] = {}
    for path, item in described["paths"].items():
        for method, one in item.items():
            chapter = found.setdefault(one["tags"][0], Chapter(one["tags"][0]))
            chapter.operations.append(_operation(described, path, method, one))
    return list(found.values())


def _operation(described: dict[str, Any], path: str, method: str, one: dict[str, Any]) -> Reading:
    status, good = next(entry for entry in one["responses"].items() if entry[0].startswith("2"))
    content = one.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = [entry["value"] for entry in content.get("examples", {}).values()]
    texts = described["components"]["responses"]
    refused = [
        (code, _prose(texts[answer["$ref"].rpartition("/")[2]]["description"]))
        for code, answer in one["responses"].items()
        if "$ref" in answer
    ]
    return Reading(
        name=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        paragraphs=[_prose(text) for text in one["description"].split("\n\n")],
        is_open={} in one.get("security", []),
        given=[_field(e["name"], e["schema"], e.get("required", False), e["in"], e) for e in one.get("parameters", [])],
        body=_fields(described, content.get("schema")),
        answer=_fields(described, good.get("content", {}).get("application/json", {}).get("schema")),
        status=status,
        example=json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else "",
        refusals=refused,
    )


def _prose(text: str) -> SafeString:
    """What stands between backticks is code."""
    parts = enumerate(text.split("`"))
    return format_html_join("", "{}", ((format_html("<code>{}</code>", one) if at % 2 else one,) for at, one in parts))


def _fields(described: dict[str, Any], schema: dict[str, Any] | None) -> list[Field]:
    if schema and "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    found = (schema or {}).get("properties", {})
    wanted = (schema or {}).get("required", [])
    return [_field(name, one, name in wanted) for name, one in found.items()]


def _field(name: str, schema: dict[str, Any], required: bool, where: str = "", holder: Any = None) -> Field:
    text = (holder or {}).get("description") or schema.get("description", "")
    return Field(name, _kind(schema), required, _prose(text), where)


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"] if one is not None)
    if options := schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf"):
        return " | ".join(_kind(one) for one in options)
    kind = schema.get("type", "any")
    words = " | ".join(kind) if isinstance(kind, list) else str(kind)
    if "items" in schema:
        return f"{words} of {_kind(schema['items'])}"
    return f"{words} ({schema['format']})" if schema.get("format") else words
