"""Row changes by django-auditlog: which columns of key tables changed, beside the acts that say why.

Only `Model.save` and `Model.delete` pass through it. Bulk statements (COPY, MERGE, `QuerySet.update`) do not; the
services that use them record an event with counts instead.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.db import connection
from django.db.models import Model
from django.db.models.signals import pre_save
from django.http import HttpRequest

from apps.core import requestinfo

_request: ContextVar[HttpRequest | None] = ContextVar("row_changes_request", default=None)
NEVER_STORED = ("password", "last_login")


def track(model: type[Model], exclude: Iterable[str] = ()) -> None:
    """Keep the row changes of this model; call it from ready() of the app that owns it. Safe to repeat."""
    if auditlog.contains(model):
        return
    fields = model._meta.get_fields()
    encrypted = {field.name for field in fields if getattr(field, "is_encrypted", False)}
    # rows of other tables that point here are not columns; in the platform's schema some of those tables do not exist
    others = {field.name for field in fields if not field.concrete}
    unwanted = {*NEVER_STORED, *exclude, *encrypted, *others}
    auditlog.register(model, exclude_fields=[field.name for field in fields if field.name in unwanted])


@contextmanager
def during(request: HttpRequest) -> Iterator[None]:
    """Row changes inside the block belong to this request."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def _complete(sender: type[LogEntry], instance: LogEntry, **_: Any) -> None:
    """Who and under which request, read only when something is written: a page that writes nothing pays nothing."""
    instance.cid = instance.cid or requestinfo.current_request_id() or None
    request = _request.get()
    if request is None:
        return
    instance.remote_addr = request.META.get("REMOTE_ADDR") or None
    actor = getattr(request, "actor", None)
    if actor is None or actor.is_anonymous:
        return
    instance.actor_email = actor.email
    tenancy = getattr(request, "tenancy", None)
    home = tenancy.schema if tenancy else "public"
    # elsewhere, as when the platform makes a school, there is no such row
    if actor.user_id and getattr(connection, "schema_name", "") == home:
        instance.actor_id = actor.user_id


def install() -> None:
    pre_save.connect(_complete, sender=LogEntry, dispatch_uid="audit.rowchanges")
