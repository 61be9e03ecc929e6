from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role, Scope
from apps.core.permissions import declare

from .models import Campus, CampusMembership, Place


def campus_of(target: object) -> Iterable[Scope]:
    """The campus a thing lies at. A Scope stands for itself."""
    if isinstance(target, Scope):
        return (target,)
    if isinstance(target, Campus):
        return (Scope("campus", target.pk),)
    if isinstance(target, CampusMembership | Place):
        return (Scope("campus", target.campus_id),)
    return ()


CAMPUSES_VIEW = declare(
    "campuses.view", _("See campuses"), roles={Role.ADMIN, Role.AUDITOR, Role.CAMPUS_MANAGER}, scope=campus_of
)
CAMPUSES_MANAGE = declare(
    "campuses.manage", _("Create, change and archive campuses"), roles={Role.ADMIN}, scope=campus_of
)
PLACES_MANAGE = declare(
    "places.manage", _("Manage the places of a campus"), roles={Role.ADMIN, Role.CAMPUS_MANAGER}, scope=campus_of
)
MEMBERSHIPS_MANAGE = declare(
    "memberships.manage",
    _("Add people to a campus, suspend and end memberships"),
    roles={Role.ADMIN, Role.CAMPUS_MANAGER},
    scope=campus_of,
)
