"""Paying an order by card: which account takes it, where the buyer goes, and what we know afterwards (PAY-2, PAY-3).

Coming back from a provider means nothing: it only makes us ask there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible
from apps.money import providers as registry
from apps.money.models import Order, Payment
from apps.money.permissions import MONEY_VIEW
from apps.money.services import orders
from apps.money.services.treasuries import require_open

from .. import acts
from ..models import ProviderAccount, ProviderPayment
from . import policy
from .reading import settle_payment

State = ProviderAccount.State
OPEN_FOR: Final = timedelta(minutes=31)  # Stripe wants at least 30
ASK_AGAIN_AFTER: Final = timedelta(seconds=2)


class NoAccount(DomainError):
    code = "no-payment-account"

    def __init__(self) -> None:
        super().__init__(_("Nobody can pay by card here yet: no payment account is ready. Pay in another way."))


class AccountStopped(DomainError):
    code = "payment-account-stopped"

    def __init__(self, name: str) -> None:
        text = _("%(provider)s has stopped this account for now: nothing can be paid there. Pay in another way.")
        super().__init__(text % {"provider": name})


@dataclass(frozen=True, slots=True)
class Checkout:
    payment: Payment
    url: str

    @property
    def provider_name(self) -> str:
        return policy.PROVIDERS.get(self.payment.provider, self.payment.provider)


def order_for(*, actor: Actor, order_id: UUID) -> Order:
    """For its buyer, and for who may see its treasury. Raises NotVisible."""
    order = Order.objects.select_related("treasury").filter(pk=order_id).first()
    if order is None:
        raise NotVisible
    is_buyer = actor.user_id is not None and order.buyer_id == actor.user_id
    if not is_buyer and not MONEY_VIEW.allows(actor, order.treasury):
        raise NotVisible
    return order


def accounts_for(order: Order) -> list[ProviderAccount]:
    """That could take it now, the default first."""
    allowed = policy.policy().providers
    rows = order.treasury.payment_accounts.filter(disconnected_at=None, state=State.ACTIVE, provider__in=allowed)
    return [row for row in rows.order_by("-is_default", "provider") if registry.get(row.provider)]


def start(
    *, actor: Actor, order_id: UUID, return_url: str, cancel_url: str, now: datetime, account_id: UUID | None = None
) -> Checkout:
    """Where the buyer pays what is left of the order. Twice leads to the same page.

    Raises NotVisible, NotPayable, NoAccount, AccountStopped, NeedsApproval, Frozen, ProviderAway, ProviderSaysNo.
    """
    order = order_for(actor=actor, order_id=order_id)
    require_open(order.treasury)
    account = _account(order, account_id)
    payment = _begin(order, account, return_url=return_url, cancel_url=cancel_url, actor=actor, now=now)
    if payment.url:
        return Checkout(payment, payment.url)
    provider = registry.get(account.provider)
    assert provider is not None  # accounts_for looked
    started = provider.start_checkout(payment=payment, return_url=return_url, cancel_url=cancel_url, now=now)
    payment = orders.note_checkout(
        payment_id=payment.pk, url=started.url, provider_id=started.provider_id, expires_at=started.expires_at, now=now
    )
    return Checkout(payment, started.url)


def _account(order: Order, account_id: UUID | None) -> ProviderAccount:
    found: Sequence[ProviderAccount] = accounts_for(order)
    if account_id is not None:
        found = [one for one in found if one.pk == account_id]
    if found:
        return found[0]
    stopped = order.treasury.payment_accounts.filter(disconnected_at=None, state__in=[State.RESTRICTED, State.REJECTED])
    if account_id is not None:
        stopped = stopped.filter(pk=account_id)
    row = stopped.first()
    raise AccountStopped(row.provider_name) if row else NoAccount


@transaction.atomic
def _begin(
    order: Order, account: ProviderAccount, *, return_url: str, cancel_url: str, actor: Actor, now: datetime
) -> Payment:
    """The payment, and what exactly will be asked: asking again after a crash must ask the same."""
    payment = orders.begin_payment(
        order_id=order.pk, provider=account.provider, now=now, account_ref=account.external_id, is_live=account.is_live
    )
    asked: Mapping[str, Any] = {
        "return_url": return_url, "cancel_url": cancel_url, "expires_at": int((now + OPEN_FOR).timestamp()),
    }  # fmt: skip
    _row, is_new = ProviderPayment.objects.get_or_create(
        payment=payment,
        defaults={"account": account, "application_fee": policy.policy().fee_of(payment.amount), "asked": asked},
    )
    if is_new:
        policy.require_within_limit(account, payment.amount)
        data = {"provider": account.provider, "amount": payment.amount}
        record(actor=actor, act=acts.CHECKOUT_STARTED, target=order, data=data, at=now)
    return payment


def came_back(*, actor: Actor, order_id: UUID, now: datetime) -> Order:
    """Somebody is back from a provider and waits: ask there what became of it. It may not answer; then we wait.

    Raises NotVisible.
    """
    order = order_for(actor=actor, order_id=order_id)
    for payment in order.payments.filter(state=Payment.State.STARTED).exclude(provider_id=None):
        row = ProviderPayment.objects.filter(payment=payment).first()
        if row is None or (row.read_at and now - row.read_at < ASK_AGAIN_AFTER):
            continue
        try:
            settle_payment(payment, now=now)
        except DomainError:
            continue  # it is asked again by itself
    order.refresh_from_db()
    return order
