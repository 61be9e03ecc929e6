"""Memberships that an app above gives for a fee: from a day on, until another, without anybody ending them."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from ..models import Membership, MembershipSource, MembershipState


@transaction.atomic
def set_term(*, association_id: UUID, user_id: UUID, until: date, now: datetime) -> Membership:
    """Whoever is a member without an end stays one; everybody else is one by fee until `until`. Safe to repeat.

    The caller says why and writes it down: this is no act of its own.
    """
    rows = Membership.objects.select_for_update(of=("self",))
    row = rows.filter(association_id=association_id, user_id=user_id).first()
    if row is None:
        row = Membership(association_id=association_id, user_id=user_id, asked_at=now)
    elif row.state == MembershipState.MEMBER and row.until is None:
        return row
    if row.state != MembershipState.MEMBER or row.source != MembershipSource.FEE:
        row.state, row.source, row.joined_at, row.ended_at = MembershipState.MEMBER, MembershipSource.FEE, now, None
    row.until = until
    row.save()
    return row
