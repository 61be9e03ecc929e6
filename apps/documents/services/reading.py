"""Opening the documents of an association: the school's look is written down (ASC-10)."""

from datetime import datetime
from uuid import UUID

from apps.associations.models import Association
from apps.associations.services import looks
from apps.core.actor import Actor
from apps.core.errors import Forbidden, NotVisible
from apps.money.sight import Level, NotSoFar

from .. import acts, selectors
from ..models import Version
from . import sight
from .common import note


def enter(*, actor: Actor, association: Association, now: datetime) -> None:
    """Let an actor see the list. Raises NotVisible, Forbidden."""
    if association.is_request:
        if not selectors.may_see(actor, association):
            raise NotVisible
        return
    if not selectors.may_see(actor, association):
        raise Forbidden
    looks.enter(actor=actor, association=association, what="documents", now=now)


def read(*, actor: Actor, version_id: UUID, now: datetime) -> Version:
    """Let an actor take a file away; papers about money only as far as the actor sees documents of the money.

    Raises NotVisible, NotSoFar.
    """
    version = selectors.get_version(actor=actor, version_id=version_id, now=now)
    association, kind = version.dossier.association, version.dossier.kind
    inside = selectors.is_founder(actor, association) or selectors.is_of_board(actor, association.pk)
    if inside:
        return version
    about_money = kind is not None and kind.is_financial
    if about_money and sight.levels(actor, [association], now)[association.pk] < Level.DOCUMENTS:
        raise NotSoFar
    if not association.is_request:
        note(actor, acts.READ, association, now, data={"page": "documents", "document": str(version.dossier)})
    return version
