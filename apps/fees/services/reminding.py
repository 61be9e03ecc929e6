"""The reminders of a renewal: each step of each fee once, and a row that says what became of it."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.accounts.models import User
from apps.accounts.rules import school_day
from apps.associations.models import Membership, MembershipState
from apps.associations.selectors import today_at
from apps.audit.services import record
from apps.core.actor import Actor
from apps.notifications.models import Preference
from apps.notifications.services import preferences
from apps.notifications.services.suppression import is_suppressed

from .. import acts, messages, selectors
from ..models import Fee, Reminder, State
from . import telling
from .joining import label_of

Why = Reminder.Why
LOOKS_BACK: Final = timedelta(days=400)
CLOCK: Final = Actor.system("fees", surface="job")


def remind_all(*, now: datetime) -> dict[str, int]:
    """Every step that is due and has no row yet. Safe to repeat, and to run twice at once."""
    found = {"sent": 0, "skipped": 0}
    day = school_day(now)
    rows = Fee.objects.filter(
        state__in=[State.PAID, State.REFUNDED], ends_on__gte=day - LOOKS_BACK, ends_on__lte=day + LOOKS_BACK
    ).annotate(steps=F("tier__remind_days"))
    done: dict[UUID, set[int]] = {}
    for fee_id, step in Reminder.objects.filter(fee__in=rows).values_list("fee_id", "step"):
        done.setdefault(fee_id, set()).add(step)
    for fee in rows.select_related("association__seat").iterator(chunk_size=500):
        today = today_at(fee.association, now)
        due = [step for step in due_steps(fee, fee.steps, today) if step not in done.get(fee.pk, set())]
        for step in due:
            outcome = take_step(fee_id=fee.pk, step=step, is_last=step == due[-1], now=now)
            if outcome:
                found["sent" if outcome == Why.SENT else "skipped"] += 1
    return found


def due_steps(fee: Fee, steps: list[int], today: date) -> list[int]:
    """Those whose day has come since it was paid, the earliest first."""
    first = fee.paid_at.date() if fee.paid_at else fee.starts_on
    return [step for step in sorted(steps) if first <= fee.ends_on + timedelta(days=step) <= today]


@transaction.atomic
def take_step(*, fee_id: UUID, step: int, is_last: bool, now: datetime) -> str:
    """Decide, write down, and send, in one transaction. "" when somebody else did."""
    rows = Fee.objects.select_for_update(of=("self",), no_key=True)
    fee = rows.select_related("user", "tier", "association__seat").get(pk=fee_id)
    if fee.reminders.filter(step=step).exists():
        return ""
    outcome = reason(fee, now) or ("" if is_last else Why.OVERTAKEN) or Why.SENT
    Reminder.objects.create(fee=fee, step=step, outcome=outcome, at=now)
    if outcome == Why.SENT:
        telling.remind(fee, step)
        record(actor=CLOCK, act=acts.EXPIRING, target=fee, target_label=label_of(fee), data={"step": step}, at=now)
    return outcome


def reason(fee: Fee, now: datetime) -> str:
    """Why this person is not reminded; "" when they are."""
    later = Fee.objects.filter(association=fee.association, user=fee.user, state=State.PAID, ends_on__gt=fee.ends_on)
    left = Membership.objects.filter(
        association=fee.association, user=fee.user, state__in=[MembershipState.LEFT, MembershipState.REFUSED]
    )
    wanted = preferences.wanted(fee.user_id, messages.RENEW.category)
    answers: tuple[tuple[bool, str], ...] = (
        (fee.state == State.REFUNDED, Why.REFUNDED),
        (later.exists(), Why.RENEWED),
        (left.exists(), Why.LEFT),
        (not selectors.takes_in(fee.association, now), Why.FROZEN),
        (fee.user.status != User.Status.ACTIVE, Why.INACTIVE),
        (fee.tier.archived_at is not None, Why.NOT_SOLD),
        (all(wanted[medium] == Preference.Timing.OFF for medium in wanted), Why.OPTED_OUT),
        (not fee.user.email or is_suppressed(fee.user.email), Why.NO_ADDRESS),
    )
    return next((why for applies, why in answers if applies), "")
