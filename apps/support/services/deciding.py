"""The school's side: approving, refusing, ending. It can end every access at once."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import own_school_id
from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.tenants.context import platform

from .. import acts
from ..models import SupportGrant
from ..permissions import SUPPORT_MANAGE
from ..selectors import locked_grant
from . import asking


class Decided(DomainError):
    code = "support-decided"

    def __init__(self) -> None:
        super().__init__(_("This request does not wait for an answer any more."))


def decide(*, actor: Actor, grant_id: UUID, approve: bool, now: datetime) -> SupportGrant:
    """Approve a request, so that its time begins now, or refuse it. Raises Forbidden, Decided, NotVisible."""
    SUPPORT_MANAGE.require(actor)
    school_id = own_school_id()
    with platform(), transaction.atomic():
        grant = locked_grant(grant_id, school_id=school_id)
        if grant.state(now) != "waiting":
            raise Decided
        grant.decided_at, grant.decided_by, grant.refused = now, actor.label[:200], not approve
        if approve:
            grant.starts_at, grant.ends_at = now, now + timedelta(minutes=grant.minutes)
        grant.save(update_fields=["decided_at", "decided_by", "refused", "starts_at", "ends_at"])
        asking.told(actor, grant, acts.APPROVED if approve else acts.REFUSED)
    return grant


def end(*, actor: Actor, grant_id: UUID, reason: str = "", now: datetime) -> SupportGrant:
    """End an access: whoever is inside is out with their next request. Raises Forbidden, NotVisible."""
    SUPPORT_MANAGE.require(actor)
    school_id = own_school_id()
    with platform(), transaction.atomic():
        return asking.close(actor, locked_grant(grant_id, school_id=school_id), now, reason=reason[:500])
