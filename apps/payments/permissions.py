from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import declare
from apps.money.holders import scopes_of
from apps.money.permissions import PLACES

PAYMENTS_VIEW = declare("payments.view", _("See subscriptions and payments"), roles={Role.ADMIN, Role.AUDITOR})
PAYMENTS_CONNECT = declare(
    "payments.connect", _("Connect accounts at payment providers"), roles={Role.ADMIN}, scope=scopes_of, kinds=PLACES,
    sudo=True,
)  # fmt: skip
PAYMENTS_GOVERN = declare(
    "payments.govern", _("Decide how payments are taken, and approve accounts"), roles={Role.ADMIN}, sudo=True
)
