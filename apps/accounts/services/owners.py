"""The first owner of a new school: invited when the school has its tables, and it opens when they accept."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from apps.core.actor import SCHOOL, Actor, Held, Role
from apps.tenants.models import School

from ..models import Session, User
from .invitations import invite


def invite_first_owner(*, school: School, actor: Actor, now: datetime) -> None:
    """Runs inside the school. Whoever creates the school may do exactly this in it, and nothing else."""
    creator = replace(actor, held=(Held(Role.SYSTEM, because="creates the school"),))
    invite(actor=creator, email=school.owner_email, role=Role.OWNER, scope=SCHOOL, now=now)


def figures(*, school: School) -> dict[str, Any]:
    """For the platform's list of schools: numbers, never names. Runs inside the school."""
    people = User.objects.aggregate(
        people=Count("pk", filter=Q(status=User.Status.ACTIVE)), last_sign_in=Max("last_login")
    )
    return {
        **people,
        "last_activity": Session.objects.aggregate(at=Max("last_seen_at"))["at"] or people["last_sign_in"],
    }
