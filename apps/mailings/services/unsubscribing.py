"""One click and no more mail of one association (RFC 8058), and the way back.

The link of a mail stands for one person, one association and one school: signed, so nobody makes one, and it opens
nothing else. It has no end: old mail must be able to end new mail. A GET never changes anything.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.associations.models import Association
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible
from apps.core.permissions import require_oneself
from apps.tenants.context import current, current_schema
from apps.tenants.hosts import school_url

from .. import acts
from ..models import Unsubscription

SALT: Final = "mailings.unsubscribe"


class LinkDead(DomainError):
    code = "unsubscribe-link-dead"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("This link is not complete. Open it from the mail again, or change it in your preferences."))


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a link stands for, and whose mail it ends."""

    association: Association
    user: User


def link_for(association_id: UUID, user_id: UUID) -> str:
    """The address for a mail to this person."""
    token = signing.dumps([str(association_id), str(user_id)], salt=_salt(), compress=False)
    return school_url(current(), reverse("mailings:unsubscribe", args=[token]))


def read_link(token: str) -> Meant:
    """Raises LinkDead: forged, of another school, or one of the two is gone."""
    try:
        association_id, user_id = signing.loads(token, salt=_salt())
        keys = UUID(association_id), UUID(user_id)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkDead from None
    association = Association.objects.filter(pk=keys[0]).first()
    user = User.objects.filter(pk=keys[1]).first()
    if association is None or user is None:
        raise LinkDead
    return Meant(association, user)


def unsubscribe_by_link(*, token: str, now: datetime, address: str | None = None) -> Meant:
    """The link is the proof: no sign-in. Twice changes nothing. Raises LinkDead."""
    meant = read_link(token)
    actor = Actor(label=meant.user.name, user_id=meant.user.pk, email=meant.user.email, address=address)
    _end(actor, meant.association, meant.user.pk, now)
    return meant


def choose(*, actor: Actor, association_id: UUID, wanted: bool, now: datetime) -> None:
    """A person's own choice. Safe to repeat. Raises NotVisible."""
    require_oneself(actor)
    association = Association.objects.filter(pk=association_id).first()
    if actor.user_id is None or association is None:
        raise NotVisible
    (_begin if wanted else _end)(actor, association, actor.user_id, now)


def is_unsubscribed(association_id: UUID, user_id: UUID) -> bool:
    return Unsubscription.objects.filter(association=association_id, user=user_id).exists()


@transaction.atomic
def _end(actor: Actor, association: Association, user_id: UUID, now: datetime) -> None:
    _row, new = Unsubscription.objects.get_or_create(association=association, user_id=user_id, defaults={"at": now})
    if new:
        record(actor=actor, act=acts.UNSUBSCRIBED, target=association, at=now)


@transaction.atomic
def _begin(actor: Actor, association: Association, user_id: UUID, now: datetime) -> None:
    gone, _rows = Unsubscription.objects.filter(association=association, user=user_id).delete()
    if gone:
        record(actor=actor, act=acts.RESUBSCRIBED, target=association, at=now)


def _salt() -> str:
    return f"{SALT}:{current_schema()}"
