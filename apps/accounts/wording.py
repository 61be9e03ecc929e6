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
    Role.OFFICE: gettext_lazy("Office of an association"),
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


#: Headings over permissions; one for the first part of every code.
GROUPS: Final[dict[str, str | Promise]] = {
    "associations": gettext_lazy("Associations"),
    "audit": gettext_lazy("Audit trail"),
    "campuses": gettext_lazy("Campuses"),
    "consents": gettext_lazy("Consents"),
    "credentials": gettext_lazy("Programs"),
    "dashboard": gettext_lazy("Dashboard"),
    "devices": gettext_lazy("Shared devices"),
    "directory": gettext_lazy("Directory"),
    "integrations": gettext_lazy("Connected services"),
    "webhooks": gettext_lazy("Webhooks sent"),
    "lockouts": gettext_lazy("Locked sign-ins"),
    "memberships": gettext_lazy("Campus memberships"),
    "messages": gettext_lazy("Messages"),
    "money": gettext_lazy("Money"),
    "payments": gettext_lazy("Payments"),
    "people": gettext_lazy("People"),
    "pins": gettext_lazy("PINs"),
    "places": gettext_lazy("Places"),
    "retention": gettext_lazy("Retention"),
    "roles": gettext_lazy("Roles"),
    "roster": gettext_lazy("Imports and school year"),
    "school": gettext_lazy("School"),
    "search": gettext_lazy("Search"),
    "second_factor": gettext_lazy("Second step at sign-in"),
    "sessions": gettext_lazy("Sessions"),
    "status": gettext_lazy("Status"),
    "support": gettext_lazy("Support access"),
}


def group_of(code: str) -> str | Promise:
    """The heading a permission stands under."""
    first = code.partition(".")[0]
    return GROUPS.get(first, first)  # every code of ours has one: tests/architecture/test_jobs_have_names_for_people.py
