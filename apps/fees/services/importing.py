"""Members who paid elsewhere, from a list: looked at first, then taken over as it was shown."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.selectors import find_by_email
from apps.associations.models import Association
from apps.associations.selectors import today_at
from apps.associations.services.common import locked
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid

from .. import acts
from ..models import TAKEN, Fee, Source, State, Tier
from ..permissions import MEMBERS_MANAGE
from ..terms import period_of
from .handling import give_imported

MOST_ROWS: Final = 2000
MOST_TEXT: Final = 400_000
EMAIL, TIER, FROM, UNTIL = "email", "fee", "from", "until"
COLUMNS: Final = (EMAIL, TIER, FROM, UNTIL)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: what would be done, or why nothing is."""

    number: int
    email: str
    user: User | None = None
    tier: Tier | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    fault: str = ""

    @property
    def last_day(self) -> date | None:
        return self.ends_on - timedelta(days=1) if self.ends_on else None


def preview(*, actor: Actor, association_id: UUID, text: str, now: datetime) -> list[Row]:
    """What this list would do. Columns: email, fee, and if wanted from and until (the last day). Raises Invalid."""
    with transaction.atomic():
        association = locked(actor, association_id, now)
    MEMBERS_MANAGE.require(actor, association)
    return list(_rows(association, text, now))


@transaction.atomic
def take_over(*, actor: Actor, association_id: UUID, text: str, now: datetime) -> int:
    """Every line without a fault; how many people. Safe to repeat: who is there already is a fault then."""
    association = locked(actor, association_id, now)
    MEMBERS_MANAGE.require(actor, association)
    done = 0
    for row in _rows(association, text, now):
        if row.fault or row.user is None or row.tier is None or row.starts_on is None or row.ends_on is None:
            continue
        fee = Fee.objects.create(
            tier=row.tier, association=association, user=row.user, state=State.PAID, source=Source.IMPORTED,
            price=row.tier.price, starts_on=row.starts_on, ends_on=row.ends_on, grace_days=row.tier.grace_days,
            made_at=now, paid_at=now,
        )  # fmt: skip
        give_imported(fee, now)
        done += 1
    if done:
        record(actor=actor, act=acts.IMPORTED, target=association, data={"people": done}, at=now)
    return done


def _rows(association: Association, text: str, now: datetime) -> Iterator[Row]:
    tiers = {name.casefold(): tier for tier in association.tiers.all() for name in (tier.name_fr, tier.name_en) if name}
    today, seen = today_at(association, now), set[UUID]()
    taken: dict[UUID, list[tuple[date, date]]] = {}
    for user_id, starts, ends in association.fees.filter(state__in=TAKEN).values_list(
        "user_id", "starts_on", "ends_on"
    ):
        taken.setdefault(user_id, []).append((starts, ends))
    for number, given in enumerate(_lines(text), start=2):
        email = given.get(EMAIL, "").strip()
        user = find_by_email(email) if email else None
        tier = tiers.get(given.get(TIER, "").strip().casefold())
        if user is None or user.status != User.Status.ACTIVE:
            yield Row(number, email, fault=_("Nobody active in this school has this address."))
            continue
        if tier is None:
            yield Row(number, email, user, fault=_("There is no fee of this name."))
            continue
        try:
            starts_on, ends_on = _days(tier, given, today)
        except ValueError:
            yield Row(number, email, user, tier, fault=_("Write days as 2026-09-01, the first before the last."))
            continue
        fault = ""
        if any(starts < ends_on and starts_on < ends for starts, ends in taken.get(user.pk, ())):
            fault = _("Has a fee for these days already.")
        elif user.pk in seen:
            fault = _("Is in this list twice.")
        seen.add(user.pk)
        yield Row(number, email, user, tier, starts_on, ends_on, fault)


def _days(tier: Tier, given: dict[str, str], today: date) -> tuple[date, date]:
    first, last = given.get(FROM, "").strip(), given.get(UNTIL, "").strip()
    day = date.fromisoformat(first) if first else today
    starts_on, ends_on = period_of(tier.period, day, starts_on=tier.starts_on, ends_on=tier.ends_on)
    if first:
        starts_on = day
    if last:
        ends_on = date.fromisoformat(last) + timedelta(days=1)
    if ends_on <= starts_on:
        raise ValueError
    return starts_on, ends_on


def _lines(text: str) -> Iterator[dict[str, str]]:
    if len(text) > MOST_TEXT:
        raise Invalid(fields={"text": [_("That is too long. Take over at most 2,000 people at once.")]})
    text = text.lstrip("\ufeff").strip()
    head = text.splitlines()[0] if text else ""
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = {name: (name or "").strip().casefold() for name in reader.fieldnames or ()}
    if EMAIL not in names.values() or TIER not in names.values():
        raise Invalid(fields={"text": [_("The first line names the columns: email, fee, if you like from, until.")]})
    for number, row in enumerate(reader):
        if number >= MOST_ROWS:
            raise Invalid(fields={"text": [_("That is too long. Take over at most 2,000 people at once.")]})
        yield {names[key]: value or "" for key, value in row.items() if key in names and isinstance(value, str)}
