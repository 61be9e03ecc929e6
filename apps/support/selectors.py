"""What the platform and a school see of support access, and what somebody of support may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.permissions import ACT_AS
from apps.accounts.selectors import own_school_id
from apps.audit.models import AuditEvent
from apps.core.actor import SCHOOL, Actor, Held, Role
from apps.core.errors import NotVisible
from apps.core.permissions import REGISTRY
from apps.tenants.context import platform

from .models import SupportGrant
from .permissions import SUPPORT_ASK, SUPPORT_VIEW

#: What support never does, whatever the level: it would outlast the grant, or is the school's own affair.
NEVER: Final = frozenset(
    {
        "roles.grant",
        "roles.define",
        "support.manage",
        "sessions.end",
        "school.link_microsoft",
        "school.domains",
        "people.view_as",
    }
)
SHOWN: Final = 100
EVENTS: Final = 20


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant as a page shows it."""

    grant: SupportGrant
    state: str
    events: Sequence[AuditEvent] = ()
    count: int = 0


def codes_of(level: str) -> frozenset[str]:
    """The permissions that support has in a school: what an auditor sees, or what an administrator does day by day."""
    like = Role.AUDITOR if level == SupportGrant.Level.READ else Role.ADMIN
    given = {p.code for p in REGISTRY.values() if p.is_for_schools and like in p.roles and not p.sudo}
    return frozenset(given - NEVER) | (frozenset({ACT_AS.code}) if like is Role.ADMIN else frozenset())


def actor_of(grant: SupportGrant, *, session_id: UUID | None, request_id: str, address: str | None) -> Actor:
    """Somebody of support in the school: no account, no role of the school, and always both names in the trail."""
    held = Held(Role.CUSTOM, SCHOOL, f"support {grant.pk}", codes_of(grant.level), "support")
    return Actor(
        label=f"{grant.asked_by} (support)",
        email=grant.asked_by_email,
        held=(held,),
        request_id=request_id,
        address=address,
        session_id=session_id,
        acting_for=grant.asked_by,
        acting_for_id=grant.asked_by_id,
        acting_as="support",
        support_grant_id=grant.pk,
        read_only=not grant.may_act,
    )


def of_platform(*, actor: Actor) -> QuerySet[SupportGrant]:
    """Everybody's grants. Raises Forbidden. Evaluate it on the platform."""
    SUPPORT_ASK.require_held(actor)
    return SupportGrant.objects.select_related("school")


def of_school(*, actor: Actor) -> QuerySet[SupportGrant]:
    """Those of the active school. Raises Forbidden. Evaluate it on the platform."""
    SUPPORT_VIEW.require(actor)
    return SupportGrant.objects.filter(school_id=own_school_id())


def grants_of_platform(*, actor: Actor, now: datetime) -> list[GrantLine]:
    """Everybody's grants, the newest first. Raises Forbidden."""
    SUPPORT_ASK.require_held(actor)
    grants = SupportGrant.objects.select_related("school")[:SHOWN]
    return [GrantLine(grant, grant.state(now)) for grant in grants]


def grants_of_school(*, actor: Actor, now: datetime) -> list[GrantLine]:
    """The grants of the active school, each with what was done under it. Raises Forbidden."""
    SUPPORT_VIEW.require(actor)
    school_id = own_school_id()
    with platform():
        grants = list(SupportGrant.objects.filter(school_id=school_id)[:SHOWN])
    lines = []
    for grant in grants:
        done = AuditEvent.objects.filter(support_grant_id=grant.pk).order_by("-at", "-id")
        lines.append(GrantLine(grant, grant.state(now), list(done[:EVENTS]), done.count()))
    return lines


def locked_grant(grant_id: UUID, **facts: object) -> SupportGrant:
    """One grant, locked. Raises NotVisible. Call it on the platform, in a transaction."""
    grant = SupportGrant.objects.select_for_update(of=("self",)).select_related("school").filter(pk=grant_id, **facts)
    found = grant.first()
    if found is None:
        raise NotVisible
    return found
