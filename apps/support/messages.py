"""The kinds of messages of this app (apps.notifications.kinds)."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import SECURITY, kind

SUPPORT_ACCESS = kind(
    "support_access",
    _("Support access"),
    SECURITY,
    in_app=True,
    example={
        "who": "Léa Fontaine",
        "may_act": False,
        "minutes": 60,
        "waits": True,
        "reason": _("You asked why a class is missing."),
    },
)
