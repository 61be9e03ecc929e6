"""The kinds of messages of this app (apps.notifications.kinds)."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import OPERATIONS, kind

DIRECTORY_ALERT = kind(
    "directory_alert",
    _("Trouble with directory runs"),
    OPERATIONS,
    in_app=True,
    example={
        "title": _("A directory run waits for a decision"),
        "text": _("This run would deactivate 42 people. Nothing was changed yet."),
    },
)
