"""Reads: what is on sale to whom and why not, who paid, how it went."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import folded
from apps.associations import terms as association_terms
from apps.associations.models import Association
from apps.associations.models import Membership as Member
from apps.associations.models import MembershipState as MemberState
from apps.associations.selectors import get_association, in_state, listed_associations, today_at
from apps.associations.treasury import find, scope_of
from apps.campuses.models import CampusMembership
from apps.campuses.models import MembershipState as CampusState
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .models import TAKEN, Acceptance, Charter, CharterVersion, Checkout, Fee, Reminder, State, Tier
from .permissions import MONEY_VIEW, WORKSPACE
from .terms import period_of

EVERYTHING = ("campuses", "promotions", "members_of", "charters__versions")


def name_of(tier: Tier) -> str:
    """In the language of the reader; the French name where there is no English one."""
    return tier.name_en if (get_language() or "").startswith("en") and tier.name_en else tier.name_fr


@dataclass(frozen=True, slots=True)
class Offer:
    """A tier for one person: which days it would cover, and why it cannot be chosen ("" when it can)."""

    tier: Tier
    starts_on: date
    ends_on: date
    left: int | None
    why_not: str = ""
    renews: bool = False
    held: Fee | None = None

    @property
    def name(self) -> str:
        return name_of(self.tier)

    @property
    def last_day(self) -> date:
        return self.ends_on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Person:
    """What eligibility looks at, read once."""

    campuses: frozenset[UUID]
    promotions: frozenset[UUID]
    roles: frozenset[str]
    member_of: frozenset[UUID]
    fees: Sequence[Fee]


def person_of(user_id: UUID, day: date) -> Person:
    places = CampusMembership.objects.filter(user_id=user_id, state=CampusState.ACTIVE, campus__archived_at=None)
    here = list(places.filter(Q(ends_on=None) | Q(ends_on__gte=day)).values_list("campus_id", "promotion_id", "role"))
    member_of = Member.objects.filter(in_state(MemberState.MEMBER, day), user_id=user_id)
    return Person(
        frozenset(campus for campus, _promotion, _role in here),
        frozenset(promotion for _campus, promotion, _role in here if promotion),
        frozenset(role for _campus, _promotion, role in here),
        frozenset(member_of.values_list("association_id", flat=True)),
        list(Fee.objects.filter(user_id=user_id, state__in=TAKEN).select_related("tier", "order")),
    )


def offer_of(tier: Tier, person: Person, day: date, taken: int | None = None) -> Offer:
    """`day`: today at the seat. The person's fees at this association say whether it is a renewal, and from when."""
    fees = [fee for fee in person.fees if fee.association_id == tier.association_id and fee.ends_on > day]
    held = next((fee for fee in fees if fee.state == State.HELD), None)
    paid_until = max((fee.ends_on for fee in fees if fee.state == State.PAID), default=None)
    starts_on, ends_on = period_of(
        tier.period, max(day, paid_until or day), starts_on=tier.starts_on, ends_on=tier.ends_on
    )
    if taken is None and tier.places is not None:
        taken = places_taken(tier, starts_on)
    left = None if tier.places is None else max(0, tier.places - (taken or 0))
    if held:
        return Offer(tier, held.starts_on, held.ends_on, left, _("You have chosen it: pay it."), held=held)
    why = (
        _not_now(tier, paid_until, starts_on, ends_on, day)
        or _not_for(tier, person)
        or (_("Every place is taken.") if left == 0 else "")
    )
    return Offer(tier, starts_on, ends_on, left, why, renews=paid_until is not None)


def _not_now(tier: Tier, paid_until: date | None, starts_on: date, ends_on: date, day: date) -> str:
    if tier.archived_at:
        return _("It is not sold any more.")
    if tier.sold_from and day < tier.sold_from:
        return _("On sale from %(day)s.") % {"day": date_format(tier.sold_from)}
    if tier.sold_until and day > tier.sold_until:
        return _("It was on sale until %(day)s.") % {"day": date_format(tier.sold_until)}
    if ends_on <= day:
        return _("Its days are over.")
    if paid_until is not None:
        opens = paid_until - timedelta(days=tier.renewal_days)
        last = date_format(paid_until - timedelta(days=1))
        if starts_on < paid_until:
            return _("You have paid until %(day)s.") % {"day": last}
        if day < opens:
            return _("You have paid until %(day)s. It can be renewed from %(opens)s.") % {
                "day": last,
                "opens": date_format(opens),
            }
    return ""


def _not_for(tier: Tier, person: Person) -> str:
    campuses, promotions, others = tier.campuses.all(), tier.promotions.all(), tier.members_of.all()
    if campuses and not person.campuses & {one.pk for one in campuses}:
        return _("For people of %(names)s only.") % {"names": ", ".join(one.name for one in campuses)}
    if promotions and not person.promotions & {one.pk for one in promotions}:
        return _("For %(names)s only.") % {"names": ", ".join(one.name for one in promotions)}
    if tier.roles and not person.roles & set(tier.roles):
        labels = dict(CampusMembership._meta.get_field("role").flatchoices)
        return _("For %(names)s only.") % {"names": ", ".join(str(labels.get(one, one)) for one in tier.roles)}
    if others and not person.member_of & {one.pk for one in others}:
        return _("For members of %(names)s only: join there first.") % {"names": ", ".join(o.name for o in others)}
    return ""


def places_taken(tier: Tier, starts_on: date) -> int:
    """Of the period that begins on a day: each period has its places anew."""
    return Fee.objects.filter(tier=tier, state__in=TAKEN, ends_on__gt=starts_on).count()


def tiers_of(association: Association) -> QuerySet[Tier]:
    return association.tiers.order_by("archived_at", "price", "pk").prefetch_related(*EVERYTHING)


def offers_of(association: Association, *, user_id: UUID, now: datetime) -> list[Offer]:
    """What one association sells, to one person."""
    day = today_at(association, now)
    person = person_of(user_id, day)
    tiers = tiers_of(association).filter(archived_at=None).select_related("association")
    return [offer_of(tier, person, day) for tier in tiers]


def all_offers(*, actor: Actor, now: datetime) -> list[tuple[Association, list[Offer]]]:
    """What every association that this person sees sells."""
    if actor.user_id is None:
        return []
    found = {one.pk: one for one in listed_associations(actor=actor, now=now).filter(frozen_at=None)}
    rows = Tier.objects.filter(association__in=found, archived_at=None).select_related("association")
    tiers: dict[UUID, list[Tier]] = defaultdict(list)
    for tier in rows.order_by("association__name", "price", "pk").prefetch_related(*EVERYTHING):
        tiers[tier.association_id].append(tier)
    if not tiers:
        return []
    days = {key: today_at(found[key], now) for key in tiers}
    person = person_of(actor.user_id, min(days.values()))
    return [(found[key], [offer_of(tier, person, days[key]) for tier in of]) for key, of in tiers.items()]


def takes_in(association: Association, now: datetime) -> bool:
    day = today_at(association, now)
    return not association.is_frozen and association_terms.is_open(association.status, association.opens_on, day)


def versions_of(tiers: Iterable[Tier]) -> list[CharterVersion]:
    """The latest text of each charter of these tiers, once each."""
    found: dict[UUID, CharterVersion] = {}
    for tier in tiers:
        for charter in tier.charters.all():
            versions = sorted(charter.versions.all(), key=lambda one: one.number)
            if versions and charter.archived_at is None:
                found[charter.pk] = versions[-1]
    return list(found.values())


def charters_of(association: Association) -> QuerySet[Charter]:
    rows = association.charters.filter(archived_at=None).prefetch_related("versions")
    return rows.annotate(signed=Count("versions__acceptances"), latest=Max("versions__number")).order_by("name", "pk")


# --- one's own -------------------------------------------------------------------------------------------


def own_fees(*, actor: Actor) -> QuerySet[Fee]:
    if actor.user_id is None:
        return Fee.objects.none()
    rows = Fee.objects.filter(user_id=actor.user_id).select_related("tier", "association__seat", "order", "user")
    return rows.exclude(state=State.RELEASED).order_by("-ends_on", "pk")


def get_own_fee(*, actor: Actor, fee_id: UUID) -> Fee:
    """Raises NotVisible."""
    found = own_fees(actor=actor).filter(pk=fee_id).first()
    if found is None:
        raise NotVisible
    return found


def get_checkout(*, actor: Actor, checkout_id: UUID) -> Checkout:
    """Raises NotVisible."""
    found = Checkout.objects.filter(pk=checkout_id, user_id=actor.user_id).first() if actor.user_id else None
    if found is None:
        raise NotVisible
    return found


# --- for the board ---------------------------------------------------------------------------------------


def get_tier(*, actor: Actor, tier_id: UUID, now: datetime) -> Tier:
    """For who sees the association. Raises NotVisible."""
    found = Tier.objects.filter(pk=tier_id).select_related("association__seat").prefetch_related(*EVERYTHING).first()
    if found is None:
        raise NotVisible
    get_association(actor=actor, association_id=found.association_id, now=now)
    return found


def fees_of(
    association: Association, *, actor: Actor, now: datetime, search: str = "", tier: str = "", when: str = ""
) -> QuerySet[Fee]:
    """Who paid, the newest first. `when`: current, grace, held, over. Raises Forbidden."""
    WORKSPACE.require_held(actor, association)
    day = today_at(association, now)
    rows = association.fees.select_related("tier", "user", "order", "association").order_by(
        "-starts_on", "-made_at", "pk"
    )
    for word in search.split()[:5]:
        rows = rows.filter(user__search__contains=folded(word))
    if tier:
        rows = rows.filter(tier_id=tier)
    if when == "current":
        rows = rows.filter(state=State.PAID, starts_on__lte=day, ends_on__gt=day)
    elif when == "held":
        rows = rows.filter(state=State.HELD)
    elif when == "over":
        rows = rows.filter(Q(ends_on__lte=day) | Q(state__in=[State.RELEASED, State.REFUNDED]))
    return rows


def reminders_of(association: Association, *, actor: Actor) -> QuerySet[Reminder]:
    """Every step, sent or not and why. Raises Forbidden."""
    WORKSPACE.require_held(actor, association)
    rows = Reminder.objects.filter(fee__association=association).select_related("fee__user", "fee__tier")
    return rows.order_by("-at", "pk")


def acceptances_of(association: Association, *, actor: Actor) -> QuerySet[Acceptance]:
    """Who accepted which text. Raises Forbidden."""
    WORKSPACE.require_held(actor, association)
    rows = Acceptance.objects.filter(fee__association=association).select_related("user", "version__charter")
    return rows.order_by("-at", "pk")


def may_see_money(actor: Actor, association_id: UUID) -> bool:
    return MONEY_VIEW.allows(actor, scope_of(association_id))


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the paid fees of one association."""

    current: int
    by_month: list[tuple[date, int]]
    by_campus: list[tuple[str, int]]
    by_promotion: list[tuple[str, int]]
    by_tier: list[tuple[Tier, int, int]]  # with what was paid
    ended: int  # in the last year
    renewed: int

    @property
    def renewal_rate(self) -> float | None:
        return self.renewed / self.ended if self.ended else None


def statistics(association: Association, *, actor: Actor, now: datetime) -> Statistics:
    """In six queries, whatever the number of members. Raises Forbidden."""
    WORKSPACE.require_held(actor, association)
    day = today_at(association, now)
    paid = association.fees.filter(state=State.PAID).order_by()
    spans = list(paid.values_list("user_id", "starts_on", "ends_on", "grace_days"))
    current = {user for user, starts, ends, _grace in spans if starts <= day < ends}
    months = [_month(day, back) for back in range(11, -1, -1)]
    by_month = [(m, len({u for u, starts, ends, _g in spans if starts <= _last(m, day) < ends})) for m in months]
    places = CampusMembership.objects.filter(user__in=current, state=CampusState.ACTIVE).order_by()
    ended = [(user, ends, grace) for user, _starts, ends, grace in spans if day - timedelta(days=365) < ends <= day]
    renewed = sum(
        any(u == user and starts <= ends + timedelta(days=grace) and later > ends for u, starts, later, _g in spans)
        for user, ends, grace in ended
    )
    sold: dict[UUID, list[int]] = defaultdict(lambda: [0, 0])
    for tier_id, source, price in paid.values_list("tier_id", "source", "price"):
        sold[tier_id][0] += 1
        sold[tier_id][1] += 0 if source == "imported" else price
    return Statistics(
        current=len(current),
        by_month=by_month,
        by_campus=_counted(places, "campus__name"),
        by_promotion=_counted(places.exclude(promotion=None), "promotion__name"),
        by_tier=[(tier, *sold[tier.pk]) for tier in tiers_of(association) if tier.pk in sold],  # type: ignore[misc]
        ended=len(ended),
        renewed=renewed,
    )


def _counted(places: QuerySet[CampusMembership], name: str) -> list[tuple[str, int]]:
    rows = places.values_list(name).annotate(n=Count("user", distinct=True)).order_by("-n", name)
    return [(str(one), int(n)) for one, n in rows]


def _month(day: date, back: int) -> date:
    number = day.year * 12 + day.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def _last(month: date, today: date) -> date:
    """The last day of a month, or today in the running one."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return min(following - timedelta(days=1), today)


def currency_of(association_id: UUID) -> str:
    """Of its account, which is opened with its first fee."""
    row = find(association_id)
    return row.currency if row else "EUR"


def counted_by_state(association: Association, now: datetime) -> dict[str, Any]:
    day = today_at(association, now)
    return association.fees.aggregate(
        current=Count("pk", filter=Q(state=State.PAID, starts_on__lte=day, ends_on__gt=day)),
        held=Count("pk", filter=Q(state=State.HELD)),
    )


def taken_now(tier: Tier, now: datetime) -> int:
    """Of the period that it sells today."""
    day = today_at(tier.association, now)
    return places_taken(tier, period_of(tier.period, day, starts_on=tier.starts_on, ends_on=tier.ends_on)[0])
