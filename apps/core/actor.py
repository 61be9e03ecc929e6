"""Who is acting. Every selector and service takes an actor; only apps.accounts builds one from a request."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal
from uuid import UUID

if TYPE_CHECKING:
    from .permissions import Permission

Surface = Literal["web", "api", "admin", "job", "command", "webhook"]


class Role(StrEnum):
    """Built-in roles (IDN-9). What each may do stands in the permissions, never here."""

    OWNER = "owner"
    ADMIN = "admin"
    AUDITOR = "auditor"
    CAMPUS_MANAGER = "campus-manager"
    MEMBER = "member"
    CUSTOM = "custom"  # a school's own role: what it may stands in `Held.permissions`
    OFFICE = "office"  # of an association's board: what it may stands in `Held.permissions`
    SERVICE = "service"  # a machine's credential: what it may stands in `Held.permissions`
    DESK = "desk"  # somebody who picked their profile at a shared device
    SUPERADMIN = "superadmin"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a role holds: the whole school, one campus or one association."""

    kind: Literal["school", "campus", "association"]
    id: UUID | None = None


SCHOOL = Scope("school")


@dataclass(frozen=True, slots=True)
class Held:
    """A role held at a scope, and why ("granted by ...", "member of Lyon").

    `permissions` are codes that this holding gives by name: those of a school's own role or of a machine.
    `name` is what the school calls its own role.
    """

    role: Role
    scope: Scope = SCHOOL
    because: str = ""
    permissions: frozenset[str] = frozenset()
    name: str = ""

    def gives(self, permission: "Permission") -> bool:
        return self.role is Role.SYSTEM or self.role in permission.roles or permission.code in self.permissions


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a machine or nobody, with the roles held in the current school.

    `session_id` is the signed-in session it came with, `proven_at` when the person last proved there who they are.
    `acting_for` names the human being behind when the rights are somebody else's (support, impersonation);
    `acting_for_id` is their account, `acting_as` how they came to it, `support_grant_id` what allowed it.
    `read_only` actors look at what another would see and change nothing.
    """

    label: str
    user_id: UUID | None = None
    email: str = ""
    held: tuple[Held, ...] = field(default_factory=tuple)
    surface: Surface = "web"
    request_id: str = ""
    address: str | None = None
    session_id: UUID | None = None
    credential_id: UUID | None = None  # of a machine
    proven_at: datetime | None = None
    acting_for: str = ""
    acting_for_id: UUID | None = None
    acting_as: Literal["", "view", "person", "support"] = ""
    support_grant_id: UUID | None = None
    read_only: bool = False

    @classmethod
    def anonymous(cls, *, request_id: str = "", address: str | None = None) -> "Actor":
        return cls(label="anonymous", request_id=request_id, address=address)

    @classmethod
    def system(cls, label: str, *, surface: Surface = "job", request_id: str = "") -> "Actor":
        """A machine: a task, a webhook, a command. Named, so that the audit trail can say which."""
        return cls(label=label, held=(Held(Role.SYSTEM),), surface=surface, request_id=request_id)

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None and not self.held

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(held.role for held in self.held)

    def holds(self, role: Role, scope: Scope = SCHOOL) -> bool:
        return any(held.role == role and held.scope in (SCHOOL, scope) for held in self.held)

    def campus_ids(self, permission: "Permission") -> frozenset[UUID] | None:
        """The campuses on which this permission is held; None means the whole school."""
        scopes = [held.scope for held in self.held if held.gives(permission)]
        if SCHOOL in scopes:
            return None
        return frozenset(scope.id for scope in scopes if scope.kind == "campus" and scope.id)

    def through(self, surface: Surface) -> "Actor":
        return replace(self, surface=surface)
