"""The turn of the school year (ASC-5): promotions move up, leavers become alumni and keep their access for a while.

It is a plan like any other: computed on the real people, looked through (single people can be left out), applied,
read back, undone. Of each school year there is one; one that was thrown away or undone does not count.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.campuses.models import (
    CampusMembership,
    CampusRole,
    Cause,
    MembershipSource,
    MembershipState,
    Pin,
    Promotion,
)
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid
from apps.core.plan.row_work import Draft

from ..models import RosterPlan
from .subjects import place_facts, place_key

TURNS_IN: Final = 7  # from July on people speak of the school year that begins
LONGEST_GRACE: Final = timedelta(days=730)
Turn = Promotion.Turn


class AlreadyTurned(DomainError):
    code = "already-turned"


class NothingToTurn(DomainError):
    code = "nothing-to-turn"


def school_year(day: date) -> str:
    """“2026-2027” for days from July 2026 to June 2027."""
    first = day.year if day.month >= TURNS_IN else day.year - 1
    return f"{first}-{first + 1}"


def years_to_turn_to(today: date) -> list[str]:
    """The school year people speak of now, and the next."""
    now = school_year(today)
    first = int(now[:4]) + 1
    return [now, f"{first}-{first + 1}"]


def request_rollover(*, actor: Actor, year: str, until: date, now: datetime, today: date) -> RosterPlan:
    """Queue the turn to a school year; leavers keep their access until `until`, that day included.

    Raises Forbidden, Invalid, NothingToTurn (no promotion moves or leaves), AlreadyTurned.
    """
    from .plans import PERMISSIONS, request_plan

    PERMISSIONS[RosterPlan.Kind.ROLLOVER].require(actor)
    if year not in years_to_turn_to(today):
        raise Invalid(fields={"year": [_("Choose from the list.")]})
    if not today <= until <= today + LONGEST_GRACE:
        raise Invalid(fields={"until": [_("Choose a day from today on, within two years.")]})
    if not Promotion.objects.exclude(turn=Turn.STAY).exists():
        raise NothingToTurn(_("Say first what happens to the people of each promotion: move, stay or leave."))
    try:
        with transaction.atomic():
            return request_plan(
                actor=actor, kind=RosterPlan.Kind.ROLLOVER, label=year, now=now, period=year,
                options={"until": until.isoformat()},
            )  # fmt: skip
    except IntegrityError:
        raise AlreadyTurned(
            _("The school year %(year)s was turned already, or its preview waits for you. Undo or cancel that first.")
            % {"year": year}
        ) from None


def drafts(run: RosterPlan) -> Iterator[Draft]:
    """Who moves where and who leaves, in the order of promotions and names."""
    until = run.options["until"]
    promotions = list(Promotion.objects.exclude(turn=Turn.STAY).select_related("then"))
    rows = (
        CampusMembership.objects.filter(promotion__in=promotions, role=CampusRole.MEMBER, campus__archived_at=None)
        .exclude(state=MembershipState.ENDED)
        .select_related("user", "promotion")
        .order_by("promotion__position", "user__family_name", "user__given_name", "pk")
    )
    then: dict[UUID, UUID | None] = {p.pk: p.then_id if p.turn == Turn.MOVE else None for p in promotions}
    for row in rows.iterator(chunk_size=2_000):
        about: dict[str, Any] = {
            "key": place_key(row.user_id, row.campus_id), "name": row.user.name, "email": row.user.email,
        }  # fmt: skip
        goal = then[row.promotion_id]  # type: ignore[index]
        if goal is not None:
            yield Draft(
                "promoted", "place", before={"promotion": str(row.promotion_id)}, after={"promotion": str(goal)},
                reason="moves-up", **about,
            )  # fmt: skip
        elif row.pinned == Pin.KEEP:
            yield Draft("skipped", reason="pinned-keep", **about)
        else:
            yield _leaves(row, until, about)


def _leaves(row: CampusMembership, until: str, about: dict[str, Any]) -> Draft:
    """An alumnus is the school's decision from here on: neither a directory run nor a list answers for them."""
    after = {
        "role": CampusRole.ALUMNI.value, "source": MembershipSource.MANUAL.value, "cause": Cause.ROLLOVER.value,
        "ends_on": until,
    }  # fmt: skip
    now = place_facts(row)
    before = {name: now[name] for name in after}
    return Draft("alumni", "place", before=before, after=after, reason="leaves", affects=True, **about)
