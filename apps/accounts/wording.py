"""Names of roles and places as people read them."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core.actor import SCHOOL, Actor, Role, Scope

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
