"""Memberships whose last day is over: their rights ended by the date; here the rows and accounts follow."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Grant, User
from apps.accounts.services.lifecycle import depart_users
from apps.audit.acts import act
from apps.audit.services import record
from apps.core.actor import Actor

from ..models import CampusMembership, Cause, MembershipEvent, MembershipState

CHUNK: Final = 1_000
MEMBERSHIPS_EXPIRED = act("membership.expired", _("Campus memberships ended on their last day"))
REASON = _("The last day of the membership is over")


def end_expired(*, now: datetime, today: date) -> int:
    """End active memberships whose last day is before today; accounts without any other place or role depart.

    Safe to repeat, and after a crash: each chunk commits for itself. Returns how many ended.
    """
    ended = 0
    while chunk := _end_some(now, today):
        ended += chunk
    return ended


@transaction.atomic
def _end_some(now: datetime, today: date) -> int:
    due = CampusMembership.objects.filter(state=MembershipState.ACTIVE, ends_on__lt=today).order_by("pk")
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:CHUNK])
    if not rows:
        return 0
    actor = Actor.system("end of memberships")
    CampusMembership.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=MembershipState.ENDED, cause=Cause.EXPIRED, last_seen_at=now, last_run_id=None
    )
    MembershipEvent.objects.bulk_create(
        MembershipEvent(
            membership=row, from_state=row.state, to_state=MembershipState.ENDED, from_role=row.role, to_role=row.role,
            source=row.source, cause=Cause.EXPIRED, actor=actor.label, at=now,
        )
        for row in rows
    )  # fmt: skip
    record(actor=actor, act=MEMBERSHIPS_EXPIRED, data={"memberships": len(rows)}, at=now)
    leaving = without_place([row.user_id for row in rows], today)
    if leaving:
        depart_users(actor, leaving, str(REASON), now=now)
    return len(rows)


def without_place(user_ids: list[UUID], today: date) -> list[UUID]:
    """Of these people, whose account is usable though they have neither a campus nor a role any more."""
    places = CampusMembership.objects.filter(user=OuterRef("pk")).exclude(state=MembershipState.ENDED)
    roles = Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), user=OuterRef("pk"))
    people = User.objects.filter(pk__in=user_ids, status__in=[User.Status.ACTIVE, User.Status.PENDING])
    return list(people.filter(~Exists(places), ~Exists(roles)).order_by("pk").values_list("pk", flat=True))
