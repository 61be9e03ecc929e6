from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import declare

DIRECTORY_VIEW = declare(
    "directory.view", _("See the Microsoft link and the directory runs"), roles={Role.ADMIN, Role.AUDITOR}
)
DIRECTORY_MANAGE = declare("directory.manage", _("Map Microsoft groups to campuses"), roles={Role.ADMIN})
DIRECTORY_RUN = declare("directory.run", _("Start, stop and approve directory runs"), roles={Role.ADMIN})
