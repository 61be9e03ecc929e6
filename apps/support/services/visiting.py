"""Inside the school: arriving with a ticket, being somebody of support at every request, leaving.

The session is one of the school's own session families, without a person. What it opens is asked of the grant at
every request, so the end of a grant, of the superadmin's account or of the time is the end of the visit.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.credentials import digest
from apps.accounts.models import User
from apps.accounts.selectors import own_school_id
from apps.accounts.sessions import FACTS
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.tenants.context import platform

from .. import acts
from ..models import SupportGrant
from ..selectors import actor_of

VISIT: Final = "_support_grant"


class TicketLost(DomainError):
    code = "support-ticket-lost"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("This link was used, is too old, or belongs to another school. Enter from the platform again.")
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody of support in this request."""

    grant: SupportGrant
    actor: Actor


def expected(*, ticket: str, now: datetime) -> SupportGrant:
    """The grant that a ticket opens here, without using it up. Raises TicketLost."""
    school_id = own_school_id()
    with platform():
        grant = SupportGrant.objects.filter(ticket_hash=digest(ticket), school_id=school_id).first()
        if grant is None or not _usable(grant, now):
            raise TicketLost
    return grant


def arrive(request: HttpRequest, *, ticket: str, now: datetime) -> SupportGrant:
    """Use a ticket, once, on the host of its school: this browser becomes support. Raises TicketLost."""
    school_id = own_school_id()
    with platform(), transaction.atomic():
        found = SupportGrant.objects.select_for_update().filter(ticket_hash=digest(ticket), school_id=school_id)
        grant = found.first()
        if grant is None or not _usable(grant, now):
            raise TicketLost
        grant.ticket_hash, grant.ticket_expires_at, grant.entered_at = None, None, now
        grant.save(update_fields=["ticket_hash", "ticket_expires_at", "entered_at"])
    request.session.flush()  # nobody is two people in one browser
    request.session[FACTS] = {
        "address": request.META["REMOTE_ADDR"],
        "agent": request.headers.get("User-Agent", "")[:300],
    }
    request.session[VISIT] = str(grant.pk)
    actor = actor_of(grant, session_id=None, request_id=request.request_id, address=request.META["REMOTE_ADDR"])
    record(actor=actor, act=acts.ENTERED, target_label=str(grant), reason=grant.reason)
    return grant


def _usable(grant: SupportGrant, now: datetime) -> bool:
    """On the platform: a fresh ticket of an access in force, whose holder is still a superadmin."""
    fresh = grant.ticket_expires_at is not None and now < grant.ticket_expires_at
    return fresh and grant.state(now) == "active" and _still_superadmin(grant)


def _still_superadmin(grant: SupportGrant) -> bool:
    return User.objects.filter(pk=grant.asked_by_id, is_superuser=True, status=User.Status.ACTIVE).exists()


def visit_of(request: HttpRequest, *, now: datetime) -> Visit | None:
    """Who of support this browser is now. A visit that is over ends the session."""
    grant_id = request.session.get(VISIT)
    if not grant_id:
        return None
    school_id = own_school_id()
    with platform():
        grant = SupportGrant.objects.filter(pk=UUID(grant_id), school_id=school_id).first()
        good = grant is not None and grant.state(now) == "active" and _still_superadmin(grant)
    if grant is None or not good:
        request.session.flush()
        return None
    row = getattr(request.session, "row", None)
    address = request.META["REMOTE_ADDR"]
    actor = actor_of(grant, session_id=row.pk if row else None, request_id=request.request_id, address=address)
    return Visit(grant, actor)


def leave(request: HttpRequest) -> None:
    """Leave the school; the grant stays, and opens it again until its time is over. Twice changes nothing."""
    visit: Visit | None = request.support
    if visit is not None:
        record(actor=visit.actor, act=acts.LEFT, target_label=str(visit.grant))
        request.session.flush()
