"""What Stripe sent to the bank, and which payments are in it. Stripe alone knows: it is asked, line by line."""

from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import quote

from django.db import transaction

from apps.money.models import Payment
from apps.money.providers import PaymentFacts
from apps.money.services.settling import apply_facts

from ..models import Payout, PayoutPart, ProviderAccount, ProviderPayment
from ..providers.asking import mapped
from ..providers.stripe_calls import Calls
from .finding import of_intent
from .taking import payouts_of

STATES: Final = {"paid": Payout.State.PAID, "failed": Payout.State.FAILED, "canceled": Payout.State.FAILED}
NOT_OF_PAYMENTS: Final = frozenset({"payout", "payout_failure", "payout_cancel"})


def read(account: ProviderAccount, id_: str) -> dict[str, Any] | None:
    """A payout with its lines, of which each names the payment it is about. Raises ProviderAway."""
    calls = Calls(account.is_live, account.external_id)
    said = calls.get(f"/v1/payouts/{quote(id_, safe='')}")
    return _with_lines(account, calls, said) if said else None


def read_since(account: ProviderAccount, since: datetime) -> list[dict[str, Any]]:
    calls = Calls(account.is_live, account.external_id)
    found = list(calls.all("/v1/payouts", created={"gte": int(since.timestamp())}))
    return [_with_lines(account, calls, said) for said in reversed(found)]


def _with_lines(account: ProviderAccount, calls: Calls, said: dict[str, Any]) -> dict[str, Any]:
    nets: dict[str, int] = {}
    for line in calls.all("/v1/balance_transactions", payout=str(said["id"]), expand=["data.source"]):
        if line.get("type") not in NOT_OF_PAYMENTS:
            intent = str(mapped(line.get("source")).get("payment_intent") or "")
            nets[intent] = nets.get(intent, 0) + int(line["net"])
    for intent in nets:
        if intent:
            of_intent(account, intent)  # so that we know whose it is, also when nobody told us of the payment
    return {**said, "nets": nets}


@transaction.atomic
def note(account: ProviderAccount, said: dict[str, Any], *, now: datetime) -> Payout:
    """Keep it, and book what left of each payment. Safe to repeat, in any order."""
    payout, _is_new = Payout.objects.select_for_update(of=("self",)).get_or_create(
        account=account, external_id=str(said["id"]),
        defaults={
            "amount": said["amount"], "currency": str(said["currency"]).upper(), "state": Payout.State.PENDING,
            "read_at": now,
        },
    )  # fmt: skip
    if payout.state != Payout.State.FAILED:  # one that came back stays so
        payout.state = STATES.get(str(said.get("status")), Payout.State.PENDING)
    payout.arrives_on, payout.read_at = _day(said.get("arrival_date")), now
    nets: dict[str, int] = said["nets"]
    rows = ProviderPayment.objects.filter(account=account, reference__in=[one for one in nets if one])
    ours = {row.reference: row.payment for row in rows.select_related("payment__order")}
    payout.other = sum(net for intent, net in nets.items() if intent not in ours)
    payout.save()
    for intent, payment in ours.items():
        PayoutPart.objects.get_or_create(payout=payout, payment=payment, defaults={"amount": nets[intent]})
    for payment in sorted(ours.values(), key=lambda one: (one.order_id, one.pk)):
        apply_facts(payment.pk, _moved(payment), now)
    return payout


def _moved(payment: Payment) -> PaymentFacts:
    """What we know of it already, and where its money went since."""
    return PaymentFacts(
        state=payment.state,  # type: ignore[arg-type]
        captured=payment.captured,
        currency=payment.order.currency,
        payouts=payouts_of(payment),
        read_at=payment.facts_at,
    )


def _day(value: Any) -> date | None:
    return datetime.fromtimestamp(value, UTC).date() if isinstance(value, int) else None
