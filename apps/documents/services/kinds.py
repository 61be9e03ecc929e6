"""The school's own list of documents."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.associations.models import Kind
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible

from .. import acts
from ..models import DocumentKind, Renewed
from ..permissions import DOCUMENTS_POLICY
from .common import note

FIELDS: Final = (
    "name", "help_text", "is_required", "at_request", "needed_of", "renewed", "due_month", "due_day",
    "same_is_enough", "is_financial",
)  # fmt: skip
#: What French schools usually ask for. The texts belong to the school from then on, so they are in its language.
USUAL: Final[tuple[dict[str, Any], ...]] = (
    {"code": "statuts", "name": "Statuts signés", "at_request": True,
     "help_text": "La dernière version, datée et signée par deux membres du bureau."},
    {"code": "bureau", "name": "Liste du bureau", "renewed": "yearly",
     "help_text": "Noms, fonctions et dates de mandat."},
    {"code": "assurance", "name": "Attestation d’assurance responsabilité civile", "renewed": "yearly",
     "same_is_enough": False, "help_text": "En cours de validité pour toute l’année scolaire."},
    {"code": "pv-ag", "name": "Procès-verbal de l’assemblée générale", "renewed": "before", "due_month": 12,
     "due_day": 15, "same_is_enough": False, "help_text": "Celui de la dernière assemblée, avec le vote des comptes."},
    {"code": "rapport", "name": "Rapport d’activité", "renewed": "before", "due_month": 10, "due_day": 31,
     "same_is_enough": False, "help_text": "Deux pages suffisent : ce qui a été fait, avec combien de personnes."},
    {"code": "rib", "name": "RIB du compte de l’association", "is_financial": True, "renewed": "yearly",
     "help_text": "Au nom de l’association, jamais d’une personne."},
    {"code": "comptes", "name": "Comptes annuels", "is_financial": True, "renewed": "before", "due_month": 12,
     "due_day": 15, "same_is_enough": False, "needed_of": ["student-union", "junior-enterprise", "sport", "arts"],
     "help_text": "Recettes et dépenses de l’exercice, approuvées par l’assemblée générale."},
    {"code": "recepisse", "name": "Récépissé de déclaration en préfecture", "is_required": False,
     "help_text": "Pour les associations déclarées (numéro RNA)."},
)  # fmt: skip


@transaction.atomic
def adopt_usual(*, actor: Actor, now: datetime) -> int:
    """Start from the usual list; what is there already stays as it is. How many were added."""
    DOCUMENTS_POLICY.require(actor)
    known = set(DocumentKind.objects.values_list("code", flat=True))
    count = 0
    for place, facts in enumerate(USUAL):
        if facts["code"] not in known:
            row = DocumentKind.objects.create(position=place, **facts)
            note(actor, acts.KIND_DEFINED, row, now)
            count += 1
    return count


@transaction.atomic
def define_kind(*, actor: Actor, now: datetime, **fields: Any) -> DocumentKind:
    """A further kind, at the end of the list. Raises Forbidden, Invalid."""
    DOCUMENTS_POLICY.require(actor)
    row = DocumentKind(position=(DocumentKind.objects.aggregate(last=Max("position"))["last"] or 0) + 1)
    _fill(row, fields)
    base = slugify(row.name)[:30] or "document"
    taken = set(DocumentKind.objects.filter(code__startswith=base).values_list("code", flat=True))
    numbered = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    row.code = next(code for code in numbered if code not in taken)
    row.save(force_insert=True)
    note(actor, acts.KIND_DEFINED, row, now)
    return row


@transaction.atomic
def change_kind(*, actor: Actor, kind_id: UUID, now: datetime, **fields: Any) -> DocumentKind:
    """Change the given fields. What was accepted keeps the day until which it counts."""
    DOCUMENTS_POLICY.require(actor)
    row = _locked(kind_id)
    before = {name: getattr(row, name) for name in FIELDS}
    _fill(row, fields)
    changes = {name: [before[name], getattr(row, name)] for name in FIELDS if before[name] != getattr(row, name)}
    if changes:
        row.save(update_fields=list(changes))
        note(actor, acts.KIND_CHANGED, row, now, changes=changes)
    return row


@transaction.atomic
def archive_kind(*, actor: Actor, kind_id: UUID, now: datetime) -> DocumentKind:
    """Nobody is asked for it any more; what was handed in stays. Safe to repeat."""
    DOCUMENTS_POLICY.require(actor)
    row = _locked(kind_id)
    if row.archived_at is None:
        row.archived_at = now
        row.save(update_fields=["archived_at"])
        note(actor, acts.KIND_ARCHIVED, row, now)
    return row


def get_kind(*, actor: Actor, kind_id: UUID) -> DocumentKind:
    """Archived or not, for those who govern kinds. Raises Forbidden, NotVisible."""
    DOCUMENTS_POLICY.require(actor)
    row = DocumentKind.objects.filter(pk=kind_id).first()
    if row is None:
        raise NotVisible
    return row


def _locked(kind_id: UUID) -> DocumentKind:
    row = DocumentKind.objects.select_for_update().filter(pk=kind_id).first()
    if row is None:
        raise NotVisible
    return row


def _fill(row: DocumentKind, fields: dict[str, Any]) -> None:
    for name, given in fields.items():
        if name not in FIELDS:
            raise TypeError(f"unknown field {name!r}")
        setattr(row, name, given.strip() if isinstance(given, str) else given)
    if row.renewed != Renewed.BEFORE:
        row.due_month = row.due_day = None
    faults: dict[str, list[object]] = {}
    if not row.name or len(row.name) > 120:
        faults["name"] = [_("Enter a name of at most 120 characters.")]
    if row.renewed not in Renewed.values:
        faults["renewed"] = [_("Choose one of the values of the list.")]
    if set(row.needed_of) - set(Kind.values):
        faults["needed_of"] = [_("Choose one of the values of the list.")]
    if row.renewed == Renewed.BEFORE:
        if row.due_month not in range(1, 13):
            faults["due_month"] = [_("Enter a month from 1 to 12.")]
        if row.due_day not in range(1, 32):
            faults["due_day"] = [_("Enter a day from 1 to 31.")]
    if faults:
        raise Invalid(fields=faults)
