from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import declare

WEBHOOKS_VIEW = declare(
    "webhooks.view", _("See to whom webhooks are sent, and what became of them"), roles={Role.ADMIN, Role.AUDITOR}
)
WEBHOOKS_OPERATE = declare("webhooks.operate", _("Pause webhooks, and send them again"), roles={Role.ADMIN})
WEBHOOKS_MANAGE = declare(
    "webhooks.manage", _("Decide to whom webhooks are sent, and their secrets"), roles={Role.ADMIN}, sudo=True
)
