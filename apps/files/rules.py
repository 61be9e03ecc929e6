"""How much a school may store: part of its plan, changed by the platform."""

from django.utils.translation import gettext_lazy as _

from apps.tenants.features import setting, value
from apps.tenants.permissions import CHANGE_SCHOOL

QUOTA_MEGABYTES = setting(
    "files.quota_megabytes",
    type=int,
    default=5_000,
    minimum=1,
    maximum=10_000_000,
    label=_("Files: megabytes the school may store"),
    permission=CHANGE_SCHOOL,
    on_page=False,  # what the plan includes is not the school's to change
)
MEGABYTE = 1_000_000


def quota_bytes() -> int:
    """Of the active school."""
    return int(value(QUOTA_MEGABYTES.key)) * MEGABYTE
