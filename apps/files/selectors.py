"""Reads: one file for whoever may have it, and how full the school's storage is."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from apps.core.actor import Actor
from apps.core.errors import NotVisible

from . import purposes, rules
from .models import StoredFile


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes stored and allowed."""

    used: int
    allowed: int

    @property
    def is_full(self) -> bool:
        return self.used >= self.allowed


def usage() -> Usage:
    return Usage(used_bytes(), rules.quota_bytes())


def used_bytes() -> int:
    return StoredFile.objects.aggregate(sum=Sum("size"))["sum"] or 0


def figures(**_news: object) -> dict[str, int]:
    """For the platform's list of schools. Runs inside the school."""
    return {"storage": used_bytes()}


def readable_file(*, actor: Actor, file_id: UUID, variant: str) -> StoredFile:
    """A file that exists in this size and that this actor may read now. Raises NotVisible."""
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None or variant not in file.variants:
        raise NotVisible
    purpose = purposes.REGISTRY.get(file.purpose)
    if purpose is None or not purpose.may_read(actor, file):
        raise NotVisible
    return file
