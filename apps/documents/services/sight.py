"""What those who oversee see of an association's money, and the trace that every look leaves (ASC-10).

Each role of the school sees up to a level at once, and up to another after giving a reason, for an hour. The board
sees who looked, when, how far and why. The board itself is limited by nothing here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.associations.models import Association
from apps.associations.permissions import ASSOCIATIONS_OVERSEE
from apps.audit.models import AuditEvent
from apps.core.actor import SCHOOL, Actor, Role
from apps.core.errors import Forbidden, Invalid
from apps.money.models import Treasury
from apps.money.permissions import MONEY_VIEW
from apps.money.sight import Level

from .. import acts
from ..models import MoneyLook, SightRule
from ..permissions import DOCUMENTS_POLICY
from .common import locked, note

HOLDER: Final = "association"
LASTS: Final = timedelta(hours=1)
SHORTEST_REASON: Final = 8


@dataclass(frozen=True, slots=True)
class Rule:
    level: int
    with_reason: int


#: Until a school chooses. Roles that are not named see what "custom" sees.
USUAL: Final[Mapping[str, Rule]] = {
    Role.OWNER: Rule(Level.LINES, Level.DOCUMENTS),
    Role.ADMIN: Rule(Level.LINES, Level.DOCUMENTS),
    Role.AUDITOR: Rule(Level.LINES, Level.DOCUMENTS),
    Role.CAMPUS_MANAGER: Rule(Level.TOTALS, Level.LINES),
    Role.CUSTOM: Rule(Level.TOTALS, Level.LINES),
    Role.SERVICE: Rule(Level.TOTALS, Level.TOTALS),
}


def rules() -> dict[str, Rule]:
    """What holds for each role now."""
    chosen = {row.role: Rule(row.level, row.with_reason) for row in SightRule.objects.all()}
    return {role: chosen.get(str(role), usual) for role, usual in USUAL.items()}


def hold_rules() -> None:
    """Until the transaction ends nobody else changes a rule: two who read the same cannot both be based on it.

    A lock of its own, because a role that nobody chose for has no row to lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%s))", [SightRule._meta.db_table]
        )


@transaction.atomic
def change_rule(*, actor: Actor, role: str, level: int, with_reason: int, now: datetime) -> SightRule:
    """Choose what a role sees. Raises Forbidden, Invalid."""
    DOCUMENTS_POLICY.require(actor)
    if role not in USUAL:
        raise Invalid(fields={"role": [_("Choose one of the values of the list.")]})
    if level not in Level.values or with_reason not in Level.values or with_reason < level:
        raise Invalid(fields={"with_reason": [_("With a reason a role sees at least what it sees at once.")]})
    hold_rules()
    row = SightRule.objects.select_for_update().filter(role=role).first()
    before = Rule(row.level, row.with_reason) if row else USUAL[role]
    if row is None:
        row = SightRule(role=role)
    row.level, row.with_reason = level, with_reason
    row.save()
    if before != Rule(level, with_reason):
        changes = {"at_once": [before.level, level], "with_reason": [before.with_reason, with_reason]}
        note(actor, acts.SIGHT_CHANGED, row, now, label=role, changes=changes)
    return row


# --- how far somebody sees -------------------------------------------------------------------------------


def is_inside(actor: Actor, association_id: UUID | None) -> bool:
    """Holds something at the association itself, or is the machine that runs the clock."""
    return any(
        held.role is Role.SYSTEM or (held.scope.kind == HOLDER and held.scope.id == association_id)
        for held in actor.held
    )


def rule_of(actor: Actor, association: Association, chosen: Mapping[str, Rule] | None = None) -> Rule:
    """The best that the actor's roles of the school give at this association."""
    known, seat = chosen or rules(), association.seat_id
    mine = [
        known.get(held.role, known[Role.CUSTOM])
        for held in actor.held
        if (held.scope == SCHOOL or (held.scope.kind == "campus" and held.scope.id == seat))
        and (held.gives(ASSOCIATIONS_OVERSEE) or held.gives(MONEY_VIEW))
    ]
    return Rule(max((one.level for one in mine), default=0), max((one.with_reason for one in mine), default=0))


def levels(actor: Actor, associations: Sequence[Association], now: datetime) -> dict[UUID, int]:
    """How far the actor sees now into the money of each of these, with the looks that are open."""
    chosen = rules()
    opened: dict[UUID, int] = {}
    if actor.user_id is not None and not actor.acting_for:
        rows = MoneyLook.objects.filter(user_id=actor.user_id, until__gt=now, association__in=associations)
        opened = dict(rows.order_by().values_list("association_id").annotate(level=Max("level")))
    found = {}
    for one in associations:
        rule = rule_of(actor, one, chosen)
        with_reason = min(opened.get(one.pk, 0), rule.with_reason)  # a rule made narrower ends what is open
        found[one.pk] = int(Level.DOCUMENTS) if is_inside(actor, one.pk) else max(rule.level, with_reason)
    return found


def limits(*, actor: Actor, treasuries: Iterable[Treasury], **_news: object) -> dict[UUID, int]:
    """For apps.money.sight: associations' treasuries only."""
    rows = {row.holder_id: row.pk for row in treasuries if row.holder_kind == HOLDER and row.holder_id}
    if not rows:
        return {}
    found = levels(actor, list(Association.objects.filter(pk__in=rows)), timezone.now())
    return {rows[key]: level for key, level in found.items()}


# --- the trace -------------------------------------------------------------------------------------------


def looked(*, actor: Actor, treasury: Treasury, level: int, **_news: object) -> None:
    """A line in the audit trail that the board reads: one for each request and level."""
    if treasury.holder_kind != HOLDER or not treasury.holder_id or is_inside(actor, treasury.holder_id):
        return
    association = Association.objects.filter(pk=treasury.holder_id).first()
    if association is None:
        return
    now = timezone.now()
    facts = {"page": "money", "level": Level(level).name.lower()}
    same = AuditEvent.objects.filter(
        act=acts.MONEY_LOOKED, target_id=str(association.pk), request_id=actor.request_id, actor_id=actor.user_id,
        data=facts,
    )  # fmt: skip
    if actor.request_id and same.exists():
        return
    mine = MoneyLook.objects.filter(association=association, until__gt=now, level__gte=level).order_by("-at")
    found = mine.filter(user_id=actor.user_id).first() if actor.user_id else None
    note(actor, acts.MONEY_LOOKED, association, now, reason=found.reason if found else "", data=facts)


@transaction.atomic
def open_money(*, actor: Actor, association_id: UUID, level: int, reason: str, now: datetime) -> MoneyLook:
    """See more of an association's money for an hour, for a reason that its board reads.

    The same wish while it is open changes nothing. Raises NotVisible, Forbidden, Invalid.
    """
    association = locked(actor, association_id, now)
    ASSOCIATIONS_OVERSEE.require(actor, association)
    if actor.user_id is None or actor.acting_for:
        raise Forbidden(message=_("Only a person can give a reason, in their own name."))
    words = reason.strip()
    if level not in (Level.TOTALS, Level.LINES, Level.DOCUMENTS):
        raise Invalid(fields={"level": [_("Choose one of the values of the list.")]})
    if level > rule_of(actor, association).with_reason:
        raise Forbidden(message=_("Your role does not see so much, also with a reason. Ask an administrator."))
    if len(words) < SHORTEST_REASON:
        raise Invalid(fields={"reason": [_("Say in some words why: the board of the association reads it.")]})
    known = MoneyLook.objects.filter(
        association=association, user_id=actor.user_id, level=level, until__gt=now, reason=words[:500]
    ).first()
    if known is not None:
        return known
    look = MoneyLook.objects.create(
        association=association, user_id=actor.user_id, level=level, reason=words[:500], at=now, until=now + LASTS
    )
    facts = {"page": "money", "level": Level(level).name.lower()}
    note(actor, acts.MONEY_OPENED, association, now, reason=words, data=facts)
    return look


def money_page(association: Association) -> str:
    """Where its money is shown; its workspace while it has none."""
    row = Treasury.objects.filter(holder_kind=HOLDER, holder_id=association.pk).first()
    if row is None:
        return reverse("associations:workspace", args=[association.pk])
    return reverse("money:treasury", args=[row.pk])
