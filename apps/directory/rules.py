"""When a run asks before it acts: the school decides within bounds."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.permissions import SCHOOL_SETTINGS
from apps.core.plan import Threshold
from apps.tenants.features import setting, value

HOLD_PERCENT = setting(
    "directory.hold_percent",
    type=int,
    default=10,
    minimum=1,
    maximum=100,
    label=_("Directory: ask above this share of people (%)"),
    help_text=_("A run that would deactivate more than this share of the active people stops and asks."),
    permission=SCHOOL_SETTINGS,
)
HOLD_COUNT = setting(
    "directory.hold_count",
    type=int,
    default=5,
    minimum=0,
    maximum=10_000,
    label=_("Directory: never ask up to this many people"),
    help_text=_("So few people are deactivated without asking, whatever their share."),
    permission=SCHOOL_SETTINGS,
)

ALERT_HOURS = setting(
    "directory.alert_hours",
    type=int,
    default=36,
    minimum=0,
    maximum=720,
    label=_("Directory: alert after so many hours without a good run"),
    help_text=_(
        "While runs start by themselves, the administrators are told when none ended well for so long. 0: never."
    ),
    permission=SCHOOL_SETTINGS,
)
NOTIFICATIONS = setting(
    "directory.notifications",
    type=bool,
    default=True,
    label=_("Directory: let Microsoft announce changes"),
    help_text=_("A change of a mapped group is then read within seconds. Runs by schedule find everything as well."),
    permission=SCHOOL_SETTINGS,
)
GRACE_DAYS = setting(
    "directory.grace_days",
    type=int,
    default=0,
    minimum=0,
    maximum=60,
    label=_("Directory: days before somebody no longer listed is deactivated"),
    help_text=_(
        "Meanwhile the membership is stale: it gives no rights, but the account stays open and comes back with "
        "the person. Disabled accounts are deactivated at once. 0: no waiting."
    ),
    permission=SCHOOL_SETTINGS,
)
KEEP_CHANGES_DAYS = setting(
    "directory.keep_changes_days",
    type=int,
    default=365,
    minimum=30,
    maximum=3650,
    label=_("Directory: days the changes of runs are kept"),
    help_text=_("Afterwards a run shows its figures only and cannot be taken back. Histories of people stay."),
    permission=SCHOOL_SETTINGS,
)


def hold_threshold() -> Threshold:
    """The active school's own."""
    return Threshold(percent=value(HOLD_PERCENT.key), count=value(HOLD_COUNT.key))
