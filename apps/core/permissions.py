"""A permission is declared once, by the app that owns it, and enforced by pages, API, services and jobs alike."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .actor import SCHOOL, Actor, Role, Scope
from .errors import Forbidden

logger = logging.getLogger("campanile.permissions")

REGISTRY: dict[str, "Permission"] = {}
ScopesOf = Callable[..., Iterable[Scope]]


def whole_school(target: object) -> Iterable[Scope]:
    """The default: the thing belongs to the school, so only a role held for the whole school reaches it."""
    return (SCHOOL,)


@dataclass(frozen=True, slots=True)
class Permission:
    """`roles` may do it; `scope(target)` says where a target lies (the school always counts)."""

    code: str
    label: object
    roles: frozenset[Role]
    scope: ScopesOf

    def allows(self, actor: Actor, target: object = None) -> bool:
        """Without a target: could this actor do it anywhere? With one: may they do it to this one?"""
        scopes = {held.scope for held in actor.held if held.role in self.roles or held.role is Role.SYSTEM}
        if not scopes:
            return False
        return target is None or SCHOOL in scopes or not scopes.isdisjoint(self.scope(target))

    def require(self, actor: Actor, target: object = None) -> None:
        """Raise Forbidden, and log who was refused what, unless `allows`."""
        if not self.allows(actor, target):
            logger.warning(
                "refused",
                extra={"permission": self.code, "actor": actor.label, "request_id": actor.request_id},
            )
            raise Forbidden(self.code)


def declare(code: str, label: object, *, roles: Iterable[Role], scope: ScopesOf = whole_school) -> Permission:
    """Register a permission. `code` is `<things>.<verb>`; declaring it twice is a programming error.

    The owner holds every permission of a school.
    """
    if code in REGISTRY:
        raise ValueError(f"permission {code!r} is declared twice")
    held_by = frozenset(roles)
    if Role.SUPERADMIN not in held_by:
        held_by |= {Role.OWNER}
    REGISTRY[code] = Permission(code, label, held_by, scope)
    return REGISTRY[code]
