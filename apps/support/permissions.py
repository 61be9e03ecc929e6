"""Who asks for support access, and who decides about it."""

from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import declare

SUPPORT_ASK = declare(
    "support.ask", _("Ask a school for support access, and enter it"), roles={Role.SUPERADMIN}, sudo=True
)
SUPPORT_VIEW = declare("support.view", _("See the support access of the platform"), roles={Role.ADMIN, Role.AUDITOR})
SUPPORT_MANAGE = declare(
    "support.manage", _("Approve, refuse and end the support access of the platform"), roles={Role.ADMIN}
)
