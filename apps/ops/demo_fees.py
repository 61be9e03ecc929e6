"""Membership fees of the demonstration: at four associations, some paid, one limited fee nearly full, one charter."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.accounts.selectors import actor_for
from apps.associations.models import Association, Membership, MembershipState
from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.fees.models import Period, Tier
from apps.fees.services import joining, reminding, tiers

#: association, its fee, what it costs, places, how many paid
FEES: Sequence[tuple[str, dict[str, Any], int]] = (
    ("BDE", {"name_fr": "Adhésion annuelle", "name_en": "Yearly membership", "price": 3500}, 9),
    ("BDE", {"name_fr": "Adhésion de semestre", "name_en": "Membership for a semester", "price": 2000,
             "period": Period.SEMESTER}, 2),
    ("BDS", {"name_fr": "Licence et adhésion", "name_en": "Licence and membership", "price": 6000, "places": 10}, 8),
    ("Ciné-club", {"name_fr": "Carte de l’année", "name_en": "Card for the year", "price": 1500}, 4),
    ("BDA", {"name_fr": "Adhésion libre", "name_en": "Free membership", "price": 0}, 2),
)  # fmt: skip
CHARTER_FR = "Je respecte le matériel, les lieux et les personnes. Je rends ce que j’emprunte."
CHARTER_EN = "I respect equipment, places and people. I give back what I borrow."


def make(boss: Actor, student: User | None, now: datetime) -> None:
    """What is missing of it. Repeating it is harmless."""
    if Tier.objects.exists():
        return
    then = now - timedelta(days=40)
    for name, facts, people in FEES:
        association = Association.objects.filter(name=name).first()
        if association is None:
            continue
        version = tiers.publish_charter(
            actor=boss, association_id=association.pk, name="Charte du membre", text_fr=CHARTER_FR, text_en=CHARTER_EN,
            now=then,
        )  # fmt: skip
        wish = {"period": Period.SCHOOL_YEAR, "charters": [version.charter_id], **facts}
        tier = tiers.create_tier(actor=boss, association_id=association.pk, now=then, **wish)
        _paid(boss, tier, people, student, then)
        if student is not None and name == "Ciné-club":
            _waits(student, tier, version.pk, now)
    reminding.remind_all(now=now)


def _paid(boss: Actor, tier: Tier, people: int, student: User | None, then: datetime) -> None:
    rows = Membership.objects.filter(association=tier.association, state=MembershipState.MEMBER).select_related("user")
    members = [row.user for row in rows.order_by("user__email")]
    if student is not None and tier.association.name == "BDE":
        members = [student, *(one for one in members if one != student)]
    done = 0
    for number, user in enumerate(members):
        if done == people:
            return
        try:
            joining.sell_at_desk(
                actor=boss, tier_id=tier.pk, email=user.email, method=("cash", "transfer", "cheque")[number % 3],
                now=then + timedelta(days=number % 20), key=f"demonstration-{number}", signed=True,
            )  # fmt: skip
            done += 1
        except DomainError:  # has a fee of this association already
            continue


def _waits(student: User, tier: Tier, version_id: Any, now: datetime) -> None:
    """Chosen an hour ago, still to be paid."""
    try:
        joining.choose(
            actor=actor_for(student, surface="command"), tier_ids=[tier.pk], accepted=[version_id],
            now=now - timedelta(hours=1), key="demonstration",
        )  # fmt: skip
    except DomainError:  # paid already
        return
