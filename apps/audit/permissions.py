"""Who may read the audit trail. Nobody may change it."""

from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import declare

AUDIT_VIEW = declare("audit.view", _("See and export the audit trail"), roles={Role.ADMIN, Role.AUDITOR})
