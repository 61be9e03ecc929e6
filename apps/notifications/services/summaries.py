"""The daily summary: what people chose to hear once a day, in one mail at the hour of their school.

Each person's summary is one transaction: the rows that waited, and the mail with the cause "summary:<person>:<day>",
which exists once. So a job that runs twice, at once or after a crash sends nothing twice; what arrives later waits for
the next day.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.tenants.features import value
from apps.tenants.hosts import platform_url, school_url
from apps.tenants.models import School

from ..messages import DAILY_SUMMARY
from ..models import CommunicationLog, MessageQuerySet
from ..rules import SUMMARY_HOUR
from ..states import State, move
from .rendering import school_here
from .sending import send

LARGEST = 50  # titles in one mail; the rest is counted


def send_due(now: datetime) -> int:
    """Write the summary of everybody whose hour has come; how many were written. Safe to run at any time."""
    day, since = _last_hour(now, school_here())
    people = _waiting(since).order_by().values_list("user_id", flat=True).distinct()
    return sum(_write(user_id, day, since) for user_id in list(people) if user_id is not None)


def _last_hour(now: datetime, school: School | None) -> tuple[date, datetime]:
    """The day of the last summary that was due, and when that was: at an hour of the school's own clock."""
    hour = value(SUMMARY_HOUR.key, school) if school else SUMMARY_HOUR.default
    zone = _zone(school.time_zone if school else "UTC")
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        due = datetime.combine(day, time(hour), zone)
        if due <= now:
            return day, due
    raise AssertionError("unreachable: yesterday's hour has passed")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _waiting(before: datetime) -> MessageQuerySet:
    return CommunicationLog.objects.mail().filter(daily=True, state=State.QUEUED, created_at__lt=before)


@transaction.atomic
def _write(user_id: UUID, day: date, before: datetime) -> bool:
    rows = list(_waiting(before).filter(user_id=user_id).order_by("created_at").select_for_update())
    cause = f"summary:{user_id}:{day.isoformat()}"
    if not rows or CommunicationLog.objects.mail().filter(cause=cause).exists():
        return False
    latest, school = rows[-1], school_here()
    mail = send(
        template=DAILY_SUMMARY.code,
        to=latest.to,
        context={
            "school_name": school.name if school else "Campanile",
            "items": [{"title": row.subject, "url": _absolute(school, row.link)} for row in rows[:LARGEST]],
            "count": len(rows),
            "more": max(0, len(rows) - LARGEST),
            "url": _absolute(school, reverse("notifications:preferences", urlconf="config.urls.school")),
        },
        cause=cause,
        language=latest.language,
        user_id=user_id,
    )
    gone = CommunicationLog.objects.filter(pk__in=[row.pk for row in rows])
    move(gone, State.SENT, timezone.now(), summary_id=mail.pk)
    return True


def _absolute(school: School | None, path: str) -> str:
    if not path:
        return ""
    return school_url(school, path) if school else platform_url(path)
