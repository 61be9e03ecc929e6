"""Messages of announcements. Each person's is written for them alone, and once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.selectors import people_who_may
from apps.associations.models import Association
from apps.associations.selectors import board_on, today_at
from apps.core.actor import Actor
from apps.notifications.models import CommunicationLog
from apps.notifications.services import notify, send
from apps.tenants.context import current
from apps.tenants.hosts import school_url

from .. import messages
from ..models import Announcement
from ..permissions import MAILINGS_CONTROL, MAILINGS_SEND
from .unsubscribing import link_for


def announce_by_mail(announcement: Announcement, user: User) -> CommunicationLog:
    return send(
        template=messages.ANNOUNCEMENT.code, to=user.email, user_id=user.pk, language=user.locale, in_app=False,
        cause=messages.cause_of(announcement.pk, user.pk), link=_read(announcement),
        context=letter(announcement, user, link_for(announcement.association_id, user.pk)),
    )  # fmt: skip


def announce_in_app(announcement: Announcement, user: User) -> CommunicationLog | None:
    return notify(
        template=messages.ANNOUNCEMENT.code, user_id=user.pk, language=user.locale, link=_read(announcement),
        cause=messages.cause_of(announcement.pk, user.pk), context=letter(announcement, user, ""),
    )  # fmt: skip


def try_out(announcement: Announcement, user: User, now: datetime) -> CommunicationLog:
    """To its author, as it will look; it unsubscribes nobody."""
    return send(
        template=messages.ANNOUNCEMENT.code, to=user.email, user_id=user.pk, language=user.locale, in_app=False,
        cause=f"announcement-test:{announcement.pk}:{user.pk}:{now.isoformat()}",
        link=_page(announcement), context={**letter(announcement, user, ""), "is_test": True},
    )  # fmt: skip


def letter(announcement: Announcement, user: User, unsubscribe: str) -> dict[str, Any]:
    """What the texts name. The body is Markdown; only the templates make HTML of it."""
    language, title, body = announcement.words(user.locale)
    return {
        "name": user.get_short_name(),
        "school_name": current().name,
        "url": school_url(current(), _read(announcement)),
        "association": announcement.association.name,
        "title": " ".join(title.split()),
        "body": body,
        "body_language": language,
        "unsubscribe": unsubscribe,
    }


def waits(announcement: Announcement, by: Actor) -> None:
    """Those of the school who decide; once each time it is given to them."""
    assert announcement.leaves_at is not None
    for user in people_who_may(MAILINGS_CONTROL):
        _send(
            messages.WAITING.code, user, f"announcement-waits:{announcement.pk}:{announcement.changed_at.isoformat()}",
            _page(announcement), association=announcement.association.name, title=announcement.title, by=by.label,
        )  # fmt: skip


def decided(announcement: Announcement, step: str, actor: Actor, now: datetime, words: str = "") -> None:
    """Those of the board who may send: what the school did."""
    for user in senders(announcement.association, now, without=actor.user_id):
        _send(
            messages.DECIDED.code, user, f"announcement-{step}:{announcement.pk}:{now.isoformat()}",
            _page(announcement), association=announcement.association.name, title=announcement.title, by=actor.label,
            step=step, words=words,
        )  # fmt: skip


def blocked(association: Association, actor: Actor, now: datetime, until: datetime, words: str) -> None:
    link = reverse("mailings:list", args=[association.pk])
    for user in senders(association, now, without=actor.user_id):
        _send(
            messages.BLOCKED.code, user, f"announcements-blocked:{association.pk}:{now.isoformat()}", link,
            association=association.name, by=actor.label, until=until, words=words,
        )  # fmt: skip


def senders(association: Association, now: datetime, *, without: UUID | None) -> Iterable[User]:
    found = {
        mandate.user_id: mandate.user
        for mandate in board_on(association, today_at(association, now))
        if MAILINGS_SEND.code in mandate.office.permissions and mandate.user_id != without
    }
    return found.values()


def _send(template: str, user: User, cause: str, link: str, **context: Any) -> None:
    facts = {"name": user.get_short_name(), "school_name": current().name, "url": school_url(current(), link)}
    send(
        template=template, to=user.email, user_id=user.pk, language=user.locale, cause=f"{cause}:{user.pk}", link=link,
        context={**facts, **context},
    )  # fmt: skip


def _read(announcement: Announcement) -> str:
    return reverse("mailings:read", args=[announcement.pk])


def _page(announcement: Announcement) -> str:
    return reverse("mailings:detail", args=[announcement.pk])
