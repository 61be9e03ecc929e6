"""Files come and go together with the row that tells about them; what is left over is swept up at night."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from apps.core.components.formats import size as size_in_words
from apps.core.errors import DomainError
from apps.core.ids import new_id
from apps.core.pictures import CONTENT_TYPE, EXTENSION, rewritten
from apps.tenants.context import current_schema, selected

from . import purposes, rules, selectors
from .models import StoredFile
from .purposes import Purpose

logger = logging.getLogger("campanile.files")

WRITING = 7_245_130  # advisory lock class: the quota is counted by one writer of a school at a time
GRACE = timedelta(hours=24)  # a file without a row, or a row that nobody points to, may still be on its way
BATCH = 500


class TooLarge(DomainError):
    code = "file-too-large"
    status = 422

    def __init__(self, most: int) -> None:
        super().__init__(_("The file is too large. Choose one of at most %(most)s.") % {"most": size_in_words(most)})


class StorageFull(DomainError):
    code = "storage-full"
    status = 422

    def __init__(self, used: int, allowed: int) -> None:
        super().__init__(
            _(
                "Your school's storage is full: %(used)s of %(allowed)s are used. "
                "Delete files that are no longer needed, or ask for a plan with more storage."
            )
            % {"used": size_in_words(used), "allowed": size_in_words(allowed)}
        )


def read_upload(upload: File, purpose: Purpose) -> bytes:
    """The bytes of an upload, unless there are too many. Raises TooLarge."""
    if (upload.size or 0) > purpose.most_bytes:
        raise TooLarge(purpose.most_bytes)
    data = upload.read(purpose.most_bytes + 1)
    if len(data) > purpose.most_bytes:  # a size that was only claimed
        raise TooLarge(purpose.most_bytes)
    return data


@transaction.atomic
def store_picture(*, purpose: Purpose, data: bytes, now: datetime) -> StoredFile:
    """Keep a picture in the sizes of its purpose, written anew. For services that have asked for permission.

    Raises NotAPicture, TooManyPixels, TooLarge, StorageFull.
    """
    if len(data) > purpose.most_bytes:
        raise TooLarge(purpose.most_bytes)
    contents: dict[str, File] = {name: ContentFile(content) for name, content in rewritten(data, purpose.sizes).items()}
    return _store(purpose, contents, CONTENT_TYPE, EXTENSION, "", now, None)


@transaction.atomic
def store_file(
    *,
    purpose: Purpose,
    content: File,
    content_type: str,
    extension: str,
    filename: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> StoredFile:
    """Keep a file that we made ourselves (an archive, a document). Raises TooLarge, StorageFull."""
    if content.size > purpose.most_bytes:
        raise TooLarge(purpose.most_bytes)
    return _store(purpose, {"": content}, content_type, extension, filename, now, expires_at)


def _store(
    purpose: Purpose,
    contents: dict[str, File],
    content_type: str,
    extension: str,
    filename: str,
    now: datetime,
    expires_at: datetime | None,
) -> StoredFile:
    file = StoredFile(
        id=new_id(),
        purpose=purpose.code,
        content_type=content_type,
        extension=extension,
        variants={name: content.size for name, content in contents.items()},
        size=sum(content.size for content in contents.values()),
        filename=filename,
        created_at=now,
        expires_at=expires_at,
    )
    _within_quota(file.size)
    file.save(force_insert=True)
    written: list[str] = []
    try:
        for name, content in contents.items():
            stored = default_storage.save(file.path(name), content)
            written.append(stored)
            if stored != file.path(name):  # an id that exists already: never overwrite, never guess
                raise FileExistsError(stored)
    except Exception:
        _remove(written)
        raise
    return file


def _within_quota(more: int) -> None:
    """Raise StorageFull. The lock is held to the end of the transaction, so two uploads cannot share one rest."""
    tenancy = selected()
    if tenancy is None or tenancy.is_platform:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [WRITING, current_schema()])
    used, allowed = selectors.used_bytes(), rules.quota_bytes()
    if used + more > allowed:
        raise StorageFull(used, allowed)


def delete_file(file: StoredFile | None) -> None:
    """The row goes now, the contents when that is committed. None is nothing to do."""
    if file is None:
        return
    paths = [file.path(name) for name in file.variants]
    StoredFile.objects.filter(pk=file.pk).delete()
    transaction.on_commit(lambda: _remove(paths))


def _remove(paths: Iterable[str]) -> None:
    """A storage that does not answer is no reason to fail what was done: the sweep comes again."""
    for path in paths:
        try:
            default_storage.delete(path)
        except OSError:
            logger.warning("a file could not be deleted", extra={"path": path})


# --- the sweep -------------------------------------------------------------------------------------------


def sweep(*, now: datetime) -> dict[str, int]:
    """Delete what expired, rows that nothing points to, and contents without a row; returns how many of each.

    Safe to kill and to repeat. What is younger than a day is left alone: it may be on its way.
    """
    return {
        "expired": delete_rows(StoredFile.objects.filter(expires_at__lte=now)),
        "unused": delete_rows(_unused(now)),
        "orphans": _delete_orphans(now),
    }


def delete_rows(rows: models.QuerySet[StoredFile]) -> int:
    """Rows with their contents, one transaction each; returns how many."""
    count = 0
    for file in rows.iterator(chunk_size=BATCH):
        with transaction.atomic():
            delete_file(file)
        count += 1
    return count


def _unused(now: datetime) -> models.QuerySet[StoredFile]:
    """Old rows that no foreign key of this schema points to and that their purpose does not claim."""
    rows = StoredFile.objects.filter(created_at__lt=now - GRACE)
    for model, field in pointing_fields():
        rows = rows.exclude(models.Exists(model._base_manager.filter(**{field.name: models.OuterRef("pk")})))
    claimed = [
        file.pk
        for code, purpose in purposes.REGISTRY.items()
        if purpose.in_use is not None
        for file in rows.filter(purpose=code)
        if purpose.in_use(file)
    ]
    return rows.exclude(pk__in=claimed)


def _delete_orphans(now: datetime) -> int:
    """Contents in the folders of our purposes whose row is gone, as after a crash between the two."""
    count = 0
    for code in purposes.REGISTRY:
        try:
            _folders, names = default_storage.listdir(code)
        except (FileNotFoundError, NotADirectoryError):
            continue
        found = {name: id_ for name in names if (id_ := _id_of(name))}
        for start in range(0, len(found), BATCH):
            some = dict(list(found.items())[start : start + BATCH])
            known = {
                PurePosixPath(file.path(variant)).name
                for file in StoredFile.objects.filter(pk__in=set(some.values()))
                for variant in file.variants
            }
            for name in some.keys() - known:
                path = f"{code}/{name}"
                if default_storage.get_modified_time(path) < now - GRACE:
                    _remove([path])
                    count += 1
    return count


def _id_of(name: str) -> UUID | None:
    try:
        return UUID(name[:32])
    except ValueError:
        return None


def delete_with_record(sender: type[models.Model], instance: models.Model, **_: object) -> None:
    """post_delete of every model that points to a file: the file goes with its record."""
    for model, field in pointing_fields():
        if model is sender and (file_id := getattr(instance, field.attname)):
            delete_file(StoredFile.objects.filter(pk=file_id).first())


def pointing_fields() -> list[tuple[type[models.Model], models.ForeignKey]]:
    """Every foreign key to a stored file, with its model."""
    relations: list[Any] = StoredFile._meta.get_fields(include_hidden=True)
    return [(one.related_model, one.field) for one in relations if one.auto_created and not one.concrete]
