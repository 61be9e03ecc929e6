"""What a school sets about announcements of its associations."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.permissions import SCHOOL_SETTINGS
from apps.tenants.features import setting

PER_DAY = setting(
    "mailings.per_day",
    type=int,
    default=3,
    minimum=1,
    maximum=50,
    label=_("Announcements: of one association on one day"),
    permission=SCHOOL_SETTINGS,
)
PER_WEEK = setting(
    "mailings.per_week",
    type=int,
    default=8,
    minimum=1,
    maximum=200,
    label=_("Announcements: of one association in one week"),
    help_text=_("From Monday to Sunday, on the clock of its seat."),
    permission=SCHOOL_SETTINGS,
)
PER_RECIPIENT = setting(
    "mailings.per_recipient",
    type=int,
    default=6,
    minimum=1,
    maximum=50,
    label=_("Announcements: to one person on one day, of all associations together"),
    help_text=_("What would be more is skipped for this person; the board sees it."),
    permission=SCHOOL_SETTINGS,
)
APPROVAL_ABOVE = setting(
    "mailings.approval_above",
    type=int,
    default=500,
    minimum=0,
    maximum=100_000,
    label=_("Announcements: the school approves those to more people than this"),
    help_text=_("0: the school approves every announcement."),
    permission=SCHOOL_SETTINGS,
)
NEW_BOARD_DAYS = setting(
    "mailings.new_board_days",
    type=int,
    default=0,
    minimum=0,
    maximum=365,
    label=_("Announcements: days for which the school approves those of a new board"),
    help_text=_("0: a new board sends like any other."),
    permission=SCHOOL_SETTINGS,
)
