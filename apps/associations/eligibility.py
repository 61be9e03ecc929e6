"""What the school's rules say of a request while it is filled in, and of an association ever after (ASC-1).

Nothing is stored: a rule turns red the day it stops being true, because it is worked out whenever somebody looks.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.accounts.models import User
from apps.campuses.models import CampusMembership, CampusRole
from apps.campuses.models import MembershipState as CampusState
from apps.tenants.features import value

from .models import Association, Mandate, Membership, MembershipState
from .rules import ENROLLED_PERCENT, MIN_FOUNDERS, OFFICERS_ENROLLED

WATCHED: Final = ("president", "treasurer")


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: whether it holds, what it asks for, and what is missing."""

    code: str
    ok: bool
    title: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named in a request; without an id, somebody whom the directory does not know."""

    user_id: UUID | None
    office: str = ""
    accepted: bool = True


def enrolled_ids(day: date) -> QuerySet[CampusMembership, UUID]:
    """The people who are active students of a campus, as a subquery."""
    current = Q(ends_on=None) | Q(ends_on__gte=day)
    rows = CampusMembership.objects.filter(
        current, state=CampusState.ACTIVE, role=CampusRole.MEMBER, campus__archived_at=None,
        user__status=User.Status.ACTIVE,
    )  # fmt: skip
    return rows.values_list("user_id", flat=True)


def enrolled_among(user_ids: Collection[UUID], day: date) -> set[UUID]:
    return set(enrolled_ids(day).filter(user_id__in=user_ids)) if user_ids else set()


def of_request(named: Sequence[Named], day: date, *, all_accepted: bool = False) -> list[Check]:
    """The rules for these founders. `all_accepted`: also that each has agreed, as sending the request needs."""
    enrolled = enrolled_among({one.user_id for one in named if one.user_id}, day)
    people = {one.user_id for one in named if one.user_id}
    found = [_enough(len(people)), *_officers({one.office: one.user_id for one in named if one.office}, enrolled)]
    found += _share(len(people & enrolled), len(people))
    if all_accepted:
        found.append(_accepted(sum(not one.accepted for one in named)))
    return found


def of_associations(associations: Iterable[Association], days: Mapping[UUID, date]) -> dict[UUID, list[Check]]:
    """The rules that go on for these associations, in three queries however many there are. `days`: today at each."""
    ids = [one.pk for one in associations]
    if not ids:
        return {}
    day = max(days.values())
    rows = Membership.objects.filter(association__in=ids, state=MembershipState.MEMBER).order_by()
    counted = rows.values("association").annotate(
        n=Count("pk"), enrolled=Count("pk", filter=Q(user_id__in=enrolled_ids(day)))
    )
    members = {row["association"]: row for row in counted}
    officers: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    for mandate in Mandate.objects.filter(office__association__in=ids, office__code__in=WATCHED).select_related(
        "office"
    ):
        if mandate.starts_on <= days[mandate.office.association_id] < mandate.ends_on:
            officers[mandate.office.association_id][mandate.office.code] = mandate.user_id
    enrolled = enrolled_among({user for held in officers.values() for user in held.values()}, day)
    found = {}
    for key in ids:
        row: Mapping[str, Any] = members.get(key, {"n": 0, "enrolled": 0})
        found[key] = [*_officers(officers[key], enrolled), *_share(row["enrolled"], row["n"])]
    return found


def sentence(checks: Iterable[Check]) -> str:
    """What is missing, in one sentence; "" when nothing is."""
    faults = pgettext("between two faults", "; ").join(check.fault for check in checks if not check.ok)
    return f"{faults[0].upper()}{faults[1:]}." if faults else ""


def _enough(people: int) -> Check:
    needed = value(MIN_FOUNDERS.key)
    title = ngettext("At least %(n)d founder", "At least %(n)d founders", needed) % {"n": needed}
    short = needed - people
    fault = ngettext("%(n)d member short", "%(n)d members short", short) % {"n": short} if short > 0 else ""
    return Check("founders", short <= 0, title, fault)


def _officers(held: Mapping[str, UUID | None], enrolled: Collection[UUID]) -> list[Check]:
    if not value(OFFICERS_ENROLLED.key):
        return []
    texts = {
        "president": (_("The president is enrolled"), _("there is no president"), _("the president is not enrolled")),
        "treasurer": (_("The treasurer is enrolled"), _("there is no treasurer"), _("the treasurer is not enrolled")),
    }
    found = []
    for code in WATCHED:
        title, nobody, not_enrolled = texts[code]
        user_id = held.get(code)
        fault = nobody if code not in held else "" if user_id in enrolled else not_enrolled
        found.append(Check(code, not fault, title, fault))
    return found


def _share(enrolled: int, people: int) -> list[Check]:
    needed = value(ENROLLED_PERCENT.key)
    if not needed:
        return []
    facts = {"needed": needed, "share": 100 * enrolled // people if people else 0}
    ok = people > 0 and 100 * enrolled >= needed * people
    fault = "" if ok else _("only %(share)d %% of the members are enrolled, %(needed)d %% are needed") % facts
    return [Check("enrolled", ok, _("%(needed)d %% of the members are enrolled") % facts, fault)]


def _accepted(missing: int) -> Check:
    fault = ngettext("%(n)d founder has not agreed yet", "%(n)d founders have not agreed yet", missing) % {"n": missing}
    return Check("accepted", not missing, _("Every founder has agreed"), fault if missing else "")
