"""Announcements as pages show them: words and figures, no rules."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.audit.tables import Columns
from apps.core.ui import JobView

from . import selectors
from .forms import OUTCOMES
from .models import Announcement, Recipient, State

JOB_STATES = {State.SENDING: "running", State.SENT: "done", State.STOPPED: "cancelled"}

ANNOUNCEMENT_COLUMNS: Columns = {
    "association": "association.name",
    "title": "title",
    "state": selectors.shown_state,
    "to": "audience",
    "by_way": "channels",
    "author": "author",
    "leaves_at": "leaves_at",
    "recipients": "total",
    "handed": "handed",
    "stopped_because": "stopped_because",
}
RECIPIENT_COLUMNS: Columns = {
    "family_name": "user.family_name",
    "given_name": "user.given_name",
    "outcome": "outcome",
    "reason": "reason",
    "mail": lambda row: row.mail.state if row.mail else "",
    "mail_error": lambda row: row.mail.error if row.mail else "",
    "in_app": lambda row: ("read" if row.notice.read_at else "delivered") if row.notice else "",
    "at": "at",
}


def job_of(announcement: Any) -> JobView:
    """How far it has come, as a progress card. A row of `with_figures`."""
    counts = selectors.figures(announcement)
    waiting = counts.get(Recipient.State.WAITING.value, 0)
    state = "partial" if selectors.shown_state(announcement) == selectors.PARTIAL else JOB_STATES[announcement.state]
    return JobView(
        id=announcement.pk,
        state=state,
        label=_("Sending"),
        done=announcement.total - waiting,
        total=announcement.total,
        message=announcement.stopped_because,
        counts=[(OUTCOMES[name], counts[name]) for name in OUTCOMES if counts.get(name)],
        poll_url=reverse("mailings:progress", args=[announcement.pk]),
    )


def outcome_label(outcome: str) -> Any:
    return OUTCOMES.get(outcome, outcome)


def reason_label(reason: str) -> Any:
    return Recipient.Reason(reason).label if reason else ""


def reading(announcement: Announcement, wanted: str) -> dict[str, Any]:
    """For the page that shows it: the text, and the language where it is another one."""
    language, title, body = announcement.words(wanted)
    names = {"fr": _("French"), "en": _("English")}
    return {
        "title": title,
        "body": body,
        "body_language": language,
        "other_language": names.get(language, "") if language != wanted else "",
    }
