"""What a plan saw, what it wants, and what is there now: the comparison behind applying and undoing.

Facts are a flat mapping of JSON values, or None for a thing that is not there. Only the facts that a change names
are compared: a plan that changes a role does not care about a new telephone number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = Mapping[str, Any]


def holds(facts: Facts | None, now: Facts | None) -> bool:
    """Whether what is there now is what `facts` say."""
    if facts is None or now is None:
        return facts is None and now is None
    return all(now.get(name) == value for name, value in facts.items())


@dataclass(frozen=True, slots=True)
class Inverse:
    """What taking a change back comes to. Empty both: things are as before already."""

    take_back: bool = False
    before: Facts | None = None  # as the change left it
    after: Facts | None = None  # as it was before the change
    changed_since: Facts = field(default_factory=dict)  # what people changed: fact -> its value now


def invert(before: Facts | None, after: Facts | None, now: Facts | None, *, whole: bool = False) -> Inverse:
    """The inverse of a change that was applied, given how the thing is now.

    Facts that are as the change left them are taken back; facts that somebody changed since are not, and are listed.
    `whole`: the facts belong together, so one that was changed since keeps all of them.
    """
    if holds(before, now):
        return Inverse()
    if holds(after, now):
        return Inverse(True, after, before)
    if before is None or after is None or now is None or whole:
        named = set(before or ()) | set(after or ())
        return Inverse(changed_since={name: (now or {}).get(name) for name in sorted(named)})
    intact = [name for name in after if now.get(name) == after[name] and before.get(name) != after[name]]
    since = {name: now.get(name) for name in after if now.get(name) not in (after[name], before.get(name))}
    return Inverse(
        bool(intact), {name: after[name] for name in intact}, {name: before.get(name) for name in intact}, since
    )
