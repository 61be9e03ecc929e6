"""What superadmins may do to schools; none of it opens a school's data. And what a school does itself here."""

from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import declare

SUPERADMINS = {Role.SUPERADMIN}

VIEW_SCHOOLS = declare("schools.view", _("See the list of schools"), roles=SUPERADMINS)
CREATE_SCHOOL = declare("schools.create", _("Create schools"), roles=SUPERADMINS)
CHANGE_STATUS = declare("schools.change_status", _("Suspend and resume schools"), roles=SUPERADMINS)
INVITE_OWNER = declare("schools.invite_owner", _("Invite the first owner of a school again"), roles=SUPERADMINS)
CHANGE_SCHOOL = declare("schools.change", _("Change name, plan and language of a school"), roles=SUPERADMINS)
ROTATE_KEYS = declare("platform.rotate_keys", _("Move encrypted fields to a new key"), roles=SUPERADMINS)
BREAK_GLASS = declare("schools.break_glass", _("Open a way in for an owner who is locked out"), roles=SUPERADMINS)
LIFT_LOCKOUT = declare("schools.lift_lockout", _("Open the sign-in of a person who is locked out"), roles=SUPERADMINS)
BIND_ACCOUNTS = declare(
    "schools.bind_accounts", _("Bind accounts at payment providers to schools"), roles=SUPERADMINS, sudo=True
)
SCHOOL_ACCOUNTS = declare(
    "school.accounts", _("Connect the school's accounts at payment providers"), roles={Role.ADMIN}
)
SCHOOL_DOMAINS = declare("school.domains", _("Give the school its own domains"), roles={Role.ADMIN})
