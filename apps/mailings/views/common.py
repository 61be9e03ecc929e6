"""What the pages share."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from apps.associations.models import Association
from apps.associations.permissions import WORKSPACE
from apps.associations.views.common import entered, found
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .. import selectors
from ..models import State
from ..permissions import MAILINGS_SEND


def url(name: str, *args: Any) -> str:
    return reverse(f"mailings:{name}", args=args)


def may_send(actor: Actor, association: Association) -> bool:
    return MAILINGS_SEND.allows(actor, association)


def seen(request: HttpRequest, announcement_id: UUID, *, note_look: bool = True) -> tuple[Any, Association]:
    """The announcement and its association, for who may enter; drafts only for who may send. Raises NotVisible."""
    announcement = selectors.get_announcement(actor=request.actor, announcement_id=announcement_id, now=timezone.now())
    enter = entered if note_look else _allowed
    association = enter(request, announcement.association_id, "announcements")
    if announcement.state == State.DRAFT and not may_send(request.actor, association):
        raise NotVisible
    return announcement, association


def _allowed(request: HttpRequest, association_id: UUID, _what: str) -> Association:
    association = found(request, association_id)
    WORKSPACE.require(request.actor, association)
    return association
