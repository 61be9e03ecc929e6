"""What becomes of a fee when its order is paid, given back or not paid in time (apps.money.purposes)."""

from datetime import datetime

from apps.associations.selectors import today_at
from apps.associations.services.by_fee import set_term
from apps.audit.services import record
from apps.core.actor import Actor
from apps.money.models import Order

from .. import acts, selectors
from ..models import Fee, Source, State, Tier
from . import telling
from .joining import label_of

CLOCK = Actor.system("fees", surface="job")


class MembershipHandler:
    def paid(self, *, order: Order, now: datetime) -> bool:
        """Member from now on. Paid too late, only while there is a place and no other fee for these days."""
        fee = _locked(order)
        if fee is None:
            return False
        if fee.state == State.PAID:
            return True
        if fee.state != State.HELD and not _still_free(fee):
            return False
        renews = Fee.objects.filter(
            association=fee.association, user=fee.user, state=State.PAID, ends_on__lte=fee.starts_on
        ).exists()
        fee.state, fee.paid_at = State.PAID, now
        fee.save(update_fields=["state", "paid_at"])
        _give(fee, now)
        data = {"amount": order.total, "until": fee.ends_on}
        act = acts.RENEWED if renews else acts.PAID
        record(actor=CLOCK, act=act, target=fee, target_label=label_of(fee), data=data, at=now)
        telling.paid(fee)
        return True

    def refunded(self, *, order: Order, amount: int, now: datetime) -> None:
        """Given back whole, it ends today. In part, it stays."""
        fee = _locked(order)
        if fee is None or fee.state != State.PAID or order.given_back < order.total:
            return
        fee.state = State.REFUNDED
        fee.save(update_fields=["state"])
        _give(fee, now)
        record(actor=CLOCK, act=acts.REFUNDED, target=fee, target_label=label_of(fee), data={"amount": amount}, at=now)

    def expired(self, *, order: Order, now: datetime) -> None:
        """The place is free again."""
        fee = _locked(order)
        if fee is None or fee.state != State.HELD:
            return
        fee.state = State.RELEASED
        fee.save(update_fields=["state"])
        record(actor=CLOCK, act=acts.RELEASED, target=fee, target_label=label_of(fee), at=now)


def _locked(order: Order) -> Fee | None:
    rows = Fee.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("user", "tier", "association__seat").filter(pk=order.purpose_id).first()  # type: ignore[misc]


def _still_free(fee: Fee) -> bool:
    if fee.state != State.RELEASED:
        return False
    tier = Tier.objects.select_for_update(no_key=True).get(pk=fee.tier_id)
    others = Fee.objects.filter(association=fee.association, user=fee.user, state__in=[State.HELD, State.PAID])
    if others.filter(starts_on__lt=fee.ends_on, ends_on__gt=fee.starts_on).exists():
        return False
    return tier.places is None or selectors.places_taken(tier, fee.starts_on) < tier.places


def _give(fee: Fee, now: datetime) -> None:
    """Bring the membership in line with what is paid: until the end of the last fee and its days of grace."""
    paid = Fee.objects.filter(association=fee.association, user=fee.user, state=State.PAID)
    until = max((one.until for one in paid), default=today_at(fee.association, now))
    set_term(association_id=fee.association_id, user_id=fee.user_id, until=until, now=now)


def give_imported(fee: Fee, now: datetime) -> None:
    assert fee.source == Source.IMPORTED
    _give(fee, now)
