"""Asking a provider and bringing everything in line: of one payment, of one account."""

from datetime import datetime

from apps.money import providers as registry
from apps.money.models import Payment
from apps.money.services.settling import apply_facts

from ..models import ProviderAccount
from ..providers import helloasso, stripe
from ..providers.asking import AccountFacts, ProviderAway


def settle_payment(payment: Payment, *, now: datetime) -> Payment:
    """Raises ProviderAway, ProviderRefuses."""
    provider = registry.get(payment.provider)
    if provider is None:
        raise ProviderAway
    return apply_facts(payment.pk, provider.read(payment=payment, now=now), now)


def facts_of_account(row: ProviderAccount, *, now: datetime) -> AccountFacts:
    """Raises ProviderAway, ProviderRefuses."""
    if row.provider == "stripe":
        return stripe.read_account(row.external_id, is_live=row.is_live, second_api=True, now=now)
    found = helloasso.read_organisation(row.external_id, is_live=row.is_live, now=now)
    return found or AccountFacts("disconnected", now)
