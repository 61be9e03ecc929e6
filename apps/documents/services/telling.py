"""What boards are told: what is asked for, what was decided, what becomes due."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from apps.accounts.models import User
from apps.associations.models import Association, Founder
from apps.associations.services.telling import officers
from apps.notifications.models import CommunicationLog
from apps.notifications.services import send
from apps.tenants.context import current
from apps.tenants.hosts import school_url

from .. import messages
from ..models import Decision, Dossier, Version
from ..terms import Standing


def board_of(association: Association, now: datetime) -> list[User]:
    """Who hands in: the board of today; of a request, its founders."""
    if association.is_request:
        rows = Founder.objects.filter(association=association, declined_at=None).select_related("user")
        return [row.user for row in rows]
    return [mandate.user for mandate in officers(association, now)]


def asked(association: Association, dossiers: Sequence[Dossier], words: str, due: date | None, now: datetime) -> None:
    names = ", ".join(str(one) for one in dossiers)
    for user in board_of(association, now):
        cause = f"documents-asked:{association.pk}:{now.isoformat()}:{user.pk}"
        _send(messages.ASKED.code, user, association, cause, documents=names, words=words, due=due)


def decided(version: Version, now: datetime) -> None:
    dossier = version.dossier
    for user in board_of(dossier.association, now):
        _send(
            messages.DECIDED.code, user, dossier.association, f"document-decided:{version.pk}:{user.pk}",
            document=str(dossier), accepted=version.decision == Decision.ACCEPTED, words=version.comment,
        )  # fmt: skip


def reminded(association: Association, row: Standing, step: str, now: datetime) -> int:
    """One step of reminding, once for each person however often it is called; how many were written to now."""
    about = row.dossier.pk if row.dossier else row.kind.pk if row.kind else ""
    written = 0
    for user in board_of(association, now):
        cause = f"document-{step}:{association.pk}:{about}:{row.due_on}:{user.pk}"
        log = _send(
            messages.DUE.code, user, association, cause, document=row.title, due=row.due_on, late=step == "overdue"
        )
        written += log.created_at >= now
    return written


def _send(template: str, user: User, association: Association, cause: str, **context: Any) -> CommunicationLog:
    link = reverse("documents:association", args=[association.pk])
    facts = {"name": user.get_short_name(), "school_name": current().name, "url": school_url(current(), link)}
    return send(
        template=template, to=user.email, user_id=user.pk, language=user.locale, cause=cause, link=link,
        context={**facts, "association": association.name, **context},
    )  # fmt: skip
