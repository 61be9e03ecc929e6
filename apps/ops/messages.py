"""The kinds of messages of this app (apps.notifications.kinds)."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import OPERATIONS, kind

INTEGRATION_ALARM = kind(
    "integration_alarm",
    _("Trouble with a connected service"),
    OPERATIONS,
    in_app=True,
    example={
        "title": _("The user service has sent nothing for 24 hours"),
        "text": _("On a day like this 40 events are usual. Ask its operator whether it runs and can reach us."),
    },
)

MONEY_ALARM = kind(
    "money_alarm",
    _("Trouble with a ledger or a refund"),
    OPERATIONS,
    in_app=True,
    example={
        "title": _("The ledger of École Lumière is not what it was"),
        "text": _("The nightly check found a difference. Look at the ledger before you book anything else."),
    },
)
