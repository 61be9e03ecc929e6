"""Which places the provider's mapped groups give to people, compared with the places they have."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from apps.accounts.models import User
from apps.campuses.models import CampusMembership, CampusRole, Cause, MembershipSource, MembershipState, Pin
from apps.core.plan.row_work import Draft

from ..models import ProvisionedMember
from .importing import REVERSIBLE
from .subjects import place_facts, place_key

S = MembershipState
RANKS: Final = list(CampusRole.values)


def place_drafts(user_ids: Sequence[UUID]) -> Iterator[Draft]:
    """What is to change at the places of these people so that they are as their groups say."""
    wanted = _wanted(user_ids)
    people = User.objects.in_bulk(list(user_ids))
    rows = {
        place_key(row.user_id, row.campus_id): row for row in CampusMembership.objects.filter(user__in=list(people))
    }
    for key in sorted({*wanted, *rows}):
        user = people[UUID(key.partition(":")[0])]
        about: dict[str, Any] = {"key": key, "name": user.name, "email": user.email}
        draft = _compared(rows.get(key), wanted.get(key), about)
        if draft is not None:
            yield draft


def _wanted(user_ids: Sequence[UUID]) -> dict[str, dict[str, Any]]:
    """key -> role and promotion. Of several groups the highest role counts, and the first promotion by name."""
    members = ProvisionedMember.objects.filter(
        user__in=list(user_ids), group__campus__isnull=False, group__campus__archived_at=None
    ).exclude(user__status=User.Status.DEPARTED)
    found: dict[str, dict[str, Any]] = {}
    columns = ("user_id", "group__campus_id", "group__role", "group__promotion_id")
    for user_id, campus_id, role, promotion in members.order_by("group__name").values_list(*columns):
        place = found.setdefault(place_key(user_id, campus_id), {"role": role, "promotion": None})
        place["role"] = max(place["role"], role, key=RANKS.index)
        place["promotion"] = place["promotion"] or (str(promotion) if promotion else None)
    return found


def _compared(row: CampusMembership | None, place: dict[str, Any] | None, about: dict[str, Any]) -> Draft | None:
    if place is None:
        return _ending(row, about) if row else None
    given = place | {
        "state": S.ACTIVE.value, "source": MembershipSource.SCIM.value, "cause": Cause.PROVISIONED.value,
        "ends_on": None,
    }  # fmt: skip
    if row is None:
        return Draft("placed", "place", before=None, after=given, reason="in-the-group", **about)
    now = place_facts(row)
    if row.state == S.SUSPENDED:
        return Draft("skipped", reason="suspended", **about)
    if row.state == S.ENDED:
        if row.pinned == Pin.NEVER:
            return Draft("skipped", reason="pinned-never", **about)
        if row.cause not in REVERSIBLE:
            return Draft("skipped", reason="left-by-choice" if row.cause == Cause.LEFT else "ended-by-admin", **about)
        return Draft("restored", "place", before=now, after=given, reason="returned", **about)
    own = row.source == MembershipSource.SCIM and row.pinned != Pin.KEEP
    after = {name: place[name] for name in ("role", "promotion") if place[name] and place[name] != now[name]}
    if not own:
        after.pop("role", None)
    if not after:
        return None
    before = {name: now[name] for name in after}
    return Draft("moved", "place", before=before, after=after, reason="in-the-group", **about)


def _ending(row: CampusMembership, about: dict[str, Any]) -> Draft | None:
    if row.source != MembershipSource.SCIM or row.state == S.ENDED:
        return None
    if row.state == S.SUSPENDED:  # ended here, the next membership would open what an administrator has closed
        return Draft("skipped", reason="suspended", **about)
    if row.pinned == Pin.KEEP:
        return Draft("skipped", reason="pinned-keep", **about)
    after = {"state": S.ENDED.value, "cause": Cause.WITHDRAWN.value}
    before = {"state": row.state, "cause": row.cause}
    return Draft("deactivated", "place", before=before, after=after, reason="withdrawn", affects=True, **about)
