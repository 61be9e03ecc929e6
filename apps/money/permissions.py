from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import declare

from .holders import scopes_of

PLACES = {"school", "association"}

MONEY_VIEW = declare(
    "money.view", _("See orders, payments and the ledger"), roles={Role.ADMIN, Role.AUDITOR}, scope=scopes_of,
    kinds=PLACES,
)  # fmt: skip
MONEY_MANAGE = declare(
    "money.manage", _("Make orders, record payments, and correct the ledger"), roles={Role.ADMIN}, scope=scopes_of,
    kinds=PLACES,
)  # fmt: skip
MONEY_REFUND = declare(
    "money.refund", _("Give money back"), roles={Role.ADMIN}, scope=scopes_of, kinds=PLACES
)  # fmt: skip
MONEY_FREEZE = declare("money.freeze", _("Freeze an account"), roles={Role.ADMIN})
