"""Which of our payments something at Stripe belongs to: by the number that Stripe keeps for us."""

from uuid import UUID

from apps.money.models import Payment

from ..models import ProviderAccount, ProviderPayment
from ..providers import stripe_payments
from ..providers.stripe_calls import Calls


def of_intent(account: ProviderAccount, intent: str) -> Payment | None:
    """Raises ProviderAway, ProviderRefuses."""
    known = ProviderPayment.objects.filter(account=account, reference=intent).select_related("payment__order").first()
    if known:
        return known.payment
    calls = Calls(account.is_live, account.external_id)
    found = by_number(account, stripe_payments.payment_of_intent(calls, intent))
    if found:
        ProviderPayment.objects.filter(payment=found).update(reference=intent)
    return found


def by_number(account: ProviderAccount, number: str) -> Payment | None:
    try:
        payment_id = UUID(number)
    except ValueError:
        return None
    row = (
        ProviderPayment.objects.filter(account=account, payment_id=payment_id).select_related("payment__order").first()
    )
    return row.payment if row else None
