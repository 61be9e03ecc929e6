"""The kinds of messages of this app (apps.notifications.kinds)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import Category, kind

ANNOUNCEMENTS = Category(
    "announcements",
    _("Announcements of associations"),
    _("What the associations you belong to tell their members. For a single one: on the page of your subscriptions."),
)
BOARD = Category(
    "mailings", _("Sending announcements"), _("What the school decides about announcements that you send or approve.")
)


def cause_of(announcement_id: UUID, user_id: UUID) -> str:
    return f"announcement:{announcement_id}:{user_id}"


def unsubscribe(log: Any) -> str:
    """The address in the head of the mail; of a test there is none."""
    from .models import Announcement
    from .services.unsubscribing import link_for

    name, _colon, rest = log.cause.partition(":")
    if name != "announcement" or log.user_id is None:
        return ""
    key = Announcement.objects.filter(pk=rest.partition(":")[0]).values_list("association_id", flat=True).first()
    return link_for(key, log.user_id) if key else ""


ANNOUNCEMENT = kind(
    "announcement",
    _("Announcement of an association"),
    ANNOUNCEMENTS,
    in_app=True,
    many=True,
    unsubscribe=unsubscribe,
    example={
        "association": "Ciné-club Lumière",
        "title": _("Thursday: a film and a debate"),
        "body": _("We meet on **Thursday at seven** in the large hall."),
        "body_language": "",
        "unsubscribe": "https://example.org/…",
        "is_test": False,
    },
)
WAITING = kind(
    "announcement_waiting",
    _("An announcement waits for your approval"),
    BOARD,
    in_app=True,
    example={"association": "Ciné-club Lumière", "title": "Festival", "by": "Camille Moreau"},
)
DECIDED = kind(
    "announcement_decided",
    _("The school decided about your announcement"),
    BOARD,
    in_app=True,
    example={
        "association": "Ciné-club Lumière", "title": "Festival", "by": "Hélène Marchand", "step": "returned",
        "words": _("Please give the date."),
    },
)  # fmt: skip
BLOCKED = kind(
    "announcement_blocked",
    _("Your association may not send announcements for a time"),
    BOARD,
    in_app=True,
    example={
        "association": "Ciné-club Lumière", "by": "Hélène Marchand", "words": "Plaintes de membres.",
        "until": datetime(2026, 12, 1, 8, 0, tzinfo=UTC),
    },
)  # fmt: skip
