"""Reads: which documents an association has, who may see them, and what else those who oversee look at."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from apps.associations.models import Association, Founder
from apps.associations.permissions import WORKSPACE
from apps.associations.selectors import get_association, overseen_associations, today_at
from apps.core.actor import Actor
from apps.core.errors import NotVisible
from apps.files.models import StoredFile
from apps.tenants.features import value

from .models import Decision, DocumentKind, Dossier, Logo, Version
from .permissions import DOCUMENTS_REVIEW
from .rules import YEAR_BEGINS
from .terms import Standing, standing


def kinds() -> QuerySet[DocumentKind]:
    """What the school wants now, in its order."""
    return DocumentKind.objects.filter(archived_at=None)


def applies(kind: DocumentKind, association: Association) -> bool:
    if association.is_request and not kind.at_request:
        return False
    return not kind.needed_of or association.kind in kind.needed_of


def year_begins() -> int:
    return int(value(YEAR_BEGINS.key))


def standings(association: Association, now: datetime) -> list[Standing]:
    """Every document of an association as it is today at its seat."""
    return standings_of([association], now)[association.pk]


def standings_of(associations: Sequence[Association], now: datetime) -> dict[UUID, list[Standing]]:
    """The same for many, in three queries however many there are."""
    wanted, begins = list(kinds()), year_begins()
    newest_first = Prefetch("versions", Version.objects.order_by("-number").select_related("same_as"))
    rows = Dossier.objects.filter(association__in=[one.pk for one in associations])
    by_association: dict[UUID, list[Dossier]] = defaultdict(list)
    for row in rows.select_related("kind").prefetch_related(newest_first).order_by("asked_at", "pk"):
        by_association[row.association_id].append(row)
    found = {}
    for one in associations:
        day, mine = today_at(one, now), by_association[one.pk]
        of_kind = {row.kind_id: row for row in mine if row.kind_id}
        pairs: list[tuple[DocumentKind | None, Dossier | None]] = [
            (kind, of_kind.pop(kind.pk, None)) for kind in wanted if applies(kind, one)
        ]
        pairs += [(row.kind, row) for row in mine if row.kind_id is None or row.kind_id in of_kind]
        found[one.pk] = [
            standing(
                kind, row, tuple(row.versions.all()) if row else (), day=day, begins=begins, opens_on=one.opens_on
            )
            for kind, row in pairs
        ]  # fmt: skip
    return found


# --- who may see and send --------------------------------------------------------------------------------


def is_founder(actor: Actor, association: Association) -> bool:
    rows = Founder.objects.filter(association=association, user=actor.user_id, declined_at=None)
    return actor.user_id is not None and rows.exists()


def is_of_board(actor: Actor, association_id: UUID) -> bool:
    """Holds the inner pages at this association itself: no look of the school, and may hand in."""
    return any(
        held.scope.kind == "association" and held.scope.id == association_id and held.gives(WORKSPACE)
        for held in actor.held
    )


def may_send(actor: Actor, association: Association) -> bool:
    """Board and founders; the school for them, as when a paper is brought to its office."""
    inside = is_founder(actor, association) if association.is_request else is_of_board(actor, association.pk)
    return inside or DOCUMENTS_REVIEW.allows(actor, association)


def may_see(actor: Actor, association: Association) -> bool:
    return may_send(actor, association) or (not association.is_request and WORKSPACE.allows(actor, association))


def get_version(*, actor: Actor, version_id: UUID, now: datetime) -> Version:
    """Raises NotVisible."""
    row = Version.objects.select_related("dossier__association__seat", "dossier__kind", "file").filter(pk=version_id)
    found = row.first()
    if found is None or not may_see(actor, found.dossier.association):
        raise NotVisible
    get_association(actor=actor, association_id=found.dossier.association_id, now=now)
    return found


def file_is_readable(actor: Actor, file: StoredFile) -> bool:
    """For the link to a file: whoever may see the documents of the association it belongs to."""
    row = Version.objects.select_related("dossier__association__seat").filter(file=file).first()
    return row is not None and may_see(actor, row.dossier.association)


def logo_is_readable(actor: Actor, file: StoredFile) -> bool:
    """A logo is shown wherever its association is named, also to visitors of its public page."""
    return Logo.objects.filter(file=file).exists()


def logos() -> dict[UUID, UUID]:
    """The file of each association that has a logo."""
    return dict(Logo.objects.values_list("association_id", "file_id"))


# --- for the school --------------------------------------------------------------------------------------


def waiting_versions(*, actor: Actor, now: datetime) -> QuerySet[Version]:
    """Newest versions that the school has not decided about, the oldest first. Raises Forbidden."""
    DOCUMENTS_REVIEW.require_held(actor)
    mine = overseen_associations(actor=actor, now=now).order_by().values("pk")
    rows = Version.objects.filter(decision=Decision.WAITING, dossier__association__in=mine)
    return rows.select_related("dossier__association__seat", "dossier__kind", "file").order_by("uploaded_at", "pk")


def waiting_count(actor: Actor) -> int | None:
    """The figure in the navigation."""
    return waiting_versions(actor=actor, now=timezone.now()).count() or None if DOCUMENTS_REVIEW.allows(actor) else None


def overdue(rows: Iterable[Standing]) -> list[Standing]:
    return [row for row in rows if row.is_overdue]


def open_titles(association: Association, now: datetime) -> list[Standing]:
    """Required documents that are not accepted today."""
    return [row for row in standings(association, now) if row.is_required and not row.is_settled]


def earliest_due(rows: Iterable[Standing]) -> date | None:
    return min((row.due_on for row in rows if row.due_on and row.waits_for_board), default=None)
