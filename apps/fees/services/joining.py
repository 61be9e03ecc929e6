"""Choosing fees: a place is held while it is paid, for one person, once. And fees received at the desk."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.selectors import find_by_email
from apps.associations import treasury
from apps.associations.selectors import today_at, visible_associations
from apps.associations.services.common import IsFrozen, OnlyYourself
from apps.associations.services.members import WrongState
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible
from apps.money.services import orders
from apps.money.services.orders import Line
from apps.money.services.treasuries import require_open

from .. import acts, selectors
from ..errors import NotEligible, Nothing, SoldOut
from ..models import Acceptance, CharterVersion, Checkout, Fee, Source, State, Tier
from ..permissions import ASSOCIATIONS_VIEW, MONEY_MANAGE
from ..selectors import Offer

PURPOSE: Final = "membership"
HELD_FOR: Final = timedelta(hours=24)
HELD_LIMITED: Final = timedelta(minutes=30)  # somebody else waits for the place
MOST_AT_ONCE: Final = 20


@transaction.atomic
def choose(
    *, actor: Actor, tier_ids: Collection[UUID], accepted: Collection[UUID], now: datetime, key: str
) -> Checkout:
    """Hold a place of each fee and make an order for each. `key`: of this wish; sent twice, it is one.

    All or nothing. Raises NotVisible, NotEligible, SoldOut, Invalid, IsFrozen.
    """
    ASSOCIATIONS_VIEW.require(actor)
    if actor.user_id is None or actor.acting_for:
        raise OnlyYourself
    person = User.objects.select_for_update(no_key=True).get(pk=actor.user_id)  # the same twice at once waits here
    full_key = f"{actor.user_id}:{key}"[:80]
    known = Checkout.objects.filter(key=full_key).first()
    if known:
        return known
    tiers = _locked_tiers(tier_ids)
    visible = visible_associations(actor=actor, now=now).filter(pk__in={one.association_id for one in tiers})
    if visible.count() != len({one.association_id for one in tiers}):
        raise NotVisible
    if len({one.association_id for one in tiers}) != len(tiers):
        raise NotEligible(_("Choose one fee of each association."))
    versions = selectors.versions_of(tiers)
    _require_accepted(versions, accepted)
    checkout = Checkout.objects.create(user=person, key=full_key, made_at=now)
    for tier in tiers:
        _sell(actor, tier, person, checkout=checkout, source=Source.BOUGHT, now=now)
    return checkout


@transaction.atomic
def sell_at_desk(
    *, actor: Actor, tier_id: UUID, email: str, method: str, now: datetime, key: str, signed: bool = False,
    received_on: date | None = None,
) -> Fee:  # fmt: skip
    """Somebody of the board received the money by hand, and the signed charters. `key`: sent twice, it is one."""
    person = find_by_email(email.strip())
    if person is not None:  # the order of locks is that of `choose`
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
    (tier,) = _locked_tiers([tier_id])
    if not visible_associations(actor=actor, now=now).filter(pk=tier.association_id).exists():
        raise NotVisible
    MONEY_MANAGE.require(actor, treasury.scope_of(tier.association_id))
    if person is None or person.status != User.Status.ACTIVE:
        raise Invalid(fields={"email": [_("Nobody active in this school has this address.")]})
    full_key = f"{tier.pk}:{key}"[:80]
    known = Checkout.objects.filter(key=full_key).first()
    if known:
        return known.fees.get()
    if selectors.versions_of([tier]) and not signed:
        raise Invalid(fields={"signed": [_("Let the charters be signed first, then tick this.")]})
    held = Fee.objects.filter(association=tier.association, user=person, state=State.HELD, tier=tier).first()
    checkout = Checkout.objects.create(user=person, key=full_key, made_at=now)
    if held:  # chosen on the website, paid at the desk
        Fee.objects.filter(pk=held.pk).update(checkout=checkout)
        fee = held
    else:
        fee = _sell(actor, tier, person, checkout=checkout, source=Source.DESK, now=now)
    order = fee.order
    if order is not None and order.total and not order.paid_at:
        orders.record_payment(
            actor=actor, order_id=order.pk, method=method, amount=order.total, received_on=received_on, now=now,
            key=f"desk:{checkout.pk}",
        )  # fmt: skip
    return Fee.objects.select_related("tier", "user", "order").get(pk=fee.pk)


def _locked_tiers(tier_ids: Collection[UUID]) -> list[Tier]:
    """Always in the same order, so that two who choose several never wait for each other."""
    if not tier_ids:
        raise Nothing
    rows = Tier.objects.filter(pk__in=tier_ids).select_related("association__seat").order_by("pk")
    tiers = list(rows.select_for_update(of=("self",), no_key=True)[:MOST_AT_ONCE])
    if len(tiers) != len(set(tier_ids)):
        raise NotVisible
    return tiers


def _sell(actor: Actor, tier: Tier, person: User, *, checkout: Checkout, source: str, now: datetime) -> Fee:
    """The place, the acceptances, the order. The tier is locked: nobody else takes a place meanwhile."""
    association = tier.association
    if association.is_frozen:
        raise IsFrozen
    if not selectors.takes_in(association, now):
        raise WrongState(_("This association takes nobody in: it is not active."))
    offer = offer_for(tier, person, now)
    if offer.left == 0 and offer.held is None:
        raise SoldOut
    if offer.why_not:
        raise NotEligible(f"{selectors.name_of(tier)} · {association.name}: {offer.why_not}")
    account = treasury.treasury_of(actor=actor, association_id=association.pk, now=now)
    require_open(account)
    fee = Fee.objects.create(
        tier=tier, association=association, user=person, checkout=checkout, source=source, price=tier.price,
        starts_on=offer.starts_on, ends_on=offer.ends_on, grace_days=tier.grace_days, made_at=now,
    )  # fmt: skip
    how = Acceptance.How.ONESELF if source == Source.BOUGHT else Acceptance.How.PAPER
    Acceptance.objects.bulk_create(
        Acceptance(version=version, user=person, fee=fee, how=how, at=now) for version in selectors.versions_of([tier])
    )
    data = {"tier": str(tier.pk), "starts_on": fee.starts_on, "ends_on": fee.ends_on}
    record(actor=actor, act=acts.CHOSEN, target=fee, target_label=label_of(fee), data=data, at=now)
    expires = None if source == Source.DESK else now + (HELD_FOR if tier.places is None else HELD_LIMITED)
    order = orders.place_order(
        actor=actor, treasury=account, purpose=PURPOSE, purpose_id=fee.pk, buyer_id=person.pk, expires_at=expires,
        lines=[Line(_line(tier, offer), tier.price)], now=now, key=f"fee:{fee.pk}",
    )  # fmt: skip
    Fee.objects.filter(pk=fee.pk).update(order=order)
    fee.order = order
    return fee


def offer_for(tier: Tier, person: User, now: datetime) -> Offer:
    day = today_at(tier.association, now)
    return selectors.offer_of(tier, selectors.person_of(person.pk, day), day)


def label_of(fee: Fee) -> str:
    return f"{fee.user.name} · {fee.association.name}"


def _line(tier: Tier, offer: Offer) -> str:
    days = f"{offer.starts_on:%d/%m/%Y}–{offer.last_day:%d/%m/%Y}"
    return f"{selectors.name_of(tier)[:120]} ({days})"


def _require_accepted(versions: Sequence[CharterVersion], accepted: Collection[UUID]) -> None:
    if any(version.pk not in accepted for version in versions):
        raise Invalid(fields={"accepted": [_("Read and accept each text first. A text may have changed meanwhile.")]})
