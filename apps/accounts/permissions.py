"""Who may do what with people, roles and sign-in. The owner holds everything without being named."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actor import SCHOOL, Role, Scope
from apps.core.permissions import declare

from . import hooks
from .models import Grant, Invitation, User


def place_of(target: object) -> Iterable[Scope]:
    """Where a person, grant or invitation lies. A Scope stands for itself."""
    if isinstance(target, Scope):
        return (target,)
    if isinstance(target, Grant | Invitation):
        return (target.scope,)
    if isinstance(target, User):
        return _places_of(target.pk)
    return (SCHOOL,)


def _places_of(user_id: UUID) -> list[Scope]:
    return [scope for places in hooks.places_of_person.send(user_id=user_id) for scope in places]


PEOPLE_VIEW = declare(
    "people.view", _("See people"), roles={Role.ADMIN, Role.AUDITOR, Role.CAMPUS_MANAGER}, scope=place_of
)
PEOPLE_INVITE = declare("people.invite", _("Invite people"), roles={Role.ADMIN, Role.CAMPUS_MANAGER}, scope=place_of)
PEOPLE_CHANGE = declare("people.change", _("Correct the profile of people"), roles={Role.ADMIN}, scope=place_of)
PEOPLE_SUSPEND = declare("people.suspend", _("Suspend and reinstate people"), roles={Role.ADMIN}, scope=place_of)
PEOPLE_ERASE = declare(
    "people.erase",
    _("Erase people, and decide about requests to be erased"),
    roles={Role.ADMIN},
    scope=place_of,
    sudo=True,
)
CONSENTS_MANAGE = declare("consents.manage", _("Publish consent texts and see the figures"), roles={Role.ADMIN})
RETENTION_MANAGE = declare(
    "retention.manage", _("See and change how long records are kept"), roles={Role.ADMIN}, sudo=True
)
ROLES_VIEW = declare("roles.view", _("See who has which role"), roles={Role.ADMIN, Role.AUDITOR})
ROLES_GRANT = declare("roles.grant", _("Grant and revoke roles"), roles={Role.ADMIN}, scope=place_of, sudo=True)
ROLES_DEFINE = declare("roles.define", _("Create and change the school's own roles"), roles={Role.ADMIN}, sudo=True)
VIEW_AS = declare(
    "people.view_as", _("See the site as another person or role does, without changing anything"), roles={Role.ADMIN}
)
ACT_AS = declare("people.act_as", _("Act in the name of another person"), roles=(), sudo=True)
SCHOOL_SETTINGS = declare("school.settings", _("Change the school's settings"), roles={Role.ADMIN})
SCHOOL_LINK_MICROSOFT = declare(
    "school.link_microsoft", _("Link the school's Microsoft organisation"), roles={Role.ADMIN}, sudo=True
)
CREDENTIALS_MANAGE = declare(
    "credentials.manage", _("Create and revoke credentials of programs"), roles={Role.ADMIN}, sudo=True
)
SESSIONS_END = declare("sessions.end", _("End the sessions of people"), roles={Role.ADMIN}, scope=place_of)
SECOND_FACTOR_RESET = declare(
    "second_factor.reset", _("Take away somebody's second step"), roles={Role.ADMIN}, scope=place_of, sudo=True
)
LOCKOUTS_LIFT = declare("lockouts.lift", _("See and lift locked sign-ins"), roles={Role.ADMIN})
