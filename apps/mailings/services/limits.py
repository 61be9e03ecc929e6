"""How many announcements an association may still send, and which the school wants to see before (ASC-8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.associations.models import Association
from apps.associations.selectors import board_on, today_at
from apps.core.components.formats import moment as written
from apps.core.errors import DomainError
from apps.tenants.features import value

from .. import rules, selectors
from ..models import COUNTED, Announcement, Recipient, State


class LimitReached(DomainError):
    code = "announcement-limit"


class IsBlocked(DomainError):
    code = "announcements-blocked"

    def __init__(self, until: datetime, reason: str) -> None:
        super().__init__(
            gettext_lazy("The school lets this association send nothing until %(until)s: %(reason)s")
            % {"until": written(until), "reason": reason}
        )


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one day and its week hold, and what of it is used."""

    per_day: int
    this_day: int
    per_week: int
    this_week: int

    @property
    def left(self) -> int:
        return max(0, min(self.per_day - self.this_day, self.per_week - self.this_week))


def allowance(association: Association, at: datetime, *, without: UUID | None = None) -> Allowance:
    """For the local day and week of a moment. Exact for who holds the lock of the association."""
    zone = selectors.zone_of(association)
    rows = Announcement.objects.filter(association=association)
    rows = rows.exclude(pk=without) if without else rows
    rows = rows.filter(Q(state__in=COUNTED) | Q(state=State.STOPPED, started_at__isnull=False))

    def within(period: tuple[datetime, datetime]) -> int:
        return rows.filter(leaves_at__gte=period[0], leaves_at__lt=period[1]).count()

    return Allowance(
        per_day=value(rules.PER_DAY.key),
        this_day=within(selectors.day_around(at, zone)),
        per_week=value(rules.PER_WEEK.key),
        this_week=within(selectors.week_around(at, zone)),
    )


def require_allowed(association: Association, at: datetime, *, without: UUID | None = None) -> None:
    """Raises LimitReached."""
    found = allowance(association, at, without=without)
    if found.this_day >= found.per_day:
        raise LimitReached(
            _("On this day %(n)d announcements leave already, which is the limit. Choose another day.")
            % {"n": found.this_day}
        )
    if found.this_week >= found.per_week:
        raise LimitReached(
            _("In this week %(n)d announcements leave already, which is the limit. Choose another week.")
            % {"n": found.this_week}
        )


def require_unblocked(association: Association, now: datetime) -> None:
    """Raises IsBlocked."""
    if block := selectors.current_block(association, now):
        raise IsBlocked(block.until, block.reason)


def approval_reason(announcement: Announcement, now: datetime) -> str:
    """Why the school wants to see it before, as a sentence; "" when it does not."""
    count, most = selectors.audience_of(announcement, now).count(), value(rules.APPROVAL_ABOVE.key)
    if count > most:
        return _("It goes to %(count)d people; the school approves what goes to more than %(most)d.") % {
            "count": count, "most": most,
        }  # fmt: skip
    days = value(rules.NEW_BOARD_DAYS.key)
    if days and _is_new(announcement.association, now, days):
        return _("The school approves what a board sends in its first %(days)d days.") % {"days": days}
    return ""


def _is_new(association: Association, now: datetime, days: int) -> bool:
    today = today_at(association, now)
    began = max((mandate.starts_on for mandate in board_on(association, today)), default=today)
    return today - began < timedelta(days=days)


def had_enough(user_id: Any, now: datetime) -> bool:
    """Whether a person got as many announcements today as one person may. Exact for who holds their lock."""
    start, end = selectors.day_around(now, selectors.school_zone())
    got = Recipient.objects.filter(user=user_id, state=Recipient.State.HANDED, at__gte=start, at__lt=end)
    return got.count() >= value(rules.PER_RECIPIENT.key)
