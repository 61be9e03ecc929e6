"""Names of roles and places as people read them."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core.actor import SCHOOL, Actor, Held, Role, Scope

from .selectors import places

ROLE_NAMES: Final[dict[Role, str | Promise]] = {
    Role.OWNER: gettext_lazy("Owner"),
    Role.ADMIN: gettext_lazy("Administrator"),
    Role.AUDITOR: gettext_lazy("Auditor"),
    Role.CAMPUS_MANAGER: pgettext_lazy("role in a school", "Campus manager"),
    Role.MEMBER: gettext_lazy("Member"),
    Role.CUSTOM: gettext_lazy("Role of the school's own"),
    Role.SERVICE: pgettext_lazy("a machine's credential", "Service"),
    Role.DESK: gettext_lazy("Shared device"),
    Role.SUPERADMIN: gettext_lazy("Superadmin"),
    Role.SYSTEM: pgettext_lazy("a machine acting", "System"),
}


def place_choices(actor: Actor) -> dict[str, tuple[Scope, str]]:
    """The places where this actor holds anything, by the key a form sends."""
    scopes = {held.scope for held in actor.held}
    everywhere = SCHOOL in scopes
    found = {"school": (SCHOOL, _("Whole school"))} if everywhere else {}
    for scope, label in places().items():
        if everywhere or scope in scopes:
            found[f"{scope.kind}:{scope.id}"] = (scope, label)
    return found


def name_of_held(held: Held) -> str | Promise:
    """What people call this role: the school's own name for a role of its own."""
    return held.name or ROLE_NAMES[held.role]


#: Headings over permissions; the first part of a code that is not named here stands for itself.
GROUPS: Final[dict[str, str | Promise]] = {
    "audit": gettext_lazy("Audit trail"),
    "campuses": gettext_lazy("Campuses"),
    "dashboard": gettext_lazy("Dashboard"),
    "directory": gettext_lazy("Directory"),
    "memberships": gettext_lazy("Campus memberships"),
    "people": gettext_lazy("People"),
    "places": gettext_lazy("Places"),
    "roles": gettext_lazy("Roles"),
    "school": gettext_lazy("School"),
    "search": gettext_lazy("Search"),
    "sessions": gettext_lazy("Sessions"),
    "status": gettext_lazy("Status"),
}


def group_of(code: str) -> str | Promise:
    """The heading a permission stands under."""
    first = code.partition(".")[0]
    return GROUPS.get(first) or first.replace("_", " ").capitalize()
