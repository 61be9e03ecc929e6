"""The part of OData that a product may use: $select, $filter, $search, $orderby, checked as strictly as Graph does."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.microsoft.directory import GROUP_PROPERTIES, PERSON_PROPERTIES
from sandbox.microsoft.errors import GraphError

Item = dict[str, Any]
Test = Callable[[Item], bool]

PERSON_DEFAULT = (
    "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation",
    "preferredLanguage", "surname", "userPrincipalName", "id",
)  # fmt: skip
GROUP_DEFAULT = (
    "id", "createdDateTime", "description", "displayName", "groupTypes", "mail", "mailEnabled", "mailNickname",
    "securityEnabled", "visibility",
)  # fmt: skip
KNOWN = {"user": PERSON_PROPERTIES, "group": GROUP_PROPERTIES}
DEFAULT = {"user": PERSON_DEFAULT, "group": GROUP_DEFAULT}

CLAUSE = re.compile(
    r"""^(?:
        (?P<function>startswith|endswith)\((?P<name1>\w+),\s*'(?P<text1>(?:[^']|'')*)'\)
      | (?P<name2>\w+)\s+(?P<operator>eq|ne)\s+(?:'(?P<text2>(?:[^']|'')*)'|(?P<literal>true|false|null))
      | (?P<name3>\w+)\s+in\s+\((?P<list>[^)]*)\)
    )$""",
    re.VERBOSE,
)
SEARCH = re.compile(r'^"(displayName|description|mail|userPrincipalName):(.*)"$')
LITERALS = {"true": True, "false": False, "null": None}


def bad(message: str, code: str = "Request_UnsupportedQuery") -> GraphError:
    return GraphError(400, code, message)


def selected(kind: str, text: str | None) -> tuple[str, ...]:
    """The properties asked for; an unknown one is an error."""
    if not text:
        return DEFAULT[kind]
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in KNOWN[kind] and not (kind == "group" and name == "members"):
            raise bad(f"Could not find a property named '{name}' on type 'microsoft.graph.{kind}'.", "BadRequest")
    return names if "id" in names else (*names, "id")


def _pieces(text: str, word: str) -> list[str]:
    """Cut at `and` or `or`, but not inside quotes."""
    pieces, quoted, start = [], False, 0
    mark = f" {word} "
    for at, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif not quoted and text.startswith(mark, at):
            pieces.append(text[start:at])
            start = at + len(mark)
    return [piece.strip() for piece in [*pieces, text[start:]]]


def _plain(text: str) -> str:
    return text.replace("''", "'").lower()


def _value(item: Item, name: str) -> str:
    return str(item.get(name) or "").lower()


def _clause(text: str, kind: str) -> Test:
    found = CLAUSE.match(text)
    if not found:
        raise bad(f"Invalid filter clause: '{text}'.", "BadRequest")
    name = found["name1"] or found["name2"] or found["name3"]
    if name not in KNOWN[kind]:
        raise bad(f"Could not find a property named '{name}' on type 'microsoft.graph.{kind}'.", "BadRequest")
    if found["function"]:
        wanted, test = _plain(found["text1"]), str.startswith if found["function"] == "startswith" else str.endswith
        return lambda item: test(_value(item, name), wanted)
    if found["list"] is not None:
        several = {_plain(part.strip().strip("'")) for part in found["list"].split(",")}
        return lambda item: _value(item, name) in several
    equal = found["operator"] == "eq"
    if found["literal"]:
        literal = LITERALS[found["literal"]]
        return lambda item: (item.get(name) is literal) == equal
    text2 = _plain(found["text2"])
    return lambda item: (_value(item, name) == text2) == equal


def filtered(kind: str, text: str | None) -> Test:
    """`a or b` of `x and y` of clauses."""
    if not text:
        return lambda item: True
    ways = [[_clause(piece, kind) for piece in _pieces(way, "and")] for way in _pieces(text, "or")]
    return lambda item: any(all(test(item) for test in way) for way in ways)


def searched(text: str | None, *, eventual: bool) -> Test:
    if not text:
        return lambda item: True
    if not eventual:
        raise bad(
            "Request with $search query parameter only works through MSGraph with a special request header: "
            "'ConsistencyLevel: eventual'"
        )
    found = SEARCH.match(text)
    if not found:
        raise bad(f"Unrecognized query argument specified: '{text}'. Use \"property:text\".", "BadRequest")
    name, words = found[1], found[2].lower().split()
    return lambda item: all(word in _value(item, name) for word in words)


def sorting(text: str | None, kind: str) -> tuple[str, bool] | None:
    if not text:
        return None
    name, _, direction = text.partition(" ")
    if name not in KNOWN[kind] or direction not in ("", "asc", "desc"):
        raise bad(f"Unsupported sort property '{text}' for '{kind}'.")
    return name, direction == "desc"
