from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import declare

PAYMENTS_VIEW = declare("payments.view", _("See subscriptions and payments"), roles={Role.ADMIN, Role.AUDITOR})
