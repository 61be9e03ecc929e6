"""What a view hands to a component: small values, no rules. The components are in `templatetags/ui.py`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class CodeInput(forms.PasswordInput):
    """For codes that open something: readable while they are typed, never sent back with the errors of the form."""

    input_type = "text"


NEUTRAL: Final = "neutral"
GOOD: Final = "good"
WARN: Final = "warn"
BAD: Final = "bad"
INFO: Final = "info"

#: One look for one state everywhere: code -> (tone, label).
STATUSES: dict[str, tuple[str, Text]] = {
    "active": (GOOD, _("Active")),
    "available": (GOOD, _("Available")),
    "connected": (GOOD, _("Connected")),
    "verified": (GOOD, _("Verified")),
    "done": (GOOD, _("Done")),
    "applied": (GOOD, _("Applied")),
    "ok": (GOOD, _("OK")),
    "trial": (INFO, _("Trial")),
    "detected": (INFO, _("Detected")),
    "running": (INFO, _("Running")),
    "queued": (NEUTRAL, _("Queued")),
    "pending": (NEUTRAL, _("Pending")),
    "draft": (NEUTRAL, _("Draft")),
    "ended": (NEUTRAL, _("Ended")),
    "departed": (NEUTRAL, _("Departed")),
    "cancelled": (NEUTRAL, _("Cancelled")),
    "purged": (NEUTRAL, _("Purged")),
    "expired": (NEUTRAL, _("Expired")),
    "held": (WARN, _("Held for review")),
    "partial": (WARN, _("Partial")),
    "past_due": (WARN, _("Past due")),
    "stale": (WARN, _("Stale")),
    "degraded": (WARN, _("Degraded")),
    "suspended": (BAD, _("Suspended")),
    "failed": (BAD, _("Failed")),
    "refused": (BAD, _("Refused")),
    "down": (BAD, _("Down")),
}


def register_status(code: str, tone: str, label: Text) -> None:
    """Give a state of an app its look. A code means the same thing in every app."""
    STATUSES[code] = (tone, label)


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view (`value` of the tabs' parameter) or, with `url`, a neighbouring page."""

    value: str
    label: Text
    count: int | None = None
    url: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a set-up. `done` is computed from the data, never stored."""

    title: Text
    done: bool
    url: str = ""
    action: Text = ""
    text: Text = ""


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """Something that happened: an audit record, a run, a state change."""

    when: datetime
    title: Text
    icon: str = ""
    tone: str = NEUTRAL
    actor: Text = ""
    detail: Text = ""
    changes: Mapping[str, Any] | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class JobView:
    """Progress of long work as people see it. The figures come from the work's own row."""

    id: object
    state: str
    label: Text
    done: int = 0
    total: int | None = None
    message: Text = ""
    counts: Iterable[tuple[Text, object]] = field(default_factory=tuple)
    poll_url: str = ""
    url: str = ""
    cancel_url: str = ""

    @property
    def is_moving(self) -> bool:
        """Worth asking again: the work is waiting for a worker or at work."""
        return self.state in ("queued", "running")

    @property
    def percent(self) -> int | None:
        """None while nobody knows how much there is to do."""
        if not self.total:
            return None
        return min(100, self.done * 100 // self.total)

    @property
    def share(self) -> float | None:
        return None if self.percent is None else self.percent / 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of the command palette: a page, a person, a thing."""

    title: Text
    url: str
    note: Text = ""
    icon: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Toast:
    """A short message about what was just done, with a way back where there is one."""

    text: Text
    kind: str = "success"
    undo_url: str = ""

    def add_to(self, response: HttpResponse) -> HttpResponse:
        """Send the toast with an HTMX answer, next to triggers already set."""
        triggers = json.loads(response.headers.get("HX-Trigger", "{}"))
        triggers["toast"] = {"text": str(self.text), "kind": self.kind, "undo": self.undo_url}
        response["HX-Trigger"] = json.dumps(triggers)
        return response
