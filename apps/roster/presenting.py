"""Plans and changes as pages show them: words and figures, no rules."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.audit.tables import Columns
from apps.campuses.models import CampusRole, Cause, MembershipSource, MembershipState
from apps.core.components.formats import day, number
from apps.core.plan import MOVING, State
from apps.core.ui import JobView, Text

from .models import RosterChange, RosterPlan
from .services.columns import FIELDS
from .wording import HOLDS, PROBLEMS, reason_text

KIND_LOOKS = {
    "added": ("good", "user-plus"),
    "placed": ("good", "map-pin"),
    "restored": ("good", "user-check"),
    "updated": ("info", "pencil"),
    "moved": ("info", "arrow-right-left"),
    "promoted": ("info", "arrow-up"),
    "alumni": ("warn", "graduation-cap"),
    "deactivated": ("bad", "user-x"),
    "removed": ("bad", "user-x"),
    "skipped": ("neutral", "circle-minus"),
    "conflict": ("warn", "triangle-alert"),
}
PLACE_LABELS: dict[str, Text] = {
    "state": gettext_lazy("State"),
    "role": gettext_lazy("Role"),
    "promotion": gettext_lazy("Promotion"),
    "ends_on": gettext_lazy("Access until"),
    "status": gettext_lazy("Account"),
}
LABELS: dict[str, Text] = {**FIELDS, **PLACE_LABELS}
#: Told by the kind of change, or of no interest to people.
SILENT = {"source", "cause"}


#: Plans as a file, whatever they came from.
PLAN_COLUMNS: Columns = {
    "plan": lambda plan: title_of(plan),
    "state": "state",
    "created_at": "created_at",
    "by": "requested_by",
    "changes": "to_apply",
    "undo": "is_undo",
    "counts": lambda plan: [f"{name} {count}" for name, count in sorted(plan.counts.items())],
}


def job_of(run: RosterPlan) -> JobView:
    """The plan as a progress card."""
    state = State(run.state)
    reading = state in (State.QUEUED, State.READING)
    counts: list[tuple[Text, object]] = [
        (label, number(run.counts[kind])) for kind, label in RosterChange.Kind.choices if run.counts.get(kind)
    ]
    return JobView(
        id=run.pk,
        state="queued" if state is State.QUEUED else "running" if state in MOVING else state.value,
        label=title_of(run),
        done=run.rows_read if reading else run.applied,
        total=None if reading or state in (State.PLANNED, State.HELD, State.REFUSED) else run.to_apply or None,
        message=message_of(run),
        counts=counts,
        poll_url=reverse("roster:progress", args=[run.pk]),
        url=reverse("roster:plan", args=[run.pk]),
        cancel_url=reverse("roster:cancel", args=[run.pk]),
    )


def title_of(run: RosterPlan) -> str:
    facts = {"label": run.label}
    if run.is_undo:
        return _("Undo: %(label)s") % facts
    if run.kind == RosterPlan.Kind.ROLLOVER:
        return _("School year %(label)s") % facts
    return run.label


def message_of(run: RosterPlan) -> Text:
    """One sentence: what the plan does now, or why it stopped."""
    state = State(run.state)
    if run.cancel_requested and state in MOVING:
        return _("Stopping after the current step…")
    if run.error_code:
        return run.error_detail or PROBLEMS.get(run.error_code, PROBLEMS["internal"])
    sentences: dict[State, Text] = {
        State.QUEUED: _("Waiting for a worker."),
        State.READING: _("Reading and comparing with the people who are here. Nothing is changed."),
        State.PLANNED: _("Comparing with the people who are here."),
        State.APPLYING: _("Applying the changes."),
        State.VERIFYING: _("Verifying what was applied."),
        State.HELD: HOLDS.get(run.hold_reason, ""),
        State.DONE: _("Every change was read back and confirmed.")
        if run.applied
        else _("There was nothing to change."),
        State.REFUSED: _("Thrown away: nothing was changed."),
        State.CANCELLED: _("Cancelled. What had been applied before is listed below.")
        if run.applied
        else _("Cancelled: nothing was changed."),
    }
    return sentences.get(state, "")


def change_rows(changes: Iterable[RosterChange], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Changes as table rows."""
    return [
        {
            "change": change,
            "tone": KIND_LOOKS[change.kind][0],
            "icon": KIND_LOOKS[change.kind][1],
            "reason": reason_text(change.reason),
            "campus": names.get(str(change.campus_id), ""),
            "fields": fields_of(change, names),
        }
        for change in changes
    ]


def fields_of(change: RosterChange, names: Mapping[str, str]) -> list[tuple[Text, object, object]]:
    """What changes, field by field, as (label, before, after) in words."""
    before, after = change.before or {}, change.after or {}
    shown: list[tuple[Text, object, object]] = []
    for name, label in LABELS.items():
        old, new = _word(name, before.get(name), names), _word(name, after.get(name), names)
        if name in SILENT or old == new or (name == "state" and change.kind in ("placed", "restored", "deactivated")):
            continue
        if new or name in after:
            shown.append((label, old, new))
    return shown


def _word(name: str, value: Any, names: Mapping[str, str]) -> str:
    if value in (None, ""):
        return ""
    choices: dict[str, Any] = {
        "role": CampusRole,
        "state": MembershipState,
        "source": MembershipSource,
        "cause": Cause,
        "status": User.Status,
    }
    if name in choices:
        return str(choices[name](value).label)
    if name in ("promotion", "campus"):
        return names.get(str(value), "")
    if name == "ends_on" and (date := parse_date(str(value))):
        return str(day(date))
    return str(value)


def row_figures(run: RosterPlan) -> list[tuple[Text, int, str, str]]:
    """What becomes of the rows of a file: (label, number, icon, note)."""
    words: list[tuple[str, Text, str, Text]] = [
        ("new", _("New"), "user-plus", _("accounts to make")),
        ("changed", _("Changed"), "pencil", _("details, campus, role or promotion")),
        ("unchanged", _("Unchanged"), "check", _("as in the list already")),
        ("skipped", _("Skipped"), "circle-minus", _("left alone by a rule")),
        ("failed", _("Not usable"), "triangle-alert", _("rows with an error")),
    ]
    return [(label, run.rows.get(word, 0), icon, str(note)) for word, label, icon, note in words]
