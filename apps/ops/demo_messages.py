"""Messages of the demonstration in every state, and something unread under the bell of the people one signs in as."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import actor_for
from apps.notifications.kinds import known
from apps.notifications.models import CommunicationLog, SuppressedAddress
from apps.notifications.services import DeliveryReport, preferences, record_reports, send
from apps.notifications.services.delivery import deliver
from apps.notifications.states import State, move
from apps.tenants.context import current
from apps.tenants.hosts import school_url

GONE = "ancien.responsable@mail.example"
ELSEWHERE = "permanence@prestataire.example"


def make(owner: User, staff: Iterable[User], student: User | None, now: datetime) -> None:
    """Once: a school that has a closed address has them already."""
    if SuppressedAddress.objects.exists():
        return
    for number, user in enumerate([owner, *staff]):
        _read(_sent(user, "directory_alert", "/directory/", now - timedelta(days=9, hours=number)), now)
        _sent(user, "directory_alert", "/directory/", now - timedelta(hours=5, minutes=number))
    if student is not None:
        _sent(student, "acted_for", "", now - timedelta(hours=20))
    _bounced(student or owner, now - timedelta(days=2))
    _given_up(owner, now - timedelta(days=1))
    for user in list(staff)[:1]:
        preferences.change(
            actor=actor_for(user, surface="command"), values={"operations": {"email": "daily", "in-app": "now"}}
        )
        _write(user, user.email, "directory_alert", "/directory/runs/", now - timedelta(minutes=50))


def _write(user: User, to: str, kind: str, link: str, at: datetime, *, bell: bool = True) -> CommunicationLog:
    school = current()
    log = send(
        template=kind,
        to=to,
        context={
            "name": user.given_name,
            "school_name": school.name,
            "url": school_url(school, link or "/"),
            **known(kind).example,
        },
        cause=f"demonstration:{kind}:{to}:{at.isoformat()}",
        language=user.locale,
        user_id=user.pk if bell else None,
        link=link,
    )
    CommunicationLog.objects.filter(cause=log.cause).update(created_at=at)
    return log


def _sent(user: User, kind: str, link: str, at: datetime) -> CommunicationLog:
    log = _write(user, user.email, kind, link, at)
    reports = [DeliveryReport(log.pk, status, at + timedelta(seconds=40)) for status in ("sent", "delivered")]
    record_reports(reports, timezone.now())
    CommunicationLog.objects.filter(cause=log.cause, channel="in-app").update(delivered_at=at, sent_at=at)
    return log


def _read(log: CommunicationLog, now: datetime) -> None:
    CommunicationLog.objects.filter(cause=log.cause, unread=True).update(unread=False, read_at=now - timedelta(days=8))


def _bounced(user: User, at: datetime) -> None:
    """A guardian's old address: the mail came back, and the next one does not leave."""
    log = _write(user, GONE, "guardian", "", at)
    came_back = DeliveryReport(log.pk, "bounced", at + timedelta(minutes=2), "550 5.1.1 no such user")
    record_reports([DeliveryReport(log.pk, "sent", at), came_back], timezone.now())
    held = _write(user, GONE, "guardian", "", at + timedelta(days=1))
    deliver(held.pk, timezone.now())


def _given_up(owner: User, at: datetime) -> None:
    log = _write(owner, ELSEWHERE, "directory_alert", "", at, bell=False)
    rows = CommunicationLog.objects.filter(pk=log.pk)
    move(rows, State.FAILED, at, error="SMTPServerDisconnected", attempts=9, next_attempt_at=None)
