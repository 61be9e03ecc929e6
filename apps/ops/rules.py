"""How long a school keeps its audit trail."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.permissions import SCHOOL_SETTINGS
from apps.tenants.features import setting

PLATFORM_RETENTION_DAYS = 1095  # of the platform's own trail, and the default of every plan
RETENTION_DAYS = setting(
    "audit.retention_days",
    type=int,
    default=PLATFORM_RETENTION_DAYS,
    minimum=365,
    maximum=36_500,
    label=_("Audit trail: days an entry is kept"),
    help_text=_("Older entries are deleted at night, for good."),
    permission=SCHOOL_SETTINGS,
    on_page=False,  # a line of the table of periods
)
