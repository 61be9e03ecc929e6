"""The school reads what was handed in."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.associations.services.renewals import settle_when_complete
from apps.core.actor import Actor
from apps.core.errors import Invalid

from .. import acts, selectors, terms
from ..models import Decision, Dossier, Version
from ..permissions import DOCUMENTS_REVIEW
from . import telling
from .common import DocumentState, locked, note


class Superseded(DocumentState):
    code = "document-superseded"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("A newer version came meanwhile. Read that one."))


class DecidedAlready(DocumentState):
    code = "document-decided"

    def __init__(self, by: str) -> None:
        text = gettext_lazy("%(name)s decided about this version already. Reload the page to see how.")
        super().__init__(text % {"name": by or gettext_lazy("Somebody")})


@transaction.atomic
def accept(*, actor: Actor, version_id: UUID, now: datetime, valid_until: date | None = None) -> Version:
    """Accept the newest version, until the day its kind says or the one given. Safe to repeat.

    Raises NotVisible, Forbidden, Superseded, DecidedAlready, Invalid.
    """
    version, dossier = _newest(actor, version_id, now)
    if version.decision == Decision.ACCEPTED:
        return version
    if version.decision != Decision.WAITING:
        raise DecidedAlready(version.decided_by)
    day = selectors.today_at(dossier.association, now)
    if valid_until is not None and valid_until < day:
        raise Invalid(fields={"valid_until": [_("This day is over. Ask for a valid document instead.")]})
    version.valid_until = valid_until or terms.valid_until(dossier.kind, day, selectors.year_begins())
    _decide(version, Decision.ACCEPTED, actor, now)
    note(
        actor, acts.ACCEPTED, version, now, label=_label(dossier),
        changes={"state": [Decision.WAITING, Decision.ACCEPTED], "valid_until": [None, version.valid_until]},
    )  # fmt: skip
    telling.decided(version, now)
    settle_when_complete(actor=actor, association=dossier.association, now=now)
    return version


@transaction.atomic
def ask_changes(*, actor: Actor, version_id: UUID, comment: str, now: datetime) -> Version:
    """Give the newest version back, with what has to change. Safe to repeat.

    Raises NotVisible, Forbidden, Superseded, DecidedAlready, Invalid.
    """
    version, dossier = _newest(actor, version_id, now)
    words = comment.strip()
    if version.decision == Decision.CHANGES and version.comment == words:
        return version
    if version.decision != Decision.WAITING:
        raise DecidedAlready(version.decided_by)
    if not words:
        raise Invalid(fields={"comment": [_("Say what has to change: the board reads it.")]})
    version.comment = words[:1000]
    _decide(version, Decision.CHANGES, actor, now)
    note(actor, acts.CHANGES_ASKED, version, now, label=_label(dossier), reason=words)
    telling.decided(version, now)
    return version


def _newest(actor: Actor, version_id: UUID, now: datetime) -> tuple[Version, Dossier]:
    """The version and its dossier, locked: of two who decide at once the second sees what the first said."""
    seen = selectors.get_version(actor=actor, version_id=version_id, now=now)
    association = locked(actor, seen.dossier.association_id, now)
    DOCUMENTS_REVIEW.require(actor, association)
    dossier = Dossier.objects.select_related("kind", "association__seat").get(pk=seen.dossier_id)
    rows = list(dossier.versions.select_for_update().order_by("-number"))
    version = next(row for row in rows if row.pk == version_id)
    if version != rows[0]:
        raise Superseded
    return version, dossier


def _decide(version: Version, decision: Decision, actor: Actor, now: datetime) -> None:
    version.decision, version.decided_at = decision, now
    version.decided_by_id, version.decided_by = actor.user_id, actor.label[:200]
    version.save(update_fields=["decision", "decided_at", "decided_by_id", "decided_by", "comment", "valid_until"])


def _label(dossier: Dossier) -> str:
    return f"{dossier} · {dossier.association}"
