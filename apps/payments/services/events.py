"""What the payment service tells about subscriptions (webhooks/payment-service). It decides; we keep what it said last.

News that is older than what is known has no effect, whatever the order of arrival: the end is the same.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, Field, StringConstraints

from apps.accounts.models import User
from apps.integrations.contract import Content, Event, Kind, Outcome, Service, TooEarly, done, hopeless, nothing
from apps.outgoing.services.publishing import publish

from ..announcements import CHANGED, SubscriptionNews
from ..models import Subscription, SubscriptionPayment

Status = Subscription.Status
Number = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Moment = Annotated[AwareDatetime, Field(strict=False)]
MOST: int = 10**12  # minor units
EVER = datetime.min.replace(tzinfo=UTC)


class SubscriptionSaid(Content):
    """A subscription as it is now, all of it. `user_external_id`: the person's key at the user service."""

    subscription_id: Number
    user_external_id: Number
    plan: Number
    status: Literal["trialing", "active", "past_due", "cancelled", "expired"]
    amount: Annotated[int, Field(ge=0, le=MOST)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    period_start: Moment | None = None
    period_end: Moment | None = None


class SubscriptionNamed(Content):
    subscription_id: Number


class PaymentSaid(Content):
    """A payment of a subscription that succeeded or failed."""

    subscription_id: Number
    payment_id: Number
    amount: Annotated[int, Field(ge=0, le=MOST)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    period_end: Moment | None = None


class NotHereYet(TooEarly):
    """The event that makes the person or the subscription may still be on its way."""

    code = "subscription-unknown"

    def __init__(self) -> None:
        super().__init__(_("The person or the subscription is not known here yet."))


def apply(events: Sequence[Event], *, now: datetime) -> Mapping[int, Outcome]:
    return {event.id: ACTS[event.kind](event) for event in events}


def _said(event: Event) -> Outcome:
    sent: SubscriptionSaid = event.content
    user_id = User.objects.filter(external_id=sent.user_external_id).values_list("pk", flat=True).first()
    if user_id is None:
        raise NotHereYet
    row = _locked(sent.subscription_id)
    if row is None:
        row = Subscription(external_id=sent.subscription_id, details_at=EVER, status_at=EVER)
    elif row.user_id not in (None, user_id):
        return hopeless("belongs-to-somebody-else", str(row))
    elif sent.currency != row.currency:
        return hopeless("other-currency", str(row))
    is_new, is_news = row.status_at == EVER, event.occurred_at >= row.details_at
    if is_news:
        row.user_id, row.plan, row.amount, row.currency = user_id, sent.plan, sent.amount, sent.currency
        row.starts_at, row.ends_at, row.details_at = sent.period_start, sent.period_end, event.occurred_at
        _say_status(row, sent.status, event.occurred_at)
        _settle(row, event)
    return done("subscription-created" if is_new else "subscription-updated", str(row)) if is_news else _stale(row)


def _cancelled(event: Event) -> Outcome:
    row = _known(event)
    if not _say_status(row, Status.CANCELLED, event.occurred_at):
        return _stale(row)
    _settle(row, event)
    return done("subscription-cancelled", str(row))


def _payment(event: Event) -> Outcome:
    sent: PaymentSaid = event.content
    row = _known(event)
    if sent.currency != row.currency:
        return hopeless("other-currency", str(row))
    payment, is_new = SubscriptionPayment.objects.get_or_create(
        external_id=sent.payment_id,
        defaults={
            "subscription": row, "succeeded": event.kind == "payment.succeeded", "amount": sent.amount,
            "currency": sent.currency, "at": event.occurred_at, "period_ends_at": sent.period_end,
        },
    )  # fmt: skip
    if payment.subscription_id != row.pk:
        return hopeless("payment-of-another-subscription", str(row))
    if not is_new:
        if payment.at > event.occurred_at:
            return _stale(row)
        payment.succeeded, payment.at = event.kind == "payment.succeeded", event.occurred_at
        payment.amount, payment.period_ends_at = sent.amount, sent.period_end
        payment.save()
    _settle(row, event)
    return done("payment-noted" if payment.succeeded else "failure-noted", str(row))


def _say_status(row: Subscription, status: str, at: datetime) -> bool:
    if at < row.status_at:
        return False
    row.said_status, row.status_at = status, at
    return True


def _settle(row: Subscription, event: Event) -> None:
    """What follows from everything that is known, in whatever order it came. Others are told what is new."""
    before = None if row._state.adding else _news(row)
    if row._state.adding:
        row.status = row.said_status
        row.save(force_insert=True)
    payments = list(row.payments.order_by("-at", "-external_id"))
    paid = next((one for one in payments if one.succeeded), None)
    row.paid_at = paid.at if paid else None
    row.failures = sum(not one.succeeded and (paid is None or one.at > paid.at) for one in payments)
    row.status = _status(row, payments[0] if payments else None)
    row.cancelled_at = row.status_at if row.said_status == Status.CANCELLED else None
    if paid and paid.period_ends_at and paid.at >= row.details_at:
        row.ends_at = paid.period_ends_at
    row.save()
    if (after := _news(row)) != before:
        publish(CHANGED.code, after, happened_at=event.occurred_at, person_id=row.user_id)


def _news(row: Subscription) -> SubscriptionNews:
    return SubscriptionNews(
        id=row.pk, number=row.external_id, user_id=row.user_id, plan=row.plan, status=row.status, amount=row.amount,
        currency=row.currency, ends_at=row.ends_at,
    )  # fmt: skip


def _status(row: Subscription, last: SubscriptionPayment | None) -> str:
    """What was said, unless a payment came after it."""
    said = Status(row.said_status)
    if last is None or last.at <= row.status_at or said in (Status.CANCELLED, Status.EXPIRED):
        return said
    return Status.ACTIVE if last.succeeded else Status.PAST_DUE


def _stale(row: Subscription) -> Outcome:
    return nothing("older-than-known", str(row))


def _known(event: Event) -> Subscription:
    row = _locked(event.content.subscription_id)
    if row is None:
        raise NotHereYet
    return row


def _locked(number: str) -> Subscription | None:
    return Subscription.objects.select_for_update().filter(external_id=number).first()


def _lane(content: Any) -> str:
    return f"subscription:{content.subscription_id}"


ACTS: Mapping[str, Callable[[Event], Outcome]] = {
    "subscription.created": _said,
    "subscription.updated": _said,
    "subscription.cancelled": _cancelled,
    "payment.succeeded": _payment,
    "payment.failed": _payment,
}
CONTENTS: Mapping[str, type[Content]] = {
    "subscription.created": SubscriptionSaid,
    "subscription.updated": SubscriptionSaid,
    "subscription.cancelled": SubscriptionNamed,
    "payment.succeeded": PaymentSaid,
    "payment.failed": PaymentSaid,
}
PAYMENT_SERVICE = Service(
    "payment-service",
    _("Payments (payment service)"),
    {name: Kind(CONTENTS[name], apply=apply, lane=_lane) for name in ACTS},
)
