"""The school's promotions: an ordered list, each with what happens to its people at the turn of the school year."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.acts import act
from apps.audit.services import record
from apps.core.actor import SCHOOL, Actor
from apps.core.errors import DomainError, Invalid, NotVisible

from ..models import Promotion
from ..permissions import CAMPUSES_MANAGE

PROMOTION_CREATED = act("promotion.created", gettext_lazy("Promotion created"))
PROMOTION_CHANGED = act("promotion.changed", gettext_lazy("Promotion changed"))
PROMOTION_REMOVED = act("promotion.removed", gettext_lazy("Promotion removed"))
MOST = 200
Turn = Promotion.Turn


class PromotionInUse(DomainError):
    code = "promotion-in-use"


@transaction.atomic
def create_promotion(*, actor: Actor, name: str, now: datetime) -> Promotion:
    """Add a promotion at the end of the list. Raises Forbidden, Invalid (the name is taken or empty)."""
    CAMPUSES_MANAGE.require(actor, SCHOOL)
    if Promotion.objects.count() >= MOST:
        raise Invalid(fields={"name": [_("There are too many promotions. Remove some that are not used.")]})
    last = Promotion.objects.aggregate(last=Max("position"))["last"]
    promotion = Promotion(name=_checked(name), position=0 if last is None else last + 1)
    _save(promotion, new=True)
    record(actor=actor, act=PROMOTION_CREATED, target=promotion, at=now)
    return promotion


@transaction.atomic
def change_promotion(
    *, actor: Actor, promotion_id: UUID, name: str, turn: str, then_id: UUID | None, now: datetime
) -> Promotion:
    """Rename it, and say what happens to its people at the turn of the year. Raises Forbidden, NotVisible, Invalid."""
    CAMPUSES_MANAGE.require(actor, SCHOOL)
    promotion = _locked(promotion_id)
    before = {"name": promotion.name, "turn": promotion.turn, "then": promotion.then_id}
    promotion.name, promotion.turn = _checked(name), _turn(turn)
    promotion.then = _then(promotion, then_id) if turn == Turn.MOVE else None
    after = {"name": promotion.name, "turn": promotion.turn, "then": promotion.then_id}
    if before != after:
        _save(promotion)
        changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
        record(actor=actor, act=PROMOTION_CHANGED, target=promotion, changes=changes, at=now)
    return promotion


@transaction.atomic
def move_promotion(*, actor: Actor, promotion_id: UUID, up: bool, now: datetime) -> None:
    """Change places with its neighbour; at the end of the list nothing happens."""
    CAMPUSES_MANAGE.require(actor, SCHOOL)
    ordered = list(Promotion.objects.select_for_update().order_by("position", "name"))
    place = next((number for number, one in enumerate(ordered) if one.pk == promotion_id), None)
    if place is None:
        raise NotVisible()
    other = place - 1 if up else place + 1
    if not 0 <= other < len(ordered):
        return
    ordered[place], ordered[other] = ordered[other], ordered[place]
    for position, one in enumerate(ordered):
        one.position = position
    Promotion.objects.bulk_update(ordered, ["position"])
    record(actor=actor, act=PROMOTION_CHANGED, target=ordered[other], data={"position": other}, at=now)


@transaction.atomic
def remove_promotion(*, actor: Actor, promotion_id: UUID, now: datetime) -> None:
    """Remove a promotion nobody is in. Raises Forbidden, NotVisible, PromotionInUse."""
    CAMPUSES_MANAGE.require(actor, SCHOOL)
    promotion = _locked(promotion_id)
    if promotion.memberships.exists():
        raise PromotionInUse(_("People are in this promotion. Move them first, or rename the promotion."))
    Promotion.objects.filter(then=promotion).update(then=None, turn=Turn.STAY)
    record(actor=actor, act=PROMOTION_REMOVED, target=promotion, at=now)
    promotion.delete()


def _locked(promotion_id: UUID) -> Promotion:
    promotion = Promotion.objects.select_for_update().filter(pk=promotion_id).first()
    if promotion is None:
        raise NotVisible()
    return promotion


def _checked(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > 60:
        raise Invalid(fields={"name": [_("Enter a name of up to 60 characters.")]})
    return name


def _turn(turn: str) -> Turn:
    if turn not in Turn.values:
        raise Invalid(fields={"turn": [_("Choose from the list.")]})
    return Turn(turn)


def _then(promotion: Promotion, then_id: UUID | None) -> Promotion:
    then = Promotion.objects.filter(pk=then_id).first() if then_id else None
    if then is None or then.pk == promotion.pk:
        raise Invalid(fields={"then": [_("Choose the promotion that people move to.")]})
    return then


def _save(promotion: Promotion, *, new: bool = False) -> None:
    try:
        with transaction.atomic():
            promotion.save(force_insert=new)
    except IntegrityError:
        raise Invalid(fields={"name": [_("Another promotion has this name.")]}) from None
