"""Setting up: what an association sells and what is to be signed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.associations import treasury
from apps.associations.models import Association
from apps.associations.services.common import locked
from apps.audit.services import record
from apps.campuses.models import Campus, CampusRole, Promotion
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible

from .. import acts
from ..errors import HasMembers
from ..models import TAKEN, Charter, CharterVersion, Period, Tier
from ..permissions import MONEY_MANAGE

PLAIN: Final = (
    "name_fr", "name_en", "price", "period", "starts_on", "ends_on", "sold_from", "sold_until", "places", "roles",
    "renewal_days", "grace_days", "remind_days",
)  # fmt: skip
LINKED: Final[dict[str, Any]] = {
    "campuses": Campus, "promotions": Promotion, "members_of": Association, "charters": Charter
}  # fmt: skip
OF_PERIOD: Final = ("period", "starts_on", "ends_on")
MOST: Final = 10**8  # minor units
MOST_STEPS: Final = 8


@transaction.atomic
def create_tier(*, actor: Actor, association_id: UUID, now: datetime, **values: Any) -> Tier:
    """A new fee; the account of the association is opened with the first. Raises Forbidden, Invalid."""
    association = locked(actor, association_id, now)
    MONEY_MANAGE.require(actor, treasury.scope_of(association_id))
    links = {name: values.pop(name, ()) for name in LINKED}
    values.setdefault("remind_days", [-30, 0, values.get("grace_days", 30)])
    tier = Tier(association=association, **values)
    _check(tier, links)
    treasury.treasury_of(actor=actor, association_id=association_id, now=now)
    tier.save()
    _link(tier, links)
    _note(actor, acts.TIER_CREATED, tier, now)
    return tier


@transaction.atomic
def change_tier(*, actor: Actor, tier_id: UUID, now: datetime, **values: Any) -> Tier:
    """The period stays once somebody paid it; a new price is for who comes later. Raises HasMembers, Invalid."""
    tier = locked_tier(actor, tier_id, now)
    links = {name: values.pop(name) for name in LINKED if name in values}
    before = {name: getattr(tier, name) for name in PLAIN}
    for name, value in values.items():
        setattr(tier, name, value)
    changed = {name: [before[name], getattr(tier, name)] for name in PLAIN if before[name] != getattr(tier, name)}
    if any(name in changed for name in OF_PERIOD) and tier.fees.filter(state__in=TAKEN).exists():
        raise HasMembers
    _check(tier, links)
    tier.save()
    _link(tier, links)
    if changed or links:
        record(actor=actor, act=acts.TIER_CHANGED, target=tier, changes=changed, at=now)
    return tier


@transaction.atomic
def archive_tier(*, actor: Actor, tier_id: UUID, now: datetime) -> Tier:
    """It is not sold any more; who paid it stays a member until the end. Safe to repeat."""
    tier = locked_tier(actor, tier_id, now)
    if tier.archived_at is None:
        tier.archived_at = now
        tier.save(update_fields=["archived_at"])
        _note(actor, acts.TIER_ARCHIVED, tier, now)
    return tier


@transaction.atomic
def publish_charter(
    *, actor: Actor, association_id: UUID, name: str, text_fr: str, now: datetime, text_en: str = ""
) -> CharterVersion:
    """The first text of a charter, or its next version under the same name. The same text again changes nothing."""
    association = locked(actor, association_id, now)
    MONEY_MANAGE.require(actor, treasury.scope_of(association_id))
    name, text_fr, text_en = name.strip(), text_fr.strip(), text_en.strip()
    faults: dict[str, list[Any]] = {}
    if not name or len(name) > 120:
        faults["name"] = [_("Give it a name of at most 120 characters.")]
    if not text_fr or max(len(text_fr), len(text_en)) > 20000:
        faults["text_fr"] = [_("Write the text that members sign, at most 20,000 characters.")]
    if faults:
        raise Invalid(fields=faults)
    charter, _new = Charter.objects.get_or_create(association=association, name=name, archived_at=None)
    last = charter.versions.order_by("-number").first()
    if last and (last.text_fr, last.text_en) == (text_fr, text_en):
        return last
    version = CharterVersion.objects.create(
        charter=charter, number=last.number + 1 if last else 1, text_fr=text_fr, text_en=text_en, published_at=now
    )
    record(actor=actor, act=acts.CHARTER_PUBLISHED, target=charter, data={"version": version.number}, at=now)
    return version


def locked_tier(actor: Actor, tier_id: UUID, now: datetime) -> Tier:
    """For who manages the money of its association. Raises NotVisible, Forbidden."""
    tier = Tier.objects.select_for_update(of=("self",), no_key=True).select_related("association").filter(pk=tier_id)
    found = tier.first()
    if found is None:
        raise NotVisible
    locked(actor, found.association_id, now)
    MONEY_MANAGE.require(actor, treasury.scope_of(found.association_id))
    return found


def _link(tier: Tier, links: dict[str, Sequence[UUID]]) -> None:
    for name, ids in links.items():
        getattr(tier, name).set(ids)


def _check(tier: Tier, links: dict[str, Sequence[UUID]]) -> None:
    faults: dict[str, list[Any]] = {}
    tier.name_fr, tier.name_en = tier.name_fr.strip(), (tier.name_en or "").strip()
    if not tier.name_fr or max(len(tier.name_fr), len(tier.name_en)) > 80:
        faults["name_fr"] = [_("Give it a name of at most 80 characters.")]
    if not 0 <= tier.price <= MOST:
        faults["price"] = [_("Enter a price from nothing to a million.")]
    if tier.period == Period.FIXED:
        if not tier.starts_on or not tier.ends_on or tier.ends_on <= tier.starts_on:
            faults["ends_on"] = [_("Enter the first day, and a later day on which it ends.")]
    else:
        tier.starts_on = tier.ends_on = None
    if tier.sold_from and tier.sold_until and tier.sold_until < tier.sold_from:
        faults["sold_until"] = [_("The last day of sale comes before the first.")]
    if tier.places is not None and tier.places < 1:
        faults["places"] = [_("Enter at least one place, or leave it empty for no limit.")]
    if not 0 <= tier.renewal_days <= 366 or not 0 <= tier.grace_days <= 366:
        faults["renewal_days"] = [_("Enter at most 366 days.")]
    if set(tier.roles) - set(CampusRole.values):
        faults["roles"] = [_("Choose roles of the list.")]
    tier.remind_days = sorted(set(tier.remind_days))
    if len(tier.remind_days) > MOST_STEPS or any(not -366 <= step <= 366 for step in tier.remind_days):
        faults["remind_days"] = [_("Enter at most eight days, each at most 366 before or after the end.")]
    for name, ids in links.items():
        rows = LINKED[name].objects.filter(pk__in=ids)
        if name == "charters":
            rows = rows.filter(association_id=tier.association_id)
        if rows.count() != len(set(ids)):
            faults[name] = [_("One of these is not there any more. Choose again.")]
    if faults:
        raise Invalid(fields=faults)


def _note(actor: Actor, act: str, tier: Tier, now: datetime) -> None:
    data = {"price": tier.price, "period": tier.period, "places": tier.places}
    record(actor=actor, act=act, target=tier, data=data, at=now)
