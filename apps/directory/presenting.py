"""Runs and changes as pages show them: words and figures, no rules."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zlib import crc32

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from apps.campuses.models import Campus, CampusRole
from apps.core.components.formats import number
from apps.core.plan import MOVING, State
from apps.core.ui import JobView, Text

from .models import DirectoryChange, DirectoryRun, GroupSubscription
from .rules import hold_threshold
from .services.alerts import Condition, text_of, title_of
from .services.drafts import Draft
from .wording import hold_text, problem_text, reason_text

KIND_LOOKS = {
    "added": ("good", "user-plus"),
    "restored": ("good", "user-check"),
    "updated": ("info", "pencil"),
    "moved": ("info", "arrow-right-left"),
    "stale": ("warn", "user-round-minus"),
    "deactivated": ("bad", "user-x"),
    "removed": ("bad", "user-minus"),
    "skipped": ("neutral", "circle-minus"),
    "conflict": ("warn", "triangle-alert"),
}
FIELD_LABELS: dict[str, Text] = {
    "email": gettext_lazy("E-mail"),
    "upn": gettext_lazy("Microsoft user name"),
    "given_name": gettext_lazy("Given name"),
    "family_name": gettext_lazy("Family name"),
    "department": gettext_lazy("Department"),
    "job_title": gettext_lazy("Job title"),
    "role": gettext_lazy("Role"),
    "groups": gettext_lazy("Groups"),
    "account": gettext_lazy("Account"),
}
ACCOUNTS: dict[str, Text] = {
    "departed": gettext_lazy("closed"),
    "restored": gettext_lazy("open again"),
    "kept": gettext_lazy("stays open"),
    "deleted": gettext_lazy("deleted, as it was made by the run and never used"),
}


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert as pages show it."""

    title: Text
    text: Text
    url: str
    action: Text
    tone: str = "bad"
    icon: str = "circle-alert"


def alert_views(conditions: Iterable[Condition]) -> list[AlertView]:
    return [_alert_view(condition) for condition in conditions]


def _alert_view(condition: Condition) -> AlertView:
    url = reverse("directory:run", args=[condition.run_id]) if condition.run_id else reverse("directory:overview")
    title, text = title_of(condition), text_of(condition)
    if condition.kind == "held":
        url += "?kind=deactivated"
        return AlertView(title, text, url, _("Review the run"), tone="warn", icon="hand")
    return AlertView(title, text, url, _("See the run") if condition.run_id else _("Open the directory"))


@dataclass(frozen=True, slots=True)
class Announcing:
    """Whether Microsoft announces changes: of how many groups, and what is in the way."""

    groups: int
    active: int
    problem: Text = ""
    heard_at: datetime | None = None

    @property
    def all_active(self) -> bool:
        return self.groups > 0 and self.active == self.groups


def announcing(subscriptions: Iterable[GroupSubscription]) -> Announcing:
    known = list(subscriptions)
    code = next((one.error_code for one in known if one.error_code), "")
    return Announcing(
        groups=len(known),
        active=sum(one.state == GroupSubscription.State.ACTIVE for one in known),
        problem=problem_text(code),
        heard_at=max((one.heard_at for one in known if one.heard_at), default=None),
    )


def job_of(run: DirectoryRun, *, followed: bool = False) -> JobView:
    """The run as a progress card. `followed`: the page around it asks for news, the card need not."""
    state = State(run.state)
    reading = state in (State.QUEUED, State.READING)
    counts: list[tuple[Text, object]] = [
        (label, number(run.counts[kind])) for kind, label in DirectoryChange.Kind.choices if run.counts.get(kind)
    ]
    if run.throttles:
        counts.append((_("Pauses requested by Microsoft"), number(run.throttles)))
    return JobView(
        id=run.pk,
        state="queued" if state is State.QUEUED else "running" if state in MOVING else state.value,
        label=pgettext("kind of run", "Undo")
        if run.is_undo
        else _("Preview")
        if run.is_preview
        else _("Directory run"),
        done=run.people_read if reading else run.applied,
        total=run.people_expected if reading else _to_apply(run),
        message=message_of(run),
        counts=counts if run.is_undo else [*_read(run), *counts],
        poll_url="" if followed else reverse("directory:progress", args=[run.pk]),
        url=reverse("directory:run", args=[run.pk]),
        cancel_url=reverse("directory:cancel", args=[run.pk]),
    )


def _read(run: DirectoryRun) -> list[tuple[Text, object]]:
    return [(_("Pages"), number(run.pages)), (_("People read"), number(run.people_read))]


def version_of(run: DirectoryRun) -> str:
    """Changes whenever something that the page of a run shows has changed; begins with the state."""
    facts = (
        run.pages, run.people_read, run.people_expected, run.throttles, run.applied, run.to_apply, run.affected,
        run.resume_at, run.cancel_requested, run.error_code, run.finished_at, run.decided_at,
    )  # fmt: skip
    return f"{run.state}-{crc32(repr(facts).encode()):08x}"


def pause_of(run: DirectoryRun, now: datetime) -> int:
    """Seconds until the page of a run asks again; 0: nothing more will happen by itself."""
    if run.is_moving:
        return 1 if now - run.created_at < timedelta(minutes=2) else 3
    return 15 if run.state == State.PARTIAL.value and run.resume_at else 0


@dataclass(frozen=True, slots=True)
class DraftView:
    """The mapping that a preview tries, in words, and the way back to its editor."""

    group: str
    campus: str
    role: Text
    transitive: bool
    active: bool
    edit_url: str


def draft_of(run: DirectoryRun) -> DraftView | None:
    draft = Draft.of(run)
    if draft is None:
        return None
    if draft.mapping_id:
        base, names = reverse("directory:mapping", args=[draft.mapping_id]), ["role", "transitive", "active"]
    else:
        base, names = reverse("directory:mapping_create"), ["campus_id", "role", "transitive", "group_id"]
    query = {name.removesuffix("_id"): str(getattr(draft, name)) for name in names}
    return DraftView(
        group=draft.group_name,
        campus=Campus.objects.filter(pk=draft.campus_id).values_list("name", flat=True).first() or "",
        role=CampusRole(draft.role).label,
        transitive=draft.transitive,
        active=draft.active,
        edit_url=f"{base}?{urlencode(query)}",
    )


def _to_apply(run: DirectoryRun) -> int | None:
    """What the bar runs to. A preview and a run that waits for a decision apply nothing: no bar."""
    waiting = run.state in (State.PLANNED, State.HELD, State.REFUSED)
    return None if run.is_preview or waiting else run.to_apply or None


def message_of(run: DirectoryRun) -> Text:
    """One sentence: what the run does now, or why it stopped."""
    state = State(run.state)
    if run.cancel_requested and state in MOVING:
        return _("Stopping after the current step…")
    if run.resume_at and state in MOVING:
        return _("Microsoft asks to slow down. The run goes on at %(time)s.") % {"time": _clock_time(run.resume_at)}
    if state is State.PARTIAL and run.resume_at:
        sentence = str(problem_text(run.error_code))
        return f"{sentence} " + _("Next try at %(time)s.") % {"time": _clock_time(run.resume_at)}
    if run.error_code:
        return problem_text(run.error_code)
    if run.is_undo and state in (State.READING, State.PLANNED):
        return _("Comparing what the run did with how things are now.")
    sentences: dict[State, Text] = {
        State.QUEUED: _("Waiting for a worker."),
        State.READING: _("Reading the groups, page by page. Nothing is changed before everything is read."),
        State.PLANNED: _("Comparing with the people who are here."),
        State.APPLYING: _("Applying the changes."),
        State.VERIFYING: _("Verifying what was applied."),
        State.HELD: hold_text(run.hold_reason),
        State.DONE: _("Nothing was changed: this was a preview.") if run.is_preview else _done(run),
        State.REFUSED: _("Refused: nothing was changed."),
        State.CANCELLED: _cancelled(run),
    }
    return sentences.get(state, "")


def _done(run: DirectoryRun) -> Text:
    if run.is_undo and not run.to_apply:
        return _("Nothing was left to take back.")
    if run.to_apply:
        return _("Every change was read back and confirmed.")
    return _("Everyone matches the Microsoft directory: nothing to change.")


def _cancelled(run: DirectoryRun) -> Text:
    if run.applied:
        return _("Cancelled. What had been applied before is listed below.")
    return _("Cancelled: nothing was changed.")


def _clock_time(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%H:%M:%S")


def threshold_of(run: DirectoryRun) -> dict[str, Any]:
    """The figures behind a held run, or behind a preview that would be held."""
    hold = hold_threshold()
    return {
        "affected": run.affected,
        "population": run.population,
        "allowed": hold.allowed(run.population),
        "holds": hold.holds(run.population, run.affected),
    }


def change_rows(
    changes: Any, campuses: Mapping[UUID, str], people: Collection[UUID] = frozenset()
) -> list[dict[str, Any]]:
    """Changes as table rows. `people`: whose page can be opened."""
    return [
        {
            "change": change,
            "tone": KIND_LOOKS[change.kind][0],
            "icon": KIND_LOOKS[change.kind][1],
            "reason": reason_text(change.reason),
            "campus": campuses.get(change.campus_id, ""),
            "fields": fields_of(change),
            "person_url": reverse("portal:person", args=[change.user_id]) if change.user_id in people else "",
        }
        for change in changes
    ]


def fields_of(change: DirectoryChange) -> list[tuple[Text, object, object]]:
    """What changes, field by field, as (label, before, after) in words; the state is told by the kind."""
    shown = []
    for name, label in FIELD_LABELS.items():
        before, after = _word(name, change.before.get(name)), _word(name, change.after.get(name))
        if after is not None and before != after:
            shown.append((label, before or "", after))
    return shown


def _word(name: str, value: Any) -> object:
    if value is None:
        return None
    if name == "role":
        return CampusRole(value).label
    return str(ACCOUNTS.get(value, value)) if name == "account" else value
