"""What the services share: rows under a lock, refusals, the audit line."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.associations import terms
from apps.associations.models import Association
from apps.associations.selectors import today_at, visible_associations
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible

from ..models import Announcement
from ..permissions import MAILINGS_SEND

LONGEST_REASON = 500


class WrongState(DomainError):
    code = "announcement-wrong-state"


class NotOpen(DomainError):
    code = "association-not-open"

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Only an active association sends announcements. Ask the school what is missing.")
        )


def locked_association(actor: Actor, association_id: UUID, now: datetime) -> Association:
    """The association, locked: what counts announcements is exact. Raises NotVisible."""
    visible = visible_associations(actor=actor, now=now).filter(pk=association_id).exists()
    rows = Association.objects.select_related("seat").select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=association_id).first() if visible else None
    if found is None:
        raise NotVisible
    return found


def locked(actor: Actor, announcement_id: UUID, now: datetime) -> Announcement:
    """The announcement with its association, both locked, the association first. Raises NotVisible."""
    key = Announcement.objects.filter(pk=announcement_id).values_list("association_id", flat=True).first()
    if key is None:
        raise NotVisible
    association = locked_association(actor, key, now)
    rows = Announcement.objects.select_related("office").select_for_update(of=("self",))
    found = rows.filter(pk=announcement_id).first()
    if found is None:
        raise NotVisible
    found.association = association
    return found


def of_board(actor: Actor, announcement_id: UUID, now: datetime) -> Announcement:
    """The same, for who may send for this association."""
    found = locked(actor, announcement_id, now)
    MAILINGS_SEND.require(actor, found)
    return found


def is_open(association: Association, now: datetime) -> bool:
    today = today_at(association, now)
    return terms.is_open(association.status, association.opens_on, today) and not association.is_frozen


def require_open(association: Association, now: datetime) -> None:
    if not is_open(association, now):
        raise NotOpen


def require_state(announcement: Announcement, *states: str) -> None:
    if announcement.state not in states:
        raise WrongState(
            _("This is not possible now: the announcement is in the state “%(state)s”. Load the page again.")
            % {"state": announcement.get_state_display()}
        )


def reason_of(text: str) -> str:
    """Words of the school, which the board reads. Raises Invalid."""
    words = text.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(fields={"reason": [_("Say why, in at most 500 characters. The board reads it.")]})
    return words


def note(actor: Actor, act: str, announcement: Any, now: datetime, **facts: Any) -> None:
    """The line of the audit trail: what it is called and whose it is."""
    label = f"{announcement} · {announcement.association.name}"[:200]
    record(actor=actor, act=act, target=announcement, target_label=label, at=now, **facts)
