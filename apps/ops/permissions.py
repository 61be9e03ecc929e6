"""Who may see how the machinery does. The public summary is for everybody and says less."""

from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import declare

SCHOOL_STATUS = declare("status.view", _("See the status of the school's services"), roles={Role.ADMIN})
PLATFORM_STATUS = declare("status.view_platform", _("See the status of the platform"), roles={Role.SUPERADMIN})
