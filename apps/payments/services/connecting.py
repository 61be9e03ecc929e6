"""Accounts at providers, per treasury: connected, filled in there, chosen, approved, disconnected (PAY-1, PAY-8).

Calls happen outside of transactions. An account is bound in the platform's table in the transaction that keeps it here.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible
from apps.money.models import Treasury
from apps.money.permissions import MONEY_VIEW
from apps.money.services.treasuries import require_open
from apps.tenants.context import current
from apps.tenants.permissions import SCHOOL_ACCOUNTS
from apps.tenants.services.bindings import bind_account, release_account

from .. import acts
from ..models import ConnectFlow, ProviderAccount
from ..permissions import PAYMENTS_CONNECT, PAYMENTS_GOVERN, PAYMENTS_VIEW
from ..providers import helloasso_calls, stripe
from . import policy
from . import tokens as token_store
from .noting import note_account
from .reading import facts_of_account

State = ProviderAccount.State
FLOW_LASTS: Final = timedelta(minutes=20)
BINDER: Final = Actor.system("payment accounts")


class NotConnected(DomainError):
    code = "account-not-connected"

    def __init__(self) -> None:
        super().__init__(_("This account is not connected any more. Connect it again first."))


class UsedElsewhere(DomainError):
    code = "account-of-another-treasury"

    def __init__(self) -> None:
        super().__init__(_("This account already takes money for somebody else in this school. Disconnect it there."))


class FlowOver(DomainError):
    code = "connection-over"

    def __init__(self) -> None:
        super().__init__(_("This connection was not begun here, or took too long. Begin again."))


def mode_of(provider: str) -> bool:
    """Whether new accounts are live ones: where there is no live key, everything happens in the test mode."""
    return "live" in settings.PROVIDER_APIS.get(provider, {}) or "test" not in settings.PROVIDER_APIS.get(provider, {})


def may_be_connected(provider: str) -> bool:
    return bool(settings.PROVIDER_APIS.get(provider)) and provider in policy.policy().providers


def connect_stripe(*, actor: Actor, treasury_id: UUID, now: datetime) -> ProviderAccount:
    """An account for this treasury, to be filled in at Stripe; the one that waits for that already, if there is one.

    Raises Forbidden, StepUpRequired, NotVisible, ProviderAway, ProviderSaysNo, NotAllowedHere.
    """
    treasury = _treasury(actor, treasury_id)
    policy.require_allowed("stripe")
    require_open(treasury)
    is_live = mode_of("stripe")
    known = treasury.payment_accounts.filter(provider="stripe", is_live=is_live, disconnected_at=None).first()
    if known:
        return known
    earlier = treasury.payment_accounts.filter(provider="stripe", is_live=is_live).count()
    account = stripe.create_account(
        is_live=is_live, name=treasury.name, email=actor.email or settings.SERVER_EMAIL, country="fr",
        currency=treasury.currency, language=current().language, key=f"account-{treasury.pk}-{earlier + 1}",
    )  # fmt: skip
    return keep(actor=actor, treasury_id=treasury_id, provider="stripe", account=account, is_live=is_live, now=now)


@transaction.atomic
def begin_helloasso(*, actor: Actor, treasury_id: UUID, redirect_uri: str, now: datetime) -> str:
    """HelloAsso's page on which this person lets us act for the association. Good once, for minutes.

    Raises Forbidden, StepUpRequired, NotVisible, NotAllowedHere, ProviderRefuses.
    """
    treasury = _treasury(actor, treasury_id)
    if actor.user_id is None:
        raise FlowOver
    policy.require_allowed("helloasso")
    require_open(treasury)
    state, verifier, is_live = secrets.token_urlsafe(32), secrets.token_urlsafe(48), mode_of("helloasso")
    ConnectFlow.objects.create(
        treasury=treasury, user_id=actor.user_id, state_hash=_hash(state), verifier=verifier, is_live=is_live,
        ends_at=now + FLOW_LASTS,
    )  # fmt: skip
    return helloasso_calls.authorize_url(is_live=is_live, redirect_uri=redirect_uri, state=state, verifier=verifier)


def finish_helloasso(*, actor: Actor, state: str, code: str, redirect_uri: str, now: datetime) -> ProviderAccount:
    """This person is back from HelloAsso. Whom we may act for, the code says; nothing else in the address counts.

    Raises FlowOver, NotLetIn, ProviderAway, AccountTaken, UsedElsewhere.
    """
    flow = _used(actor, state, now)
    PAYMENTS_CONNECT.require_held(actor, flow.treasury)
    tokens = helloasso_calls.tokens_for_code(
        is_live=flow.is_live, code=code, redirect_uri=redirect_uri, verifier=flow.verifier
    )
    with transaction.atomic():
        row = keep(
            actor=actor, treasury_id=flow.treasury_id, provider="helloasso", account=tokens.slug,
            is_live=flow.is_live, now=now,
        )  # fmt: skip
        token_store.keep(row, tokens, now=now)
    facts = facts_of_account(row, now=now)
    return note_account(row.provider, row.external_id, row.is_live, facts)[0]


@transaction.atomic
def _used(actor: Actor, state: str, now: datetime) -> ConnectFlow:
    """Once, in time, and by who began it: otherwise somebody could connect their account to another's treasury."""
    if actor.user_id is None:
        raise FlowOver
    rows = ConnectFlow.objects.select_for_update(of=("self",)).select_related("treasury")
    flow = rows.filter(state_hash=_hash(state), used_at=None, ends_at__gt=now, user_id=actor.user_id).first()
    if flow is None:
        raise FlowOver
    flow.used_at = now
    flow.save(update_fields=["used_at"])
    return flow


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


@transaction.atomic
def keep(
    *, actor: Actor, treasury_id: UUID, provider: str, account: str, is_live: bool, now: datetime
) -> ProviderAccount:
    """From now on this account takes money for this treasury. Raises AccountTaken, UsedElsewhere."""
    treasury = Treasury.objects.select_for_update(no_key=True).get(pk=treasury_id)
    school_id = current().id
    assert school_id is not None  # a treasury is a school's
    binder = actor if SCHOOL_ACCOUNTS.allows(actor) else BINDER  # who may was asked before, for this treasury
    bind_account(
        actor=binder, school_id=school_id, provider=provider, account=account, is_live=is_live, name=treasury.name,
        now=now,
    )  # fmt: skip
    row, _is_new = ProviderAccount.objects.select_for_update().get_or_create(
        provider=provider, is_live=is_live, external_id=account,
        defaults={"state": State.PENDING, "name": treasury.name, "read_at": now},
    )  # fmt: skip
    if row.treasury_id not in (None, treasury_id):
        raise UsedElsewhere
    if not row.is_connected:
        row.treasury, row.connected_at, row.disconnected_at = treasury, now, None
        row.is_default = not treasury.payment_accounts.filter(is_default=True).exists()
        row.save()
        data = {"provider": provider, "account": account, "live": is_live}
        record(actor=actor, act=acts.ACCOUNT_CONNECTED, target=row, data=data, at=now)
    return row


def onboarding_link(*, actor: Actor, account_id: UUID, return_url: str, refresh_url: str, now: datetime) -> str:
    """Where this person goes on filling it in at Stripe, once and within minutes. Raises as `connect_stripe`."""
    row = get_account(actor=actor, account_id=account_id)
    PAYMENTS_CONNECT.require(actor, row)
    if not row.is_connected or row.provider != "stripe":
        raise NotConnected
    return stripe.onboarding_link(
        row.external_id, is_live=row.is_live, return_url=return_url, refresh_url=refresh_url,
        key=f"link-{row.pk}-{now.timestamp()}",
    )  # fmt: skip


def read_again(*, actor: Actor, account_id: UUID, now: datetime) -> ProviderAccount:
    """Ask the provider how the account does. Raises ProviderAway, ProviderRefuses."""
    row = get_account(actor=actor, account_id=account_id)
    if not row.is_connected:
        raise NotConnected
    facts = facts_of_account(row, now=now)
    return note_account(row.provider, row.external_id, row.is_live, facts)[0]


@transaction.atomic
def make_default(*, actor: Actor, account_id: UUID, now: datetime) -> ProviderAccount:
    """Money of its treasury goes here first. Safe to repeat."""
    row = _locked(actor, account_id)
    if not row.is_connected:
        raise NotConnected
    if not row.is_default:
        ProviderAccount.objects.filter(treasury=row.treasury, is_default=True).update(is_default=False)
        row.is_default = True
        row.save(update_fields=["is_default"])
        record(actor=actor, act=acts.ACCOUNT_DEFAULT, target=row, at=now)
    return row


@transaction.atomic
def approve(*, actor: Actor, account_id: UUID, now: datetime) -> ProviderAccount:
    """It may take more than the policy's limit. Safe to repeat."""
    PAYMENTS_GOVERN.require(actor)
    row = ProviderAccount.objects.select_for_update().filter(pk=account_id).first()
    if row is None:
        raise NotVisible
    if row.approved_at is None:
        row.approved_at = now
        row.save(update_fields=["approved_at"])
        record(actor=actor, act=acts.ACCOUNT_APPROVED, target=row, at=now)
    return row


@transaction.atomic
def disconnect(*, actor: Actor, account_id: UUID, now: datetime) -> ProviderAccount:
    """It sells nothing any more. What was paid there is still followed, and given back from there. Safe to repeat."""
    row = _locked(actor, account_id)
    if not row.is_connected:
        return row
    row.disconnected_at, row.is_default = now, False
    row.save(update_fields=["disconnected_at", "is_default"])
    record(actor=actor, act=acts.ACCOUNT_DISCONNECTED, target=row, at=now)
    if not row.payments.exists():  # nothing will be told of it that anybody needs: another school may have it
        binder, school_id = actor if SCHOOL_ACCOUNTS.allows(actor) else BINDER, current().id
        assert school_id is not None
        release_account(
            actor=binder, school_id=school_id, provider=row.provider, account=row.external_id, is_live=row.is_live,
            now=now,
        )  # fmt: skip
    return row


def get_account(*, actor: Actor, account_id: UUID) -> ProviderAccount:
    """Raises NotVisible."""
    row = ProviderAccount.objects.select_related("treasury").filter(pk=account_id).first()
    if row is None or not (PAYMENTS_VIEW.allows(actor) or PAYMENTS_CONNECT.allows(actor, row)):
        raise NotVisible
    return row


def _locked(actor: Actor, account_id: UUID) -> ProviderAccount:
    PAYMENTS_CONNECT.require(actor, get_account(actor=actor, account_id=account_id))
    row = ProviderAccount.objects.select_for_update(of=("self",)).get(pk=account_id)
    if row.treasury_id:  # one at a time per treasury, so that one default is chosen
        Treasury.objects.select_for_update(no_key=True).get(pk=row.treasury_id)
    return row


def _treasury(actor: Actor, treasury_id: UUID) -> Treasury:
    treasury = Treasury.objects.filter(pk=treasury_id).first()
    if treasury is None or not (MONEY_VIEW.allows(actor, treasury) or PAYMENTS_CONNECT.allows(actor, treasury)):
        raise NotVisible
    PAYMENTS_CONNECT.require(actor, treasury)
    return treasury
