"""Writing the audit trail. `record` is called inside the transaction of the act it tells about."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any
from uuid import UUID

from django.db import models

from apps.core import requestinfo
from apps.core.actor import Actor
from apps.core.logs import redacted

from . import selectors
from .acts import AUDIT_EXPORTED, TABLE_EXPORTED
from .hooks import recorded
from .models import AuditEvent
from .permissions import AUDIT_VIEW
from .text import folded

ORDINARY_NAMES = {"state", "code"}  # secrets in a sign-in's address, plain words in our own fields
LONGEST_TEXT = 2_000
LONGEST_LIST = 200
DEEPEST = 6


def record(
    *,
    actor: Actor,
    act: str,
    target: object = None,
    target_label: str = "",
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEvent:
    """Add one event. Call it inside the act's transaction: they commit together or not at all.

    `changes` maps a field to [before, after]. Values may be anything: they become JSON, credentials are hidden,
    long texts are cut. Nothing a caller passes makes it raise; only a database that refuses the row does,
    and then the act does not happen either. `at` is for events that are told about later.
    """
    labels = _labels(actor, target, target_label)
    scope_kind, scope_id = _scope_of(target)
    reason = _text(redacted(_safe_text(reason)), LONGEST_TEXT)
    event = AuditEvent(
        act=_text(act, 80),
        actor_id=_uuid(actor.user_id),
        surface=_text(actor.surface, 20),
        address=_text(actor.address or "", 45),
        request_id=_text(actor.request_id or requestinfo.current_request_id(), 64),
        target_type=target._meta.label_lower if isinstance(target, models.Model) else "",
        target_id=_text(getattr(target, "pk", None) or "", 64),
        scope_kind=scope_kind,
        scope_id=scope_id,
        changes=_mapping(changes),
        reason=reason,
        data=_mapping(data),
        acting_for_id=_uuid(actor.acting_for_id),
        support_grant_id=_uuid(actor.support_grant_id),
        search=folded(" ".join([*labels.values(), reason[:200]])),
        **labels,
    )
    if isinstance(at, datetime):
        event.at = at
    event.save(force_insert=True)
    recorded.send(event=event, target=target)
    return event


def _labels(actor: Actor, target: object, target_label: str) -> dict[str, str]:
    return {
        "actor_label": _text(actor.label, 200),
        "actor_email": _text(actor.email, 254),
        "acting_for": _text(actor.acting_for, 200),
        "target_label": _text(redacted(_safe_text(target_label or ("" if target is None else target))), 200),
    }


def _scope_of(target: object) -> tuple[str, UUID | None]:
    """Where the target lies, when it says so (`audit_scope`) or belongs to a campus."""
    scope = getattr(target, "audit_scope", None)
    if scope is not None and hasattr(scope, "kind"):
        return _text(scope.kind, 20), _uuid(scope.id)
    campus = _uuid(getattr(target, "campus_id", None))
    return ("campus", campus) if campus else ("school", None)


def _mapping(values: Mapping[str, Any] | None) -> dict[str, Any]:
    try:
        return dict(plain_json(values)) if isinstance(values, Mapping) else {}
    except Exception:
        return {"unreadable": type(values).__name__}


def plain_json(value: Any, name: str = "", depth: int = 0) -> Any:
    """The value as JSON that PostgreSQL accepts, without credentials, of bounded size. Never raises."""
    if name not in ORDINARY_NAMES and redacted("", name) != "":
        return redacted("", name)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else "a very large number"
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, Enum):
        return plain_json(value.value, name, depth)
    if depth >= DEEPEST:
        return _text(redacted(_safe_text(value)), LONGEST_TEXT)
    if isinstance(value, Mapping):
        pairs = list(value.items())[:LONGEST_LIST]
        return {_text(key, 200): plain_json(item, _safe_text(key), depth + 1) for key, item in pairs}
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return [plain_json(item, "", depth + 1) for item in list(value)[:LONGEST_LIST]]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float | Decimal | timedelta | UUID):
        return str(value)
    return _text(redacted(_safe_text(value)), LONGEST_TEXT)


def _uuid(value: object) -> UUID | None:
    return value if isinstance(value, UUID) else None


def _safe_text(value: object) -> str:
    try:
        return str(value)
    except Exception:
        return f"[{type(value).__name__}]"


def _text(value: object, longest: int) -> str:
    """Text PostgreSQL can store: no NUL, no half characters, not longer than the column."""
    text = _safe_text(value).replace("\x00", "\N{REPLACEMENT CHARACTER}")
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= longest else text[: longest - 1] + "…"


EXPORT_COLUMNS = (
    "time", "act", "title", "by", "email", "through", "address", "about", "type", "id", "changes", "reason",
    "details", "request", "in reality by", "support grant",
)  # fmt: skip


def export_events(*, actor: Actor, wanted: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The matching events as rows of text, newest first. Taking the trail away is itself recorded."""
    AUDIT_VIEW.require(actor)
    record(actor=actor, act=AUDIT_EXPORTED, data={"filters": dict(wanted)})
    return (_export_row(event) for event in selectors.each_event(actor=actor, wanted=wanted))


def export_table(*, actor: Actor, table: str, wanted: Mapping[str, Any]) -> None:
    """Write down that a table was taken away, narrowed by these filters. The page decided who may see it."""
    record(actor=actor, act=TABLE_EXPORTED, data={"table": table, "filters": dict(wanted)})


def _export_row(event: AuditEvent) -> tuple[Any, ...]:
    return (
        event.at.isoformat(timespec="milliseconds"),
        event.act,
        event.title,
        event.actor_label,
        event.actor_email,
        event.surface,
        event.address,
        event.target_label,
        event.target_type,
        event.target_id,
        json.dumps(event.changes, ensure_ascii=False) if event.changes else "",
        event.reason,
        json.dumps(event.data, ensure_ascii=False) if event.data else "",
        event.request_id,
        event.acting_for,
        event.support_grant_id or "",
    )
