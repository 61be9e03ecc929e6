"""A mapping tried on real people before it is saved: a preview of the whole directory as it would be read then.

The draft stands in the preview's row. Like every preview it has the lane of previews, so that it neither waits for a
run nor pushes a held one aside; it reads everything and changes nothing.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.campuses.models import Campus, CampusRole
from apps.core.actor import Actor
from apps.core.errors import Invalid
from apps.tenants.jobs import enqueue

from ..models import DirectoryRun, GroupMapping
from ..permissions import DIRECTORY_MANAGE, DIRECTORY_RUN
from ..selectors import linked_organisation
from .acts import RUN_REQUESTED
from .mappings import add_mapping, change_mapping
from .requests import PREVIEW_LANE, RunRefused, end_previews


@dataclass(frozen=True, slots=True)
class Draft:
    """A mapping that is not saved. `mapping_id`: the saved one it would replace, or ""."""

    group_id: str
    group_name: str
    campus_id: str
    role: str
    transitive: bool = True
    active: bool = True
    mapping_id: str = ""

    @classmethod
    def of(cls, run: DirectoryRun) -> "Draft | None":
        return cls(**run.draft) if run.draft else None


def preview_draft(*, actor: Actor, draft: Draft, now: datetime) -> DirectoryRun:
    """Queue a preview with this mapping in place. An older preview that still moves gives way.

    Raises Forbidden, Invalid, RunRefused (no organisation is linked).
    """
    DIRECTORY_MANAGE.require(actor)
    DIRECTORY_RUN.require(actor)
    tenant_id = linked_organisation()
    if not tenant_id:
        raise RunRefused(_("Link your school's Microsoft organisation first."))
    _check(draft)
    run = DirectoryRun(
        kind=DirectoryRun.Kind.PREVIEW, lane=PREVIEW_LANE, tenant_id=tenant_id, draft=asdict(draft), created_at=now,
        requested_by=actor.label[:200], request_id=actor.request_id[:64],
    )  # fmt: skip
    try:
        with transaction.atomic():
            end_previews(DirectoryRun.objects.all(), now)
            run.save(force_insert=True)
            record(actor=actor, act=RUN_REQUESTED, target=run, data={"kind": run.kind, "draft": run.draft}, at=now)
            enqueue("directory.run", run_id=str(run.pk))
    except IntegrityError:
        raise RunRefused(_("Somebody else has just started a preview. Wait a moment, then try again.")) from None
    return run


@transaction.atomic
def save_draft(*, actor: Actor, run: DirectoryRun, now: datetime) -> GroupMapping:
    """Make the mapping that was tried the real one. Raises Forbidden, Invalid, NotVisible, RunRefused."""
    draft = Draft.of(run)
    if draft is None:
        raise RunRefused(_("This preview tries no mapping."))
    if draft.mapping_id:
        return change_mapping(
            actor=actor, mapping_id=UUID(draft.mapping_id), now=now, role=draft.role, transitive=draft.transitive,
            active=draft.active,
        )  # fmt: skip
    return add_mapping(
        actor=actor, group_id=draft.group_id, group_name=draft.group_name, campus_id=UUID(draft.campus_id),
        role=draft.role, transitive=draft.transitive, now=now,
    )  # fmt: skip


def readings_of(run: DirectoryRun) -> list[dict[str, Any]]:
    """What a run has to read: the active mappings, with its draft in place of the saved one."""
    rows = GroupMapping.objects.filter(active=True, campus__archived_at=None).order_by("id")
    fields = ("group_id", "group_name", "campus_id", "role", "transitive")
    draft = Draft.of(run)
    replaced = draft.mapping_id if draft else ""
    found: list[dict[str, Any]] = [
        {"mapping": mapping, **{name: getattr(mapping, name) for name in fields}}
        for mapping in rows
        if str(mapping.pk) != replaced and not (draft and _same_place(mapping, draft))
    ]
    if draft and draft.active:
        found.append({"mapping": None, **{name: getattr(draft, name) for name in fields}})
    return found


def paused_campuses(run: DirectoryRun) -> list[UUID]:
    """The campuses with a paused mapping, where nobody is removed; as the draft would have it."""
    draft = Draft.of(run)
    paused = GroupMapping.objects.filter(active=False)
    if draft and draft.mapping_id:
        paused = paused.exclude(pk=draft.mapping_id)
    found = set(paused.values_list("campus_id", flat=True))
    if draft and not draft.active:
        found.add(UUID(draft.campus_id))
    return sorted(found)


def _same_place(mapping: GroupMapping, draft: Draft) -> bool:
    """Mapping a group to a campus a second time changes the first mapping."""
    return mapping.group_id == draft.group_id and str(mapping.campus_id) == draft.campus_id


def _check(draft: Draft) -> None:
    if not draft.group_id or len(draft.group_id) > 64:
        raise Invalid(_("Choose a group."))
    if draft.role not in CampusRole.values:
        raise Invalid(fields={"role": [_("Choose a role from the list.")]})
    if not Campus.objects.filter(pk=draft.campus_id, archived_at=None).exists():
        raise Invalid(fields={"campus": [_("Choose a campus.")]})
