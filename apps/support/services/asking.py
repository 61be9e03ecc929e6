"""The platform's side: asking for access, entering, ending it."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.credentials import digest, new_secret
from apps.accounts.selectors import own_id, people_who_may
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid
from apps.notifications.services import send
from apps.tenants import features
from apps.tenants.context import activated
from apps.tenants.hosts import school_url
from apps.tenants.models import School
from apps.tenants.selectors import get_school

from .. import acts
from ..models import SupportGrant
from ..permissions import SUPPORT_ASK, SUPPORT_MANAGE
from ..rules import APPROVAL
from ..selectors import locked_grant

SHORTEST, LONGEST = 15, 24 * 60  # minutes
TICKET_LIVES: Final = timedelta(seconds=60)


class NotNow(DomainError):
    code = "support-not-active"

    def __init__(self) -> None:
        super().__init__(_("This support access is not in force: it waits, was refused, or is over. Ask again."))


class AlreadyAsked(DomainError):
    code = "support-already-asked"

    def __init__(self) -> None:
        super().__init__(_("You already have support access to this school, or wait for it. End that first."))


@transaction.atomic
def ask(*, actor: Actor, school_id: UUID, level: str, reason: str, minutes: int, now: datetime) -> SupportGrant:
    """Ask for access. It starts at once, unless the school's rule wants to approve it first; the school is told.

    Raises Forbidden, StepUpRequired, NotVisible, Invalid, AlreadyAsked. Call it on the platform.
    """
    SUPPORT_ASK.require(actor)
    school = get_school(actor=actor, school_id=school_id)
    School.objects.select_for_update().get(pk=school.pk)  # two requests at once: the second sees the first
    _check(school, level, reason, minutes)
    mine = SupportGrant.objects.filter(school=school, asked_by_id=own_id(actor))
    if any(grant.state(now) in ("waiting", "active") for grant in mine):
        raise AlreadyAsked
    waits = bool(features.value(APPROVAL.key, school))
    grant = SupportGrant.objects.create(
        school=school,
        level=level,
        reason=reason.strip(),
        minutes=minutes,
        asked_by_id=own_id(actor),
        asked_by=actor.label[:200],
        asked_by_email=actor.email[:254],
        asked_at=now,
        needs_approval=waits,
        starts_at=None if waits else now,
        ends_at=None if waits else now + timedelta(minutes=minutes),
    )
    told(actor, grant, acts.ASKED if waits else acts.STARTED)
    with activated(school):
        _write_to_the_school(grant)
    return grant


def _check(school: School, level: str, reason: str, minutes: int) -> None:
    if not school.is_open:
        raise Invalid(fields={"school": [_("This school is not open: nobody can enter it.")]})
    if level not in SupportGrant.Level.values:
        raise Invalid(fields={"level": [_("Choose a level from the list.")]})
    if not 10 <= len(reason.strip()) <= 500:
        raise Invalid(fields={"reason": [_("Say in a sentence why: the school reads it.")]})
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid(fields={"minutes": [_("Between 15 minutes and 24 hours.")]})


def _write_to_the_school(grant: SupportGrant) -> None:
    """To everybody who can end it, inside the school."""
    for person in people_who_may(SUPPORT_MANAGE):
        send(
            template="support_access",
            to=person.email,
            context={
                "name": person.given_name,
                "who": grant.asked_by,
                "may_act": grant.may_act,
                "reason": grant.reason,
                "minutes": grant.minutes,
                "waits": grant.needs_approval,
                "school_name": grant.school.name,
                "url": school_url(grant.school, "/settings/support/"),
            },
            cause=f"support:{grant.pk}:{person.pk}",
            language=person.locale,
            user_id=person.pk,
            link="/settings/support/",
        )


@transaction.atomic
def issue_ticket(*, actor: Actor, grant_id: UUID, now: datetime) -> str:
    """The address at which the school's host lets the asker in, once, within a minute. Raises NotNow, NotVisible."""
    SUPPORT_ASK.require(actor)
    grant = locked_grant(grant_id, asked_by_id=own_id(actor))
    if grant.state(now) != "active" or not grant.school.is_open:
        raise NotNow
    ticket = new_secret()
    grant.ticket_hash, grant.ticket_expires_at = digest(ticket), now + TICKET_LIVES
    grant.save(update_fields=["ticket_hash", "ticket_expires_at"])
    return school_url(grant.school, f"/support/arrive/?ticket={ticket}")


@transaction.atomic
def end(*, actor: Actor, grant_id: UUID, now: datetime) -> SupportGrant:
    """End an access before its time; one that is over stays as it is. Raises Forbidden, NotVisible."""
    SUPPORT_ASK.require_held(actor)
    return close(actor, locked_grant(grant_id), now)


def close(actor: Actor, grant: SupportGrant, now: datetime, *, reason: str = "") -> SupportGrant:
    """The end itself; the caller has decided that it may be and holds the lock, on the platform."""
    if grant.state(now) in ("waiting", "active"):
        grant.ended_at, grant.ended_by, grant.ticket_hash = now, actor.label[:200], None
        grant.save(update_fields=["ended_at", "ended_by", "ticket_hash"])
        told(actor, grant, acts.ENDED, reason=reason)
    return grant


def told(actor: Actor, grant: SupportGrant, act: str, *, reason: str = "") -> None:
    """Write it into both audit trails: the platform's and the school's."""
    data = {
        "grant": grant.pk, "level": grant.level, "minutes": grant.minutes, "by": grant.asked_by,
        "until": grant.ends_at, "school": grant.school.slug,
    }  # fmt: skip
    record(actor=actor, act=act, target=grant, reason=reason or grant.reason, data=data)
    with activated(grant.school):
        record(actor=actor, act=act, target_label=str(grant), reason=reason or grant.reason, data=data)
