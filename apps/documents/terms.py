"""What follows from a day: plain functions, so that no job has to expire or remind anybody of anything."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from .models import Decision, DocumentKind, Dossier, Renewed, Version

MISSING: Final = "missing"
EXPIRED: Final = "expired"
BEGINNING: Final = timedelta(days=30)  # what a new association has before a date of the year counts for it


def year_of(day: date, begins: int) -> date:
    """The first day of the school year that a day lies in."""
    return date(day.year if day.month >= begins else day.year - 1, begins, 1)


def next_year(day: date, begins: int) -> date:
    first = year_of(day, begins)
    return first.replace(year=first.year + 1)


def due_in(kind: DocumentKind, first: date) -> date:
    """The day of a kind that is due each year, in the school year that begins on `first`."""
    month, day = kind.due_month or first.month, kind.due_day or 1
    year = first.year if month >= first.month else first.year + 1
    while True:
        try:
            return date(year, month, day)
        except ValueError:  # 31 June, 29 February
            day -= 1


def valid_until(kind: DocumentKind | None, day: date, begins: int) -> date | None:
    """The last day on which what is accepted today counts; None: for good."""
    if kind is None or kind.renewed == Renewed.ONCE:
        return None
    if kind.renewed == Renewed.YEARLY:
        return next_year(day, begins) - timedelta(days=1)
    return due_in(kind, next_year(day, begins))


@dataclass(frozen=True, slots=True)
class Standing:
    """One document of one association on a day."""

    kind: DocumentKind | None
    dossier: Dossier | None
    versions: tuple[Version, ...]  # newest first
    state: str
    due_on: date | None
    is_overdue: bool

    @property
    def title(self) -> str:
        return self.kind.name if self.kind else self.dossier.title if self.dossier else ""

    @property
    def key(self) -> str:
        """What its form says it is for."""
        return str(self.kind.pk) if self.kind else f"d:{self.dossier.pk}" if self.dossier else ""

    @property
    def newest(self) -> Version | None:
        return self.versions[0] if self.versions else None

    @property
    def is_required(self) -> bool:
        """Asked for by its kind, or by the school besides."""
        asked = self.dossier is not None and self.dossier.asked_at is not None
        return asked or (self.kind is not None and self.kind.is_required)

    @property
    def is_settled(self) -> bool:
        """There is nothing to do about it, by nobody."""
        return self.state == Decision.ACCEPTED

    @property
    def waits_for_board(self) -> bool:
        return self.is_required and self.state in (MISSING, EXPIRED, Decision.CHANGES)


def counts(version: Version, dossier: Dossier, day: date) -> bool:
    """Whether this version is accepted and still valid, and the school did not ask again since it came."""
    again = dossier.asked_at is not None and version.uploaded_at < dossier.asked_at
    ended = version.valid_until is not None and version.valid_until < day
    return version.decision == Decision.ACCEPTED and not again and not ended


def standing(
    kind: DocumentKind | None, dossier: Dossier | None, versions: tuple[Version, ...], *, day: date, begins: int,
    opens_on: date | None,
) -> Standing:  # fmt: skip
    """What a document is on a day, and until when it should have come."""
    state = _state(dossier, versions, day)
    due = _due(kind, dossier, versions, day, begins, opens_on)
    required = (dossier is not None and dossier.asked_at is not None) or (kind is not None and kind.is_required)
    open_ = state in (MISSING, EXPIRED, Decision.CHANGES)
    late = required and open_ and due is not None and due < day
    return Standing(kind, dossier, versions, state, due, late)


def _state(dossier: Dossier | None, versions: tuple[Version, ...], day: date) -> str:
    if dossier is None or not versions:
        return MISSING
    newest = versions[0]
    asked_again = dossier.asked_at is not None and newest.uploaded_at < dossier.asked_at
    if asked_again:
        return MISSING
    if newest.decision == Decision.ACCEPTED:
        return str(Decision.ACCEPTED) if counts(newest, dossier, day) else EXPIRED
    return str(newest.decision)


def _due(
    kind: DocumentKind | None, dossier: Dossier | None, versions: tuple[Version, ...], day: date, begins: int,
    opens_on: date | None,
) -> date | None:  # fmt: skip
    if dossier is not None and dossier.due_on is not None:
        return dossier.due_on
    accepted = [one for one in versions if one.decision == Decision.ACCEPTED]
    if accepted and accepted[0].valid_until is not None and accepted[0].valid_until < day:
        return accepted[0].valid_until
    if kind is None or kind.renewed != Renewed.BEFORE:
        return None
    due = due_in(kind, year_of(day, begins))
    return max(due, opens_on + BEGINNING) if opens_on else due
