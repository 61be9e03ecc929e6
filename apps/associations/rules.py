"""What a school asks of its associations."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.permissions import SCHOOL_SETTINGS
from apps.tenants.features import setting

MIN_FOUNDERS = setting(
    "associations.min_founders",
    type=int,
    default=3,
    minimum=1,
    maximum=50,
    label=_("Associations: founders that a request needs"),
    permission=SCHOOL_SETTINGS,
)
ENROLLED_PERCENT = setting(
    "associations.enrolled_percent",
    type=int,
    default=50,
    minimum=0,
    maximum=100,
    label=_("Associations: share of members who must be enrolled, in percent"),
    help_text=_("Enrolled is who is an active student of a campus. 0 asks for nothing."),
    permission=SCHOOL_SETTINGS,
)
OFFICERS_ENROLLED = setting(
    "associations.officers_enrolled",
    type=bool,
    default=True,
    label=_("Associations: president and treasurer must be enrolled"),
    permission=SCHOOL_SETTINGS,
)
