"""Who takes money for us. Providers register here when their app is ready; nothing here knows any of them.

A provider is asked, never believed: what it says *now* becomes a `PaymentFacts`, and `services.settling.apply_facts`
brings everything in line with it. Calls to a provider happen outside of transactions and may be repeated.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, Protocol

from django.utils.translation import gettext_lazy as _

from apps.core.ui import Text

from .models import Payment, Refund

CASH, TRANSFER, CHEQUE = "cash", "transfer", "cheque"
BY_HAND: Final[dict[str, Text]] = {CASH: _("Cash"), TRANSFER: _("Bank transfer"), CHEQUE: _("Cheque")}


@dataclass(frozen=True, slots=True)
class CheckoutStarted:
    url: str
    provider_id: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundAsked:
    provider_id: str
    state: Literal["pending", "done", "failed"]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """`refund_id`: our own number, when the provider kept it; a refund made at the provider has none."""

    provider_id: str
    amount: int
    state: Literal["pending", "done", "failed"]
    refund_id: str = ""
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """`fee`: what the provider takes for it now; nothing once it gave it back."""

    provider_id: str
    amount: int
    state: Literal["open", "lost", "won"]
    fee: int = 0
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """The part of this payment that left for the bank, after fees. `failed`: the bank sent it back."""

    provider_id: str
    amount: int
    state: Literal["paid", "failed"] = "paid"
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment as the provider has it now: all of it, not what changed. None: not known (yet).

    `captured`: gross, what the buyer paid in the end. `read_at`: when we asked; of what can change in both
    directions (fees) the newest reading counts.
    """

    state: Literal["started", "succeeded", "failed", "expired"]
    captured: int = 0
    currency: str = "EUR"
    fee: int | None = None
    application_fee: int | None = None
    refunds: tuple[RefundFacts, ...] = ()
    disputes: tuple[DisputeFacts, ...] = ()
    payouts: tuple[PayoutFacts, ...] = ()
    captured_on: date | None = None
    read_at: datetime | None = None


class Provider(Protocol):
    code: str
    name: Text
    costs_fees: bool

    def start_checkout(
        self, *, payment: Payment, return_url: str, cancel_url: str, now: datetime
    ) -> CheckoutStarted: ...  # idempotent by payment.pk

    def refund(self, *, refund: Refund, now: datetime) -> RefundAsked: ...  # idempotent by refund.pk

    def read(self, *, payment: Payment, now: datetime) -> PaymentFacts: ...


REGISTRY: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Registering a code again replaces it (apps may be made ready more than once)."""
    if provider.code in BY_HAND:
        raise ValueError(f"{provider.code!r} is money received by hand")
    REGISTRY[provider.code] = provider


def get(code: str) -> Provider | None:
    return REGISTRY.get(code)


def name_of(code: str) -> Text:
    """What people call a way of paying."""
    if code in BY_HAND:
        return BY_HAND[code]
    provider = REGISTRY.get(code)
    return provider.name if provider else code
