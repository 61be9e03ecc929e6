"""A permission is declared once, by the app that owns it, and enforced by pages, API, services and jobs alike."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from .actor import SCHOOL, Actor, Role, Scope
from .errors import Forbidden, NotWhileActing, StepUpRequired

logger = logging.getLogger("campanile.permissions")

REGISTRY: dict[str, "Permission"] = {}
DEVICE_ONLY = frozenset({"device"})
ScopesOf = Callable[..., Iterable[Scope]]


def whole_school(target: object) -> Iterable[Scope]:
    """The default: the thing belongs to the school, so only a role held for the whole school reaches it."""
    return (SCHOOL,)


@dataclass(frozen=True, slots=True)
class Permission:
    """`roles` may do it; `scope(target)` says where a target lies (the school always counts).

    `sudo`: dangerous, so a person must have proved lately who they are (step-up); see `require_fresh`.
    `kinds`: the kinds of place it makes sense at. Held at another kind it would be asked of nothing, or of all.
    """

    code: str
    label: object
    roles: frozenset[Role]
    scope: ScopesOf
    sudo: bool = False
    kinds: frozenset[str] = frozenset({"school"})

    @property
    def is_for_schools(self) -> bool:
        """A right inside a school that roles give: not one of the platform's superadmins, nor of a shared device."""
        return Role.SUPERADMIN not in self.roles and self.kinds != DEVICE_ONLY

    def allows(self, actor: Actor, target: object = None) -> bool:
        """Without a target: could this actor do it anywhere? With one: may they do it to this one?"""
        scopes = {held.scope for held in actor.held if held.gives(self)}
        if not scopes:
            return False
        return target is None or SCHOOL in scopes or not scopes.isdisjoint(self.scope(target))

    def require(self, actor: Actor, target: object = None) -> None:
        """Raise Forbidden, and log who was refused what, unless `allows`; StepUpRequired when `sudo` asks for it."""
        self.require_held(actor, target)
        if self.sudo:
            require_fresh(actor)

    def require_held(self, actor: Actor, target: object = None) -> None:
        """As `require`, without asking for a recent proof: for looking, and for the end of what began with one."""
        if not self.allows(actor, target):
            logger.warning(
                "refused",
                extra={"permission": self.code, "actor": actor.label, "request_id": actor.request_id},
            )
            raise Forbidden(self.code)


def require_fresh(actor: Actor) -> None:
    """Raise StepUpRequired when a person's session last proved who they are longer ago than STEP_UP_SECONDS.

    Actors without a session (jobs, commands, machines) hold what they hold by other means and are not asked.
    """
    require_oneself(actor)
    if actor.session_id is None:
        return
    limit = timedelta(seconds=settings.STEP_UP_SECONDS)
    if actor.proven_at is None or timezone.now() - actor.proven_at > limit:
        raise StepUpRequired


def require_oneself(actor: Actor) -> None:
    """Raise NotWhileActing for somebody who acts for another or as support: this is for the person themselves only."""
    if actor.acting_for:
        logger.warning("refused", extra={"permission": "oneself", "actor": actor.label, "behind": actor.acting_for})
        raise NotWhileActing


def declare(
    code: str,
    label: object,
    *,
    roles: Iterable[Role],
    scope: ScopesOf = whole_school,
    sudo: bool = False,
    kinds: Iterable[str] | None = None,
) -> Permission:
    """Register a permission. `code` is `<things>.<verb>`; declaring it twice is a programming error.

    The owner holds every permission of a school that roles give. `sudo` asks for a recent proof of identity (IDN-4).
    `kinds` says at which places a school's own role may give it; without it: the school, and a campus when things
    of this permission lie at campuses. Permissions of associations name them; DEVICE_ONLY is never given by a role.
    """
    if code in REGISTRY:
        raise ValueError(f"permission {code!r} is declared twice")
    held_by = frozenset(roles)
    where = frozenset(kinds or ())
    if Role.SUPERADMIN not in held_by and where != DEVICE_ONLY:
        held_by |= {Role.OWNER}
    at_campus = scope is not whole_school or Role.CAMPUS_MANAGER in held_by
    if not where:
        where = frozenset({"school", "campus"} if at_campus else {"school"})
    REGISTRY[code] = Permission(code, label, held_by, scope, sudo, where)
    return REGISTRY[code]


def usable_at(codes: Iterable[str], kind: str) -> frozenset[str]:
    """Those of these codes that exist, are rights inside a school, and make sense at this kind of place."""
    known = (REGISTRY[code] for code in codes if code in REGISTRY)
    return frozenset(entry.code for entry in known if entry.is_for_schools and kind in entry.kinds)
