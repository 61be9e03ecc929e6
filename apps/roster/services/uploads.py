"""From an upload to a queued import: keep the file, look at its first rows, choose what its columns mean."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.campuses.models import Campus, CampusRole, Promotion
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.core.plan import State
from apps.core.plan.desk import PlanRefused

from ..models import ImportFile, RosterPlan
from ..permissions import ROSTER_IMPORT
from . import columns as meaning
from . import tables
from .acts import FILE_REMOVED, FILE_UPLOADED
from .plans import DESKS, request_plan

SAMPLE: Final = 6
Kind = RosterPlan.Kind


class FileForgotten(DomainError):
    """The content was deleted, after the import or after a day."""

    code = "file-forgotten"
    status = 410


@transaction.atomic
def upload_list(*, actor: Actor, name: str, content: bytes, now: datetime) -> ImportFile:
    """Keep a list for the next step. Raises Forbidden, BadFile (with what to do)."""
    ROSTER_IMPORT.require(actor)
    table = tables.open_table(content)
    sample = [cells for _number, cells in islice(table.rows, SAMPLE)]
    if not sample:
        raise tables.BadFile(_("The list has headings, but no rows."))
    file = ImportFile(
        name=_safe_name(name),
        content=content,
        size=len(content),
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        header=table.header,
        sample=sample,
        uploaded_by=actor.label[:200],
        uploaded_by_id=actor.user_id,
        created_at=now,
    )
    file.save(force_insert=True)
    record(actor=actor, act=FILE_UPLOADED, target=file, data={"bytes": file.size}, at=now)
    return file


def start_import(
    *,
    actor: Actor,
    file_id: UUID,
    columns: Sequence[str],
    now: datetime,
    campus_id: UUID | None = None,
    role: str = "",
    promotion_id: UUID | None = None,
    complete: bool = False,
) -> RosterPlan:
    """Remember what the columns mean and queue the preview. A preview of the same file that waits gives way.

    `campus_id`, `role`, `promotion_id` stand in for missing columns and empty cells. `complete`: who came by a list
    and is not in this one any more loses the place. Raises Forbidden, NotVisible, FileForgotten, Invalid, PlanRefused.
    """
    ROSTER_IMPORT.require(actor)
    _check_places(campus_id, role, promotion_id)
    try:
        with transaction.atomic():
            file = _usable(file_id)
            chosen = meaning.checked(file.header, columns)
            meaning.remember(file.header, chosen)
            for waiting in RosterPlan.objects.filter(file=file, state=State.HELD.value):
                DESKS[Kind.FILE].refuse(actor=actor, run_id=waiting.pk, now=now)
            options = {
                "columns": chosen, "campus": str(campus_id or ""), "role": role, "promotion": str(promotion_id or ""),
                "complete": complete,
            }  # fmt: skip
            return request_plan(actor=actor, kind=Kind.FILE, label=file.name, now=now, options=options, file=file)
    except IntegrityError:
        raise PlanRefused(_("Another import is under way. Wait for it, then try again.")) from None


@transaction.atomic
def remove_list(*, actor: Actor, file_id: UUID, now: datetime) -> None:
    """Delete an uploaded list that was not imported. Safe to repeat."""
    ROSTER_IMPORT.require(actor)
    file = ImportFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None or file.plans.exists():
        return
    record(actor=actor, act=FILE_REMOVED, target=file, at=now)
    file.delete()


def _usable(file_id: UUID) -> ImportFile:
    file = ImportFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None:
        raise NotVisible()
    if not file.content:
        raise FileForgotten(_("This file was deleted after its import, or after a day. Upload it again."))
    return file


def _check_places(campus_id: UUID | None, role: str, promotion_id: UUID | None) -> None:
    if campus_id and not Campus.objects.filter(pk=campus_id, archived_at=None).exists():
        raise Invalid(fields={"campus": [_("Choose from the list.")]})
    if role and role not in CampusRole.values:
        raise Invalid(fields={"role": [_("Choose from the list.")]})
    if promotion_id and not Promotion.objects.filter(pk=promotion_id).exists():
        raise Invalid(fields={"promotion": [_("Choose from the list.")]})
    if (role or promotion_id) and not campus_id:
        return  # they may complete rows that name a campus


def _safe_name(name: str) -> str:
    """The last part of what the browser called the file, as one line."""
    last = name.replace("\\", "/").rpartition("/")[2].translate(tables.CONTROL).strip()
    return "".join(one for one in last if one.isprintable())[:200] or "list"
