"""How long a school keeps what services sent."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.tenants.features import setting

from .permissions import INTEGRATIONS_MANAGE

BODY_DAYS_DEFAULT: Final = 90  # also those of the platform's own events
BODY_DAYS = setting(
    "integrations.body_days",
    type=int,
    default=BODY_DAYS_DEFAULT,
    minimum=1,
    maximum=1095,
    label=_("Connected services: days the content of an applied event is kept"),
    help_text=_("After that its content is deleted at night; that it came, and what it did, stays longer."),
    permission=INTEGRATIONS_MANAGE,
)
