"""A way in for who is locked out: an owner whose only way is broken (docs/runbooks/break-glass.md), or anybody after
too many attempts, when nobody of the school can lift that.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible
from apps.tenants import acts, context, hooks
from apps.tenants.models import School
from apps.tenants.permissions import BREAK_GLASS, LIFT_LOCKOUT
from apps.tenants.services.lifecycle import WrongStatus


@transaction.atomic
def break_glass(*, actor: Actor, school_id: UUID, email: str, reason: str, now: datetime) -> str:
    """Make a single-use link, good for 15 minutes, for an existing owner of the school; returns its address.

    It is shown once and never stored. Written down in the platform and in the school, whose owners are all told.
    Raises Forbidden, NotVisible, Invalid (no reason; nobody with this address is an active owner), WrongStatus.
    """
    BREAK_GLASS.require(actor)
    reason, school = _why(reason), _open_school(school_id)
    with context.activated(school):
        [url] = hooks.break_glass_wanted.send(school=school, actor=actor, email=email, reason=reason, now=now)
        record(actor=actor, act=acts.BREAK_GLASS_OPENED, target=school, target_label=email, reason=reason)
    with context.platform():
        data = {"school": school.slug}
        record(actor=actor, act=acts.BREAK_GLASS_OPENED, target=school, reason=reason, data={**data, "owner": email})
    return str(url)


@transaction.atomic
def lift_lockout(*, actor: Actor, school_id: UUID, email: str, reason: str, now: datetime) -> int:
    """Open what is locked for one address of the school after too many attempts; how many locks there were.

    The school reads it in its audit trail. Raises Forbidden, NotVisible, Invalid (no reason), WrongStatus.
    """
    LIFT_LOCKOUT.require(actor)
    reason, school = _why(reason), _open_school(school_id)
    with context.activated(school):
        [locks] = hooks.lockout_lift_wanted.send(actor=actor, email=email, reason=reason, now=now)
    return int(locks)


def _why(reason: str) -> str:
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Give the reason; every owner of the school reads it.")]})
    return reason.strip()[:500]


def _open_school(school_id: UUID) -> School:
    with context.platform():
        school = School.objects.filter(pk=school_id).first()
    if school is None:
        raise NotVisible(_("School not found."))
    if not (school.is_open and school.ready):
        raise WrongStatus(_("Nobody can sign in to a school that is not open. Resume it first."))
    return school
