"""An object remembers the school it was loaded in and refuses to be written in another."""

from typing import Any

from django.db import models
from django.db.models.signals import post_init, pre_delete, pre_save

from . import context


class CrossSchoolWrite(RuntimeError):
    """A row loaded in one school was about to be written into another."""


def _remember(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    instance._state.school = context.current_schema()  # type: ignore[attr-defined]


def _check(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    loaded = getattr(instance._state, "school", context.current_schema())
    if loaded and loaded != context.current_schema():
        raise CrossSchoolWrite(
            f"{sender._meta.label} was loaded in {loaded!r} and cannot be written in {context.current_schema()!r}"
        )


def install() -> None:
    """Every model of the product is guarded; called once from AppConfig.ready."""
    post_init.connect(_remember, dispatch_uid="tenants.guard.remember")
    pre_save.connect(_check, dispatch_uid="tenants.guard.save")
    pre_delete.connect(_check, dispatch_uid="tenants.guard.delete")
