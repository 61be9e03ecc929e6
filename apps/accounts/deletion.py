"""Deleting accounts and sessions: what Django would also want to touch is elsewhere, or must not be touched.

Django's admin log lives in the platform's schema only, and the row changes of the audit trail are append-only: they
keep the id of whoever acted, which no longer leads to anybody, and no foreign key (migration audit.0002).
"""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.models import LogEntry as AdminEntry
from django.db.models import CASCADE, SET_NULL
from django.db.models.deletion import Collector

from apps.tenants.context import PUBLIC, current_schema

OnDelete = Callable[..., None]


class Instead:
    """Does something else on deletion, and is for migrations what the library wrote there: its tables stay the same."""

    lazy_sub_objs = True  # or the table, which a school does not have, would be asked first

    def __init__(self, written: OnDelete, does: OnDelete) -> None:
        self._written = written
        self._does = does

    def __call__(self, collector: Collector, field: Any, sub_objs: Any, using: str) -> None:
        self._does(collector, field, sub_objs, using)

    def __eq__(self, other: object) -> bool:
        return other is self or other is self._written

    def __hash__(self) -> int:
        return hash(self._written)


def cascade_on_the_platform(collector: Collector, field: Any, sub_objs: Any, using: str) -> None:
    """CASCADE where the admin log exists; in a school there is nothing to ask for."""
    if current_schema() == PUBLIC:
        CASCADE(collector, field, sub_objs, using)


def set_null_in_a_school(collector: Collector, field: Any, sub_objs: Any, using: str) -> None:
    """SET_NULL where the table exists: a superadmin's session is at no shared device."""
    if current_schema() != PUBLIC:
        SET_NULL(collector, field, sub_objs, using)


def nothing(collector: Collector, field: Any, sub_objs: Any, using: str) -> None:
    """The trail outlives whom it tells about."""


def install() -> None:
    """Called once from AppConfig.ready, when all models are known."""
    from auditlog.models import LogEntry

    AdminEntry._meta.get_field("user").remote_field.on_delete = Instead(CASCADE, cascade_on_the_platform)  # type: ignore[union-attr, assignment]
    LogEntry._meta.get_field("actor").remote_field.on_delete = Instead(SET_NULL, nothing)  # type: ignore[union-attr, assignment]
