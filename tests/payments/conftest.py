"""A school whose treasury has an account at the simulator's Stripe, orders, and what Stripe tells of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone

from apps.core.actor import Actor
from apps.integrations.services import draining
from apps.money.models import LedgerAccount, LedgerEntry, LedgerTransaction, Order, Payment
from apps.money.services import orders, treasuries
from apps.money.services.orders import Line
from apps.payments.models import ProviderAccount, ProviderPayment
from apps.payments.services import checkout, connecting, reconciling
from tests.integrations.providers import Caller, answers_at

TREASURER = Actor.system("tests")
BACK, NO = "http://lumiere.campanile.localhost/back", "http://lumiere.campanile.localhost/no"


@dataclass
class Shop:
    """One treasury and its account at the simulator."""

    simulator: Any
    treasury: Any
    account: ProviderAccount
    caller: Caller

    def order(self, amount: int = 3000, **facts: Any) -> Order:
        return orders.create_order(
            actor=TREASURER, treasury_id=self.treasury.pk, lines=[Line("Membership", amount)], now=timezone.now(),
            buyer_name="Camille Martin", **facts,
        )  # fmt: skip

    def start(self, order: Order, **facts: Any) -> checkout.Checkout:
        facts = {"return_url": BACK, "cancel_url": NO, "now": timezone.now(), **facts}
        return checkout.start(actor=TREASURER, order_id=order.pk, **facts)

    def act(self, name: str, id_: str, **facts: Any) -> dict:
        return self.simulator.act(self.account.provider, name, id_, **facts)

    def charge_of(self, payment: Payment) -> str:
        with httpx.Client(base_url=f"{self.simulator.url}/stripe", trust_env=False) as web:
            headers = {"authorization": "Bearer sk_live_sandbox", "stripe-account": self.account.external_id}
            address = f"/v1/checkout/sessions/{payment.provider_id}"
            return web.get(f"{address}?expand[]=payment_intent", headers=headers).json()["payment_intent"][
                "latest_charge"
            ]

    def told(self, *kinds: str) -> list[dict]:
        return [one for one in self.simulator.told(self.account.provider) if not kinds or one["kind"] in kinds]

    def deliver(self, deliveries: Iterable[dict]) -> None:
        """And work on them."""
        for one in deliveries:
            assert self.caller.post(one["body"], one["headers"]).status_code == 200
        while draining.drain():  # a job works for about a second
            pass

    def reconcile(self, later: timedelta = timedelta(hours=2)) -> dict[str, int]:
        return reconciling.reconcile(now=timezone.now() + later)


@pytest.fixture
def shop(lumiere, fresh_sandbox, settings) -> Shop:
    return open_shop(fresh_sandbox, settings)


def open_shop(fresh_sandbox, settings) -> Shop:
    """In the school that is selected."""
    answers_at(settings, fresh_sandbox)
    now = timezone.now()
    treasury = treasuries.school_treasury(actor=TREASURER, now=now)
    account = connecting.connect_stripe(actor=TREASURER, treasury_id=treasury.pk, now=now)
    fresh_sandbox.account_at("stripe", account.external_id, state="active")
    account = connecting.read_again(actor=TREASURER, account_id=account.pk, now=timezone.now())
    return Shop(fresh_sandbox, treasury, account, Caller(fresh_sandbox))


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def booked(treasury: Any) -> dict[str, list[tuple[str, int]]]:
    """What is booked by kind, without the order in which things became known."""
    rows = LedgerTransaction.objects.filter(treasury=treasury).prefetch_related("entries__account")
    found: dict[str, list[tuple[str, int]]] = {}
    for row in rows:
        found.setdefault(row.kind, []).extend(sorted((str(one.account), one.amount) for one in row.entries.all()))
    return {kind: sorted(sides) for kind, sides in sorted(found.items())}


def balances(treasury: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for account in LedgerAccount.objects.filter(treasury=treasury):
        total = sum(LedgerEntry.objects.filter(account=account).values_list("amount", flat=True))
        if total:
            found[str(account)] = total
    return found


__all__ = ["BACK", "NO", "TREASURER", "ProviderPayment", "Shop", "balances", "booked", "fresh", "open_shop"]
