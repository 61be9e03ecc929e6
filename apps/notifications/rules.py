"""When the daily summaries leave: the school decides."""

from django.utils.translation import gettext_lazy as _

from apps.tenants.features import setting

from .permissions import MESSAGES_MANAGE

SUMMARY_HOUR = setting(
    "notifications.summary_hour",
    type=int,
    default=7,
    minimum=0,
    maximum=23,
    label=_("Notifications: hour of the daily summary"),
    help_text=_(
        "On the school's own clock. Who chose the summary gets one mail a day, when there is something to say."
    ),
    permission=MESSAGES_MANAGE,
)
