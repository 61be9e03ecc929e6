"""An archive of one's own data: asked for, built by a job, fetched for a week, by oneself only (IDN-12, L2)."""

import json
import logging
import tempfile
import zipfile
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible
from apps.core.permissions import require_fresh
from apps.core.records import Subject
from apps.files import services as files
from apps.files.models import StoredFile
from apps.files.purposes import declare
from apps.tenants.context import current
from apps.tenants.jobs import enqueue

from .. import acts
from ..models import DataExport, User
from ..selectors import own_id
from . import own_data
from .own_data import Part

logger = logging.getLogger("campanile.rights")

KEPT = timedelta(days=7)
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 4
BATCH = 500
State = DataExport.State


def is_own(actor: Actor, file: StoredFile) -> bool:
    if actor.user_id is None:
        return False
    return DataExport.objects.filter(file=file, user_id=actor.user_id, expires_at__gt=timezone.now()).exists()


ARCHIVE = declare("archive", _("Archive of personal data"), most_bytes=2_000_000_000, may_read=is_own)


class TooManyExports(DomainError):
    code = "too-many-exports"

    def __init__(self) -> None:
        super().__init__(_("You have asked for three archives today. Fetch the last one, or come back tomorrow."))


@transaction.atomic
def request_export(*, actor: Actor, now: datetime) -> DataExport:
    """Ask for an archive of one's own data; while one is being made, that one. Raises TooManyExports."""
    user = User.objects.select_for_update().filter(pk=own_id(actor)).first()
    if user is None:
        raise NotVisible
    moving = DataExport.objects.filter(user=user, state__in=(State.QUEUED, State.RUNNING)).first()
    if moving is not None:
        return moving
    if DataExport.objects.filter(user=user, requested_at__gt=now - timedelta(days=1)).count() >= 3:
        raise TooManyExports
    export = DataExport.objects.create(user=user, requested_at=now)
    record(actor=actor, act=acts.DATA_EXPORT_REQUESTED, target=user, at=now)
    ring(export)
    return export


def ring(export: DataExport) -> None:
    enqueue("accounts.export_data", export_id=str(export.pk))


def build(*, export_id: UUID, now: datetime) -> str:
    """Make the archive; its state then. Safe to call again after a crash: it starts anew and leaves one file."""
    export = _claim(export_id, now)
    if export is None:
        return ""
    user = User.objects.get(pk=export.user_id)
    try:
        if export.attempts > MOST_ATTEMPTS:
            raise RuntimeError("gave up")
        with translation.override(user.locale or translation.get_language()), tempfile.TemporaryFile() as target:
            _write(export, user, target, now)
            size = target.tell()
            target.seek(0)
            content = File(target, name="archive.zip")
            content.size = size
            _finish(export, content, now)
    except DomainError as refused:
        _fail(export, refused.code, now)
    except Exception:
        if export.attempts >= MOST_ATTEMPTS:
            _fail(export, "internal", now)
        raise
    return export.state


def _claim(export_id: UUID, now: datetime) -> DataExport | None:
    """Take the work unless somebody living has it."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    taken = DataExport.objects.filter(free, pk=export_id, state__in=(State.QUEUED, State.RUNNING)).update(
        state=State.RUNNING, lease_until=now + LEASE, started_at=now, attempts=F("attempts") + 1, done=0
    )
    return DataExport.objects.get(pk=export_id) if taken else None


def _write(export: DataExport, user: User, target: Any, now: datetime) -> None:
    subject = own_data.subject_of(user)
    found = own_data.parts(subject)
    DataExport.objects.filter(pk=export.pk).update(total=len(found) + 1)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        names: list[str] = []
        for number, part in enumerate(found, start=1):
            _write_part(archive, part, subject)
            names += _write_files(archive, part, subject)
            DataExport.objects.filter(pk=export.pk).update(done=number, lease_until=timezone.now() + LEASE)
        context = {
            "me": user,
            "school_name": current().name,
            "made_at": now,
            "groups": own_data.readable(subject, most=500),
            "files": names,
            "language": translation.get_language(),
        }
        archive.writestr("index.html", render_to_string("accounts/archive.html", context))


def _write_part(archive: zipfile.ZipFile, part: Part, subject: Subject) -> None:
    """A JSON list, row by row: memory does not grow with what is kept."""
    with archive.open(f"data/{part.name}.json", "w") as out:
        out.write(b"[\n")
        rows = part.record.rows_of(subject, part.party).iterator(chunk_size=BATCH)
        for number, row in enumerate(rows):
            text = json.dumps(own_data.as_data(part, row), cls=_Encoder, ensure_ascii=False)
            out.write((",\n" if number else "").encode() + text.encode())
        out.write(b"\n]\n")


def _write_files(archive: zipfile.ZipFile, part: Part, subject: Subject) -> list[str]:
    names = []
    for file in own_data.files_of(part, subject):
        variant = max(file.variants, key=lambda name: file.variants[name])
        name = f"files/{file.purpose}-{file.pk.hex[:12]}.{file.extension}"
        with default_storage.open(file.path(variant), "rb") as source, archive.open(name, "w") as out:
            for chunk in source.chunks():
                out.write(chunk)
        names.append(name)
    return names


class _Encoder(DjangoJSONEncoder):
    def default(self, value: Any) -> Any:
        return value.tobytes().hex() if isinstance(value, memoryview) else super().default(value)


@transaction.atomic
def _finish(export: DataExport, content: File, now: datetime) -> None:
    expires = now + KEPT
    file = files.store_file(
        purpose=ARCHIVE,
        content=content,
        content_type="application/zip",
        extension="zip",
        filename=f"campanile-{timezone.localdate(now).isoformat()}.zip",
        now=now,
        expires_at=expires,
    )
    export.state, export.file, export.expires_at = State.DONE, file, expires
    export.finished_at, export.lease_until, export.error = timezone.now(), None, ""
    export.done = F("total")
    export.save()
    export.refresh_from_db()
    record(
        actor=Actor.system("archive of personal data"), act=acts.DATA_EXPORTED, target=export.user,
        data={"bytes": file.size},
    )  # fmt: skip


def _fail(export: DataExport, code: str, now: datetime) -> None:
    export.state, export.error, export.finished_at, export.lease_until = State.FAILED, code, now, None
    export.save(update_fields=["state", "error", "finished_at", "lease_until"])


def sweep(now: datetime) -> int:
    """Ring again for archives that a lost bell or a dead worker left behind."""
    left = DataExport.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now))
    due = list(left.filter(state__in=(State.QUEUED, State.RUNNING), requested_at__lt=now - timedelta(minutes=1))[:100])
    for export in due:
        ring(export)
    return len(due)


def own_export(*, actor: Actor, export_id: UUID) -> DataExport:
    """One of the actor's own. Raises NotVisible."""
    export = DataExport.objects.filter(pk=export_id, user_id=own_id(actor)).first()
    if export is None:
        raise NotVisible
    return export


@transaction.atomic
def own_download(*, actor: Actor, export_id: UUID, now: datetime) -> StoredFile:
    """The archive, for its person, while it is kept; each fetch is recorded. Raises NotVisible, StepUpRequired."""
    require_fresh(actor)
    export = (
        DataExport.objects.select_related("file", "user")
        .filter(pk=export_id, user_id=own_id(actor), expires_at__gt=now)
        .first()
    )
    if export is None or export.file is None:
        raise NotVisible
    record(actor=actor, act=acts.DATA_FETCHED, target=export.user, at=now)
    return export.file
