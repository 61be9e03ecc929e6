"""Payments for the demonstration: the school's account at the simulator's Stripe, what was paid there, what waits."""

from datetime import datetime
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from django.conf import settings

from apps.accounts.models import User
from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.integrations import http
from apps.money.models import Order
from apps.money.services.orders import Line, create_order
from apps.money.services.treasuries import school_treasury
from apps.payments.models import ProviderAccount
from apps.payments.services import checkout, connecting, policy
from apps.tenants.context import current
from apps.tenants.hosts import school_url

PAID = (("Cotisation annuelle", 2500), ("Gala de printemps", 4200), ("Sweat-shirt", 3500))
WAITS = ("Voyage à Strasbourg", 8900)


def make(boss: Actor, buyer: User | None, now: datetime) -> None:
    """What is missing of it. Repeating it is harmless. Nothing, where no simulator may be called."""
    if ProviderAccount.objects.exclude(treasury=None).exists() or not settings.OUTGOING_ALLOWED_TARGETS:
        return
    treasury = school_treasury(actor=boss, now=now)
    policy.change_policy(
        actor=boss, providers=list(policy.PROVIDERS), fee_basis_points=100, fee_fixed=0, approval_above=500_000, now=now
    )
    here = school_url(current(), "/payment-accounts/")
    account = connecting.connect_stripe(actor=boss, treasury_id=treasury.pk, now=now)
    link = connecting.onboarding_link(actor=boss, account_id=account.pk, return_url=here, refresh_url=here, now=now)
    _answer(link, "finish")
    connecting.read_again(actor=boss, account_id=account.pk, now=now)
    _let_in(boss, treasury.pk, here, now)
    for number, (text, amount) in enumerate((*PAID, WAITS)):
        order = create_order(
            actor=boss, treasury_id=treasury.pk, lines=[Line(text, amount)], buyer_id=buyer.pk if buyer else None,
            buyer_name="" if buyer else "Camille Martin", now=now, key=f"demonstration-{number}",
        )  # fmt: skip
        if number < len(PAID):
            _pay(boss, order, here, now)


def _let_in(boss: Actor, treasury_id: UUID, here: str, now: datetime) -> None:
    """Somebody of the school lets us in at HelloAsso. Not there, when the simulator was made before this was."""
    url = connecting.begin_helloasso(actor=boss, treasury_id=treasury_id, redirect_uri=here, now=now)
    with http.client("simulator") as web:
        back = web.post(url, data={"organisation": "ecole-lumiere"}).headers.get("location", "")
    said = dict(parse_qsl(urlsplit(back).query))
    if code := said.get("code"):
        connecting.finish_helloasso(actor=boss, state=said["state"], code=code, redirect_uri=here, now=now)


def _pay(boss: Actor, order: Order, here: str, now: datetime) -> None:
    started = checkout.start(actor=boss, order_id=order.pk, return_url=here, cancel_url=here, now=now)
    _answer(started.url, "pay")
    try:
        checkout.came_back(actor=boss, order_id=order.pk, now=now)
    except DomainError:
        return  # it is asked again by itself


def _answer(url: str, answer: str) -> None:
    """What a person does on the pages of the simulator."""
    with http.client("simulator") as web:
        web.post(url, data={"answer": answer})
