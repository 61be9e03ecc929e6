"""The school looks at the inner pages of an association: every look is written down, and the board sees it (ASC-10)."""

from datetime import datetime

from django.db.models import QuerySet

from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .. import acts
from ..models import Association
from ..permissions import WORKSPACE
from .common import note


def enter(*, actor: Actor, association: Association, what: str, now: datetime) -> None:
    """Let an actor see an inner page. Whoever is not of the board leaves a line. Raises NotVisible, Forbidden."""
    if association.is_request:
        raise NotVisible
    WORKSPACE.require(actor, association)
    here = any(
        h.scope.kind == "association" and h.scope.id == association.pk and h.gives(WORKSPACE) for h in actor.held
    )
    if not here:
        note(actor, acts.LOOKED, association, now, data={"page": what})


def looks_at(association: Association) -> QuerySet[AuditEvent]:
    """Who of the school looked, the latest first."""
    rows = AuditEvent.objects.filter(act=acts.LOOKED, target_id=str(association.pk))
    return rows.order_by("-at", "-id")
