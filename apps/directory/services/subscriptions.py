"""Microsoft announces changes of mapped groups, and a run reads them within seconds (DIR-7).

A subscription is a row before Microsoft is asked for it, because Microsoft calls the address before it answers.
The address ends in 256 random bits, the secret that every notification shows has as many; of both only digests are
kept. A crash between Microsoft's answer and our commit leaves a subscription that the next look at Microsoft's own
list adopts.

A notification goes into the inbox (apps.integrations) before Microsoft gets its answer. From there it becomes one row
per subscription and kind, counted up while it waits: a flood of them costs one run in the end. What was missed is
found by the runs of the schedule.
"""

import hashlib
import hmac
import json
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.plan import MOVING, State
from apps.integrations.contract import Content, Event, Outcome, Service, done, nothing
from apps.integrations.contract import Kind as EventKind
from apps.integrations.reading import Item
from apps.integrations.services.intake import accept
from apps.microsoft.errors import GraphError, GraphNotFound
from apps.microsoft.subscriptions import GraphSubscriptions, Subscription
from apps.tenants.context import current, platform
from apps.tenants.features import value
from apps.tenants.hosts import platform_url
from apps.tenants.jobs import enqueue
from apps.tenants.models import HookAddress, School

from ..models import DirectoryRun, GroupMapping, GroupNotice, GroupSubscription
from ..rules import NOTIFICATIONS
from ..selectors import linked_organisation
from . import starting
from .requests import RunRefused

logger = logging.getLogger("campanile.directory")

MICROSOFT = Actor.system("Microsoft", surface="webhook")
CLAIM = timedelta(minutes=2)  # a worker that dies with a subscription gives it back after this
BACK_OFF = (60, 300, 900, 3600)  # seconds after the first, second, ... failure
Stage = GroupSubscription.State
Kind = GroupNotice.Kind
MakeClient = Callable[[str], GraphSubscriptions]
LIFECYCLE = {
    "reauthorizationRequired": Kind.REAUTHORIZE,
    "subscriptionRemoved": Kind.REMOVED,
    "missed": Kind.MISSED,
}


INBOX = "microsoft-graph"


class Announced(Content):
    """What is kept of a notification."""

    subscription: str
    kind: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One notification as it came: nothing in it is believed before its secret was compared."""

    subscription_id: str
    client_state: str
    tenant_id: str = ""
    lifecycle: str = ""
    notice_id: str = ""  # Microsoft's own, the same when it is delivered again; "" when it gives none


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def school_at(token: str) -> School | None:
    """Whose address this is, if it is one and the school is open. To be asked on the platform."""
    found = HookAddress.objects.select_related("school").filter(digest=digest(token)).first()
    if found is None or found.purpose != HookAddress.Purpose.GRAPH or not found.school.is_open:
        return None
    return found.school


def standing() -> list[GroupSubscription]:
    """The school's subscriptions, for the page of the directory."""
    return list(GroupSubscription.objects.exclude(state=Stage.LEAVING).order_by("group_id"))


# --- what arrives ----------------------------------------------------------------------------------------


@transaction.atomic
def receive(*, token: str, entries: Iterable[Entry], now: datetime) -> int:
    """Put what is genuine into the inbox; how many entries were. The others are logged.

    The caller learns nothing about which: it answers the same. What Microsoft delivers twice counts once.
    """
    subscription = GroupSubscription.objects.filter(address=digest(token)).first()
    given = list(entries)
    genuine = [entry for entry in given if subscription is not None and _genuine(subscription, entry)]
    if len(genuine) < len(given):
        logger.warning("notifications with a wrong secret were refused", extra={"count": len(given) - len(genuine)})
    if not genuine or subscription is None:
        return 0
    accept(INBOX, [_item(subscription, entry, now) for entry in genuine], now=now)
    GroupSubscription.objects.filter(pk=subscription.pk).update(heard_at=now)
    return len(genuine)


def _item(subscription: GroupSubscription, entry: Entry, now: datetime) -> Item:
    """An event of the inbox. Nothing of the secret is in it; without an id of Microsoft's each delivery is its own."""
    kind = str(LIFECYCLE.get(entry.lifecycle, Kind.CHANGED))
    body = json.dumps({"data": {"subscription": str(subscription.pk), "kind": kind}}, sort_keys=True)
    told = digest("/".join((str(subscription.pk), entry.notice_id, kind))) if entry.notice_id else secrets.token_hex(32)
    return Item(
        event_id=told, kind=f"group.{kind}", organization="", occurred_at=now, lane=f"subscription:{subscription.pk}",
        about="", body=body, body_hash=digest(body),
    )  # fmt: skip


def take_note(events: Sequence[Event], *, now: datetime) -> Mapping[int, Outcome]:
    """The inbox's handler: count up what waits for each subscription, and ring once for all of it."""
    known = {str(one.pk): one for one in GroupSubscription.objects.all()}
    counts = Counter((event.content.subscription, event.content.kind) for event in events)
    for (pk, kind), count in sorted(counts.items()):
        if pk in known:
            _note(known[pk], kind, count, now)
    if known:
        enqueue("directory.noticed")
    return {
        event.id: done("noted") if event.content.subscription in known else nothing("subscription-ended")
        for event in events
    }


def act(*, now: datetime) -> DirectoryRun | None:
    """Do what the waiting notices ask for: renew, subscribe again, and read what changed, in one run for all.

    While a run is moving the changes wait for its end, since it may have read the group before; while one is held
    they wait for the decision. Safe to call at any time, and twice.
    """
    with transaction.atomic():
        waiting = list(
            GroupNotice.objects.select_for_update(of=("self",), skip_locked=True).select_related("subscription")
        )
        for notice in waiting:
            _obey(notice, now)
        changes = [notice for notice in waiting if notice.kind != Kind.REAUTHORIZE]
        if not changes or _busy():
            return None
        GroupNotice.objects.filter(pk__in=[notice.pk for notice in changes]).delete()
        return _run(now, everything=any(notice.kind != Kind.CHANGED for notice in changes))


def _obey(notice: GroupNotice, now: datetime) -> None:
    """What a notice of Microsoft about the subscription itself asks for; a change asks for nothing here."""
    subscription = notice.subscription
    if notice.kind == Kind.REAUTHORIZE:
        GroupSubscription.objects.filter(pk=subscription.pk).update(next_attempt_at=now, expires_at=now)
        notice.delete()
    elif notice.kind == Kind.REMOVED and subscription.graph_id:
        _ask_again(subscription, now)
    else:
        return
    enqueue("directory.subscribe")


def _ask_again(subscription: GroupSubscription, now: datetime) -> None:
    """Microsoft has ended it: it is made anew, with another address and another secret."""
    with platform():
        HookAddress.objects.filter(digest=subscription.address).delete()
    subscription.graph_id, subscription.client_state, subscription.failures = "", "", 0
    subscription.state, subscription.expires_at, subscription.next_attempt_at = Stage.ASKED, None, now
    subscription.save()


def _genuine(subscription: GroupSubscription, entry: Entry) -> bool:
    """In constant time. The id is not known yet while Microsoft still waits for our handshake."""
    right = hmac.compare_digest(digest(entry.client_state), subscription.client_state)
    known = not subscription.graph_id or entry.subscription_id == subscription.graph_id
    ours = not entry.tenant_id or entry.tenant_id.lower() == subscription.tenant_id.lower()
    return right and known and ours


def _note(subscription: GroupSubscription, kind: str, count: int, now: datetime) -> None:
    """One row per kind, however many arrive: PostgreSQL adds up what comes at once."""
    waiting = GroupNotice.objects.filter(subscription=subscription, kind=kind)
    if waiting.update(count=F("count") + count, last_at=now):
        return
    try:
        with transaction.atomic():
            GroupNotice.objects.create(subscription=subscription, kind=kind, count=count, first_at=now, last_at=now)
    except IntegrityError:  # another request was quicker
        waiting.update(count=F("count") + count, last_at=now)


def _busy() -> bool:
    states = [*(state.value for state in MOVING), State.HELD.value]
    return DirectoryRun.objects.filter(state__in=states).exclude(kind=DirectoryRun.Kind.PREVIEW).exists()


def _run(now: datetime, *, everything: bool) -> DirectoryRun | None:
    try:
        with transaction.atomic():
            return starting.start(actor=MICROSOFT, now=now, trigger=DirectoryRun.Trigger.NOTICE, delta=not everything)
    except RunRefused as refused:
        logger.info("an announced change was not read", extra={"reason": str(refused)})
        return None


MICROSOFT_GRAPH = Service(
    INBOX,
    _("Microsoft (changes of groups)"),
    {f"group.{kind}": EventKind(Announced, apply=take_note) for kind in Kind.values},
    has_secrets=False,
)


# --- what is asked for -----------------------------------------------------------------------------------


def maintain(*, now: datetime, make_client: MakeClient = GraphSubscriptions) -> dict[str, int]:
    """Bring Microsoft's subscriptions in line with the mappings: make, renew at half of their life, end.

    Each row is claimed for two minutes, so that two workers do not do it twice; what fails is tried again later.
    """
    _wish(now)
    done = {"made": 0, "renewed": 0, "ended": 0, "failed": 0}
    for pk in list(_due(now).values_list("pk", flat=True)):
        if not _due(now).filter(pk=pk).update(next_attempt_at=now + CLAIM):
            continue
        subscription = GroupSubscription.objects.get(pk=pk)
        try:
            with make_client(subscription.tenant_id) as client:
                done[_settle(client, subscription, now)] += 1
        except GraphError as error:
            done["failed"] += 1
            _failed(subscription, error, now)
    return done


def wanted_groups() -> set[str]:
    """The groups of active mappings, while the school lets Microsoft announce changes."""
    if not value(NOTIFICATIONS.key) or not linked_organisation():
        return set()
    rows = GroupMapping.objects.filter(active=True, campus__archived_at=None)
    return set(rows.values_list("group_id", flat=True))


@transaction.atomic
def _wish(now: datetime) -> None:
    """Rows for what should be there; what should not is marked."""
    tenant_id, wanted = linked_organisation(), wanted_groups()
    standing = GroupSubscription.objects.exclude(state=Stage.LEAVING)
    standing.exclude(tenant_id=tenant_id, group_id__in=wanted).update(state=Stage.LEAVING, next_attempt_at=now)
    known = set(standing.values_list("group_id", flat=True))
    GroupSubscription.objects.bulk_create(
        [
            GroupSubscription(
                tenant_id=tenant_id, group_id=group_id, address=digest(secrets.token_urlsafe(32)), client_state="",
                created_at=now, next_attempt_at=now,
            )
            for group_id in sorted(wanted - known)
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _due(now: datetime) -> QuerySet[GroupSubscription]:
    half = timedelta(minutes=settings.MICROSOFT_SUBSCRIPTION_MINUTES) / 2
    free = Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
    renewable = Q(state=Stage.ACTIVE, expires_at__lte=now + half)
    return GroupSubscription.objects.filter(free, ~Q(state=Stage.ACTIVE) | renewable).order_by("created_at")


def _settle(client: GraphSubscriptions, subscription: GroupSubscription, now: datetime) -> str:
    if subscription.state == Stage.LEAVING:
        if subscription.graph_id:
            client.end(subscription.graph_id)
        _forget(subscription)
        return "ended"
    if subscription.state == Stage.ASKED:
        _make(client, subscription, now)
        return "made"
    try:
        granted = client.renew(subscription.graph_id, expires_at=_end(now))
    except GraphNotFound:  # ended without a word: whatever happened since then was not announced
        _lost(subscription, now)
        return "ended"
    _settled(subscription, graph_id=subscription.graph_id, expires_at=granted)
    return "renewed"


@transaction.atomic
def _lost(subscription: GroupSubscription, now: datetime) -> None:
    _ask_again(subscription, now)
    _note(subscription, Kind.MISSED, 1, now)
    enqueue("directory.subscribe")
    enqueue("directory.noticed")


def _make(client: GraphSubscriptions, subscription: GroupSubscription, now: datetime) -> None:
    """Ask for it. Who died between Microsoft's answer and the commit left one behind: it is adopted."""
    if subscription.failures or subscription.client_state:
        left = _left_behind(client, subscription)
        if left is not None:
            _settled(subscription, graph_id=left.graph_id, expires_at=left.expires_at)
            return
    token, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    _open_address(subscription, token, secret)
    made = client.create(
        group_id=subscription.group_id,
        address=platform_url(f"/hooks/microsoft/{token}/"),
        client_state=secret,
        expires_at=_end(now),
    )
    _settled(subscription, graph_id=made.graph_id, expires_at=made.expires_at)


def _left_behind(client: GraphSubscriptions, subscription: GroupSubscription) -> Subscription | None:
    for found in client.all():
        token = found.address.rstrip("/").rpartition("/")[2]
        if digest(token) == subscription.address:
            return found
    return None


@transaction.atomic
def _open_address(subscription: GroupSubscription, token: str, secret: str) -> None:
    """Committed before Microsoft is asked: it calls this address while we wait for its answer."""
    school_id = current().id
    assert school_id is not None  # a school in the context has its row
    with platform():
        HookAddress.objects.filter(digest=subscription.address).delete()
        HookAddress.objects.create(digest=digest(token), school_id=school_id, purpose=HookAddress.Purpose.GRAPH)
    subscription.address, subscription.client_state = digest(token), digest(secret)
    subscription.save(update_fields=["address", "client_state"])


def _settled(subscription: GroupSubscription, *, graph_id: str, expires_at: datetime) -> None:
    subscription.graph_id, subscription.expires_at = graph_id, expires_at
    subscription.state, subscription.failures, subscription.error_code = Stage.ACTIVE, 0, ""
    subscription.next_attempt_at = None
    subscription.save(update_fields=["graph_id", "expires_at", "state", "failures", "error_code", "next_attempt_at"])


@transaction.atomic
def _forget(subscription: GroupSubscription) -> None:
    with platform():
        HookAddress.objects.filter(digest=subscription.address).delete()
    GroupSubscription.objects.filter(pk=subscription.pk).delete()


def _failed(subscription: GroupSubscription, error: GraphError, now: datetime) -> None:
    """An organisation that is gone does not keep a leaving subscription: Microsoft lets it expire by itself."""
    logger.warning("a subscription was not settled", extra={"error": error.code, "cause": error.cause})
    if subscription.state == Stage.LEAVING and not error.retry:
        _forget(subscription)
        return
    pause = max(float(getattr(error, "after", 0)), BACK_OFF[min(subscription.failures, len(BACK_OFF) - 1)])
    subscription.failures = min(subscription.failures + 1, 1000)
    subscription.error_code = error.code
    subscription.next_attempt_at = now + timedelta(seconds=pause)
    subscription.save(update_fields=["failures", "error_code", "next_attempt_at"])


def _end(now: datetime) -> datetime:
    return now + timedelta(minutes=settings.MICROSOFT_SUBSCRIPTION_MINUTES)
