"""What a school decides about the platform's support."""

from django.utils.translation import gettext_lazy as _

from apps.tenants.features import setting

from .permissions import SUPPORT_MANAGE

APPROVAL = setting(
    "support.approval",
    type=bool,
    default=False,
    label=_("Support of the platform may only enter after the school has approved it"),
    permission=SUPPORT_MANAGE,
)
