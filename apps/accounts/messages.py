"""The kinds of messages of this app (apps.notifications.kinds)."""

from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import ACCOUNT, SECURITY, kind

THEN = datetime(2026, 9, 7, 8, 30, tzinfo=UTC)
REASON = _("Nobody of the school can sign in since the move to the new directory.")
BREAK_GLASS = {
    "person": "Hélène Marchand",
    "email": "helene.marchand@lumiere.example",
    "reason": REASON,
    "asked_by": "Léa Fontaine",
    "minutes": 30,
}
EMAIL = {"old_email": "camille.martin@lumiere.example", "new_email": "camille@martin.example", "hours": 24, "days": 7}

INVITATION = kind("invitation", _("Invitation"), ACCOUNT, secret=True, example={"invited_by": "Ada", "hours": 48})
GUARDIAN = kind(
    "guardian",
    _("Confirmation of a guardian"),
    ACCOUNT,
    secret=True,
    example={"child": "Camille Martin", "days": 30},
)
ERASURE_ACCEPTED = kind("erasure_accepted", _("Erasure accepted"), ACCOUNT)
ERASURE_REFUSED = kind(
    "erasure_refused",
    _("Erasure refused"),
    ACCOUNT,
    in_app=True,
    example={"note": _("Your diploma has to be kept for the time the law prescribes.")},
)

PASSWORD_RESET = kind("password_reset", _("New password"), SECURITY, secret=True)
NO_PASSWORD = kind("no_password", _("No password at this account"), SECURITY)
UNLOCK = kind("unlock", _("Unlock a browser"), SECURITY, secret=True)
EMAIL_CHANGE = kind("email_change", _("Confirm a new e-mail"), SECURITY, secret=True, example=EMAIL)
EMAIL_CHANGE_ASKED = kind("email_change_asked", _("E-mail about to change"), SECURITY, in_app=True, example=EMAIL)
EMAIL_CHANGED = kind("email_changed", _("E-mail changed"), SECURITY, secret=True, in_app=True, example=EMAIL)
SECOND_FACTOR_CHANGED = kind(
    "second_factor_changed",
    _("Second step changed"),
    SECURITY,
    in_app=True,
    example={"change": "passkey_added", "what": "MacBook", "left": 3, "few": False, "by": "", "at": THEN},
)
SESSION_REUSED = kind(
    "session_reused",
    _("Session ended to protect it"),
    SECURITY,
    in_app=True,
    example={"address": "192.0.2.7", "at": THEN},
)
ACTED_FOR = kind(
    "acted_for",
    _("Somebody acted in your name"),
    SECURITY,
    in_app=True,
    example={
        "behind": "Hélène Marchand",
        "support": False,
        "reason": _("The enrolment form did not open."),
        "at": THEN,
    },
)
BREAK_GLASS_OPENED = kind(
    "break_glass_opened", _("Break-glass access given"), SECURITY, in_app=True, example=BREAK_GLASS
)
BREAK_GLASS_USED = kind("break_glass_used", _("Break-glass access used"), SECURITY, in_app=True, example=BREAK_GLASS)
