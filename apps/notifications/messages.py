"""The kinds of messages of this app (apps.notifications.kinds)."""

from django.utils.translation import gettext_lazy as _

from .kinds import ACCOUNT, OPERATIONS, kind

MAIL_TEST = kind("mail_test", _("Test message"), OPERATIONS, example={"way": _("The platform's mail server")})
DAILY_SUMMARY = kind(
    "daily_summary",
    _("Daily summary"),
    ACCOUNT,
    example={
        "items": [
            {"title": _("The directory run of this night waits for a decision"), "url": "/"},
            {"title": _("A list with 120 people was taken over"), "url": "/"},
        ],
        "count": 2,
    },
)
