"""The status of a school (TEN-1): one state machine, every change audited in the platform and in the school."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.tenants import acts, context, hooks, hosts
from apps.tenants.models import School
from apps.tenants.permissions import CHANGE_STATUS, INVITE_OWNER

S = School.Status
TRANSITIONS: dict[str, set[str]] = {
    S.PENDING: {S.TRIAL, S.ACTIVE, S.SUSPENDED, S.CANCELLED},
    S.TRIAL: {S.ACTIVE, S.PAST_DUE, S.SUSPENDED, S.CANCELLED},
    S.ACTIVE: {S.PAST_DUE, S.SUSPENDED, S.CANCELLED},
    S.PAST_DUE: {S.ACTIVE, S.SUSPENDED, S.CANCELLED},
    S.SUSPENDED: {S.PENDING, S.TRIAL, S.ACTIVE, S.PAST_DUE, S.CANCELLED},
    S.CANCELLED: {S.ACTIVE, S.PURGED},
    S.PURGED: set(),
}


class WrongStatus(DomainError):
    """The school's status does not allow this."""

    code = "wrong-status"


@transaction.atomic
def activate(*, actor: Actor, school_id: UUID, now: datetime) -> School:
    """A pending or trial school becomes active: when its first owner has accepted. Repeating changes nothing."""
    school = _locked(school_id)
    if school.status in (S.PENDING, S.TRIAL):
        _move(actor, school, S.ACTIVE, acts.SCHOOL_ACTIVATED, now)
    return school


@transaction.atomic
def suspend(*, actor: Actor, school_id: UUID, reason: str, now: datetime) -> School:
    """Nobody of the school can sign in until it is resumed; the data stays. Repeating changes nothing.

    Raises Forbidden, Invalid (a reason is required), WrongStatus.
    """
    CHANGE_STATUS.require(actor)
    reason = _reason(reason)
    school = _locked(school_id)
    if school.status != S.SUSPENDED:
        school.status_before = school.status
        _move(actor, school, S.SUSPENDED, acts.SCHOOL_SUSPENDED, now, reason)
    return school


@transaction.atomic
def cancel(*, actor: Actor, school_id: UUID, reason: str, now: datetime) -> School:
    """The school leaves: nobody of it can sign in any more; its data stays until it is purged. Safe to repeat.

    Raises Forbidden, Invalid (a reason is required), WrongStatus.
    """
    CHANGE_STATUS.require(actor)
    reason = _reason(reason)
    school = _locked(school_id)
    if school.status != S.CANCELLED:
        _move(actor, school, S.CANCELLED, acts.SCHOOL_CANCELLED, now, reason)
    return school


@transaction.atomic
def resume(*, actor: Actor, school_id: UUID, reason: str, now: datetime) -> School:
    """Back to the status before the suspension. Raises Forbidden, Invalid, WrongStatus."""
    CHANGE_STATUS.require(actor)
    reason = _reason(reason)
    school = _locked(school_id)
    if school.status == S.SUSPENDED:
        _move(actor, school, school.status_before, acts.SCHOOL_RESUMED, now, reason)
    elif school.status not in School.OPEN:
        raise WrongStatus(_("Only a suspended school can be resumed."))
    return school


@transaction.atomic
def resend_invitation(*, actor: Actor, school_id: UUID, now: datetime) -> School:
    """Send the first owner a new invitation; the link before it stops working.

    Raises Forbidden, WrongStatus (the owner has accepted, or the school is not open).
    """
    INVITE_OWNER.require(actor)
    school = _locked(school_id)
    if not school.ready or school.status != S.PENDING:
        raise WrongStatus(_("Only a school whose first owner has not accepted yet can be invited again."))
    with context.activated(school):
        hooks.owner_invitation_wanted.send(school=school, actor=actor, now=now)
        record(actor=actor, act=acts.OWNER_INVITED, target=school)
    with context.platform():
        record(actor=actor, act=acts.OWNER_INVITED, target=school)
    return school


def _locked(school_id: UUID) -> School:
    with context.platform():
        school = School.objects.select_for_update(no_key=True).filter(pk=school_id).first()
    if school is None:
        raise NotVisible(_("School not found."))
    return school


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid(fields={"reason": [_("Give the reason; the school sees it in its audit trail.")]})
    return text.strip()[:500]


def _move(actor: Actor, school: School, status: str, act: str, now: datetime, reason: str = "") -> None:
    before = school.status
    if status not in TRANSITIONS[before]:
        raise WrongStatus(_("A school that is %(status)s cannot do this.") % {"status": school.get_status_display()})
    school.status = status
    if status == S.ACTIVE and school.activated_at is None:
        school.activated_at = now
    school.suspended_at = now if status == S.SUSPENDED else None
    school.cancelled_at = now if status == S.CANCELLED else None
    if status != S.SUSPENDED:
        school.status_before = ""
    with context.platform():
        school.save(update_fields=["status", "status_before", "activated_at", "suspended_at", "cancelled_at"])
        record(actor=actor, act=act, target=school, reason=reason, changes={"status": [before, status]})
    if school.ready:
        with context.activated(school):
            record(actor=actor, act=act, target=school, reason=reason, changes={"status": [before, status]})
    transaction.on_commit(lambda: hosts.forget(school))
