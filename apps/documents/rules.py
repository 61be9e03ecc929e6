"""What a school chooses once for all its associations."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.permissions import SCHOOL_SETTINGS
from apps.tenants.features import setting

YEAR_BEGINS = setting(
    "documents.year_begins",
    type=int,
    default=9,
    minimum=1,
    maximum=12,
    label=_("Documents: month in which the school year begins"),
    help_text=_("Documents that are handed in each year are valid until then."),
    permission=SCHOOL_SETTINGS,
)
