"""Who can do what, where and why, on any day (IDN-9): the matrix page, and what each person may do.

Rights follow from roles, roles from sources: grants, campus memberships, offices. A right is worked out here exactly
as `Permission.allows` decides it, from the same `Held`; a test compares the two.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.actor import SCHOOL, Actor, Held, Role, Scope
from apps.core.errors import NotVisible
from apps.core.permissions import REGISTRY, Permission

from . import hooks, selectors
from .models import CustomRole, Grant, User
from .permissions import ROLES_VIEW
from .rules import school_day

SCHOOL_ROLES: Final = (Role.OWNER, Role.ADMIN, Role.AUDITOR, Role.CAMPUS_MANAGER, Role.MEMBER)
MOST = 5_000  # sources of one kind on a page; a school gives a handful of people a role
Kind = Literal["grant", "membership", "mapping", "office"]
State = Literal["future", "current", "expired"]


@dataclass(frozen=True, slots=True)
class Source:
    """Why somebody holds a role: the thing it follows from, told as a sentence, and its period."""

    user_id: UUID
    held: Held
    kind: Kind
    why: str
    starts_on: date | None = None
    ends_on: date | None = None
    grant: Grant | None = None

    def state(self, day: date) -> State:
        if self.starts_on is not None and day < self.starts_on:
            return "future"
        return "expired" if self.ends_on is not None and self.ends_on < day else "current"


@dataclass(frozen=True, slots=True)
class Holder:
    """One person, one source of a permission, as of a day."""

    user: User
    source: Source
    role_name: str
    place: str
    state: State

    @property
    def works(self) -> bool:
        """The person can use the right on this day."""
        return self.state == "current" and self.user.is_active


@dataclass(frozen=True, slots=True)
class Right:
    """A permission of one person, with everything it follows from."""

    permission: Permission
    holders: tuple[Holder, ...]

    @property
    def everywhere(self) -> bool:
        return any(holder.source.held.scope == SCHOOL for holder in self.holders)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A permission against the roles: the built-in ones, then the school's own."""

    permission: Permission
    built_in: tuple[tuple[Role, bool], ...]
    own: tuple[tuple[CustomRole, bool], ...]


def school_permissions(words: str = "") -> list[Permission]:
    """Every permission of a school whose label or code contains all words, in order of code."""
    wanted = words.lower().split()[:8]
    found = [p for p in REGISTRY.values() if p.is_for_schools]
    return sorted(
        (p for p in found if all(word in f"{p.label} {p.code}".lower() for word in wanted)), key=lambda p: p.code
    )


def own_roles(*, archived: bool = False) -> list[CustomRole]:
    return list(CustomRole.objects.filter(archived_at__isnull=not archived).order_by("name"))


def matrix(*, actor: Actor, words: str = "") -> list[MatrixRow]:
    """Every permission against every role, as the code decides it. Raises Forbidden."""
    ROLES_VIEW.require(actor)
    own = [(role, role.gives) for role in own_roles()]
    return [
        MatrixRow(
            permission,
            tuple((role, role in permission.roles) for role in SCHOOL_ROLES),
            tuple((role, permission.code in gives) for role, gives in own),
        )
        for permission in school_permissions(words)
    ]


def permission_by_code(code: str) -> Permission:
    """A permission of schools. Raises NotVisible."""
    found = REGISTRY.get(code)
    if found is None or not found.is_for_schools:
        raise NotVisible
    return found


# --- sources ---------------------------------------------------------------------------------------------


def sources(*, user_ids: Collection[UUID] | None = None, permission: Permission | None = None) -> list[Source]:
    """Every source of a role, also future and expired ones.

    Of these people (None: all), of this permission (None: any).

    Roles of the membership of a campus that everybody has are told for single people and single permissions only.
    """
    roles = frozenset(SCHOOL_ROLES) if permission is None else permission.roles & frozenset(SCHOOL_ROLES)
    roles |= {Role.OFFICE}  # an office gives permissions by name
    if permission is None and user_ids is None:
        roles -= {Role.MEMBER}
    found = [source for source in _granted(user_ids) if permission is None or source.held.gives(permission)]
    for more in hooks.role_sources.send(user_ids=user_ids, roles=roles):
        found += [source for source in more if permission is None or source.held.gives(permission)]
    return found


def _granted(user_ids: Collection[UUID] | None) -> list[Source]:
    grants = Grant.objects.select_related("custom_role").order_by("granted_at")
    if user_ids is not None:
        grants = grants.filter(user_id__in=user_ids)
    return [source_of(grant) for grant in grants[:MOST] if selectors.known(grant.role)]


def source_of(grant: Grant) -> Source:
    return Source(
        user_id=grant.user_id,
        held=selectors.held_by(grant),
        kind="grant",
        why=_granted_by(grant),
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        grant=grant,
    )


def _granted_by(grant: Grant) -> str:
    facts = {"name": grant.granted_by or _("unknown"), "day": date_format(timezone.localdate(grant.granted_at))}
    told = _("Granted by %(name)s on %(day)s") % facts
    return f"{told} · {grant.note}" if grant.note else told


def held_on(found: Iterable[Source], day: date) -> list[Held]:
    """The roles these sources give on a day of the school: what a person's actor holds then."""
    return [source.held for source in found if source.state(day) == "current"]


# --- who, for a permission -------------------------------------------------------------------------------


def holders(*, actor: Actor, permission: Permission, day: date) -> list[Holder]:
    """The people who hold a permission: now, before or later, with every reason. Raises Forbidden."""
    ROLES_VIEW.require(actor)
    return _told(sources(permission=permission), day)


def all_holders(*, actor: Actor, day: date) -> list[Holder]:
    """Everybody who holds a role beside that of a member. Raises Forbidden."""
    ROLES_VIEW.require(actor)
    return _told(sources(), day)


def _told(found: Sequence[Source], day: date) -> list[Holder]:
    from .wording import name_of_held  # wording asks selectors for places

    people = User.objects.in_bulk({source.user_id for source in found})
    names = selectors.places()
    told = [
        Holder(
            user=people[source.user_id],
            source=source,
            role_name=str(name_of_held(source.held)),
            place=selectors.place_name(source.held.scope, names),
            state=source.state(day),
        )
        for source in found
        if source.user_id in people
    ]
    order = {"current": 0, "future": 1, "expired": 2}
    return sorted(told, key=lambda h: (order[h.state], h.user.family_name.lower(), h.user.given_name.lower(), h.place))


def rights_of(*, actor: Actor, user: User, day: date) -> tuple[list[Right], list[Holder]]:
    """What one person may do on a day, with every reason; and every source, also those that do not hold then.

    Raises Forbidden. A person whose account is not active holds nothing.
    """
    ROLES_VIEW.require(actor)
    told = _told(sources(user_ids=[user.pk]), day)
    working = [holder for holder in told if holder.works]
    rights = [
        Right(permission, tuple(holder for holder in working if holder.source.held.gives(permission)))
        for permission in school_permissions()
    ]
    return [right for right in rights if right.holders], told


def effective(user: User, day: date) -> dict[str, frozenset[Scope]]:
    """The places where a person holds each permission on a day, by code. For comparing and for counting."""
    found: dict[str, set[Scope]] = defaultdict(set)
    if user.is_active:
        for held in held_on(sources(user_ids=[user.pk]), day):
            for permission in school_permissions():
                if held.gives(permission):
                    found[permission.code].add(held.scope)
    return {code: frozenset(scopes) for code, scopes in found.items()}


def kinds_of_places() -> set[str]:
    """The kinds of which the school has at least one place."""
    return {scope.kind for scope in selectors.places()}


def count_holders(*, actor: Actor, now: datetime) -> dict[str, int]:
    """How many people hold each role now: by the code of a built-in one, by the id of one of the school's own.

    Members are not counted: they are everybody. Raises Forbidden.
    """
    people: dict[str, set[UUID]] = defaultdict(set)
    for holder in all_holders(actor=actor, day=school_day(now)):
        grant = holder.source.grant
        key = str(grant.custom_role_id) if grant and grant.custom_role_id else holder.source.held.role.value
        if holder.works:
            people[key].add(holder.user.pk)
    return {key: len(ids) for key, ids in people.items()}
