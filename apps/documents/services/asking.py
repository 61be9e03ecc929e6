"""The school asks for documents: of one association or of many, with a day until when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.associations.models import Association, Status
from apps.associations.selectors import overseen_associations, today_at
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible

from .. import acts, selectors
from ..models import DocumentKind, Dossier
from ..permissions import DOCUMENTS_REVIEW
from . import telling
from .common import locked, note

MOST: Final = 200
TAKES: Final = (Status.APPROVED, Status.DORMANT, Status.SUBMITTED, Status.CHANGES_REQUESTED)


@dataclass(frozen=True, slots=True)
class Planned:
    """What asking would do at one association: for each document whether it is asked for, and what is there."""

    association: Association
    asks: tuple[str, ...]
    remarks: tuple[str, ...]


def chosen(*, actor: Actor, association_ids: Collection[UUID], now: datetime) -> Sequence[Association]:
    """The associations that the actor oversees among these. Raises Forbidden, NotVisible."""
    DOCUMENTS_REVIEW.require(actor)
    ids = set(association_ids)
    rows = list(overseen_associations(actor=actor, now=now).filter(pk__in=ids))
    if len(rows) < len(ids):
        raise NotVisible
    return rows


def preview(
    *, actor: Actor, association_ids: Collection[UUID], kind_ids: Collection[UUID], title: str, due_on: date | None,
    now: datetime,
) -> list[Planned]:  # fmt: skip
    """What `ask` would do, without doing it. Raises Forbidden, Invalid, NotVisible."""
    associations, kinds = _wanted(actor, association_ids, kind_ids, title, due_on, now)
    standing = selectors.standings_of(associations, now)
    plans = []
    for one in associations:
        asks, remarks = [], []
        if one.status not in TAKES:
            plans.append(Planned(one, (), (_("It takes no documents any more."),)))
            continue
        for kind in kinds:
            found = next((row for row in standing[one.pk] if row.kind == kind), None)
            if _is_asked(found.dossier if found else None, due_on) and found and found.waits_for_board:
                remarks.append(_("%(document)s: asked for already until that day.") % {"document": kind.name})
                continue
            asks.append(kind.name)
            if found and found.is_settled and found.newest:
                facts = {"document": kind.name, "day": date_format(found.newest.uploaded_at.date())}
                remarks.append(_("%(document)s: the one of %(day)s no longer counts.") % facts)
        if title.strip():
            asks.append(title.strip())
        plans.append(Planned(one, tuple(asks), tuple(remarks)))
    return plans


@transaction.atomic
def ask(
    *, actor: Actor, association_ids: Collection[UUID], kind_ids: Collection[UUID], due_on: date | None,
    now: datetime, title: str = "", words: str = "",
) -> int:  # fmt: skip
    """Ask for these kinds, and for one more document by its title; how many documents were asked for.

    Boards are told once. What is asked for until the same day already stays as it is. Raises Forbidden, Invalid.
    """
    associations, kinds = _wanted(actor, association_ids, kind_ids, title, due_on, now)
    count = 0
    for seen in sorted(associations, key=lambda one: one.pk):
        association = locked(actor, seen.pk, now)
        if association.status not in TAKES:
            continue
        asked = [found for kind in kinds if (found := _ask(association, kind, "", words, due_on, actor, now))]
        if title.strip() and (found := _ask(association, None, title.strip()[:120], words, due_on, actor, now)):
            asked.append(found)
        if asked:
            telling.asked(association, asked, words.strip(), due_on, now)
        count += len(asked)
    return count


def _ask(
    association: Association, kind: DocumentKind | None, title: str, words: str, due_on: date | None, actor: Actor,
    now: datetime,
) -> Dossier | None:  # fmt: skip
    rows = Dossier.objects.filter(association=association, kind=kind)
    row = (rows if kind else rows.filter(title__iexact=title)).first() or Dossier(
        association=association, kind=kind, title=title
    )
    newest = row.versions.order_by("-number").first() if row.asked_at else None
    answered = newest is not None and row.asked_at is not None and newest.uploaded_at >= row.asked_at
    if _is_asked(row, due_on) and not answered:
        return None
    row.words, row.due_on, row.asked_at = words.strip()[:1000], due_on, now
    row.asked_by_id, row.asked_by = actor.user_id, actor.label[:200]
    row.save()
    note(actor, acts.ASKED, row, now, label=f"{row} · {association}", reason=row.words, data={"due_on": due_on})
    return row


def _is_asked(row: Dossier | None, due_on: date | None) -> bool:
    return row is not None and row.asked_at is not None and row.due_on == due_on


def _wanted(
    actor: Actor, association_ids: Collection[UUID], kind_ids: Collection[UUID], title: str, due_on: date | None,
    now: datetime,
) -> tuple[Sequence[Association], Sequence[DocumentKind]]:  # fmt: skip
    ids = set(association_ids)
    rows = chosen(actor=actor, association_ids=ids, now=now)
    for one in rows:
        DOCUMENTS_REVIEW.require(actor, one)
    kinds = list(selectors.kinds().filter(pk__in=set(kind_ids)))
    faults: dict[str, list[object]] = {}
    if not ids:
        faults["associations"] = [_("Choose at least one association.")]
    elif len(ids) > MOST:
        faults["associations"] = [_("Choose at most %(n)d associations at once.") % {"n": MOST}]
    if not kinds and not title.strip():
        faults["kinds"] = [_("Choose a document, or write which other one you need.")]
    if due_on is not None and rows and due_on < min(today_at(one, now) for one in rows):
        faults["due_on"] = [_("This day is over.")]
    if faults:
        raise Invalid(fields=faults)
    return rows, kinds
