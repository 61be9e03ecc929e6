"""Reads: announcements an actor may see, how far each recipient's mail has come, and who would get one."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from apps.accounts.models import User, folded
from apps.associations.models import Association, Mandate, Membership, MembershipState
from apps.associations.selectors import get_association, overseen_associations, today_at, visible_associations
from apps.core.actor import Actor
from apps.core.errors import NotVisible
from apps.notifications.models import CommunicationLog
from apps.notifications.services.rendering import school_here

from .models import Announcement, Audience, Block, Recipient, SavedText, State, Unsubscription
from .permissions import MAILINGS_OVERSEE, MAILINGS_SEND

Mail = CommunicationLog.State
PARTIAL = "partial"


# --- announcements ---------------------------------------------------------------------------------------


def with_figures(rows: QuerySet[Announcement]) -> QuerySet[Announcement]:
    """Adds how many recipients there are, and `troubled`: whether something did not arrive."""
    people = Recipient.objects.filter(announcement=OuterRef("pk")).order_by()
    total = people.values("announcement").annotate(n=Count("pk")).values("n")
    handed = people.filter(state=Recipient.State.HANDED).values("announcement").annotate(n=Count("pk")).values("n")
    trouble = people.filter(Q(state=Recipient.State.FAILED) | Q(mail__state__in=[Mail.FAILED, Mail.BOUNCED]))
    return rows.select_related("association__seat", "office").annotate(
        total=Coalesce(Subquery(total), 0), handed=Coalesce(Subquery(handed), 0), troubled=Exists(trouble)
    )


def shown_state(row: Any) -> str:
    """What it is called: sent, and something did not arrive, is "partial". Of a row of `with_figures`."""
    return PARTIAL if row.state == State.SENT and row.troubled else row.state


def announcements_of(association: Association) -> QuerySet[Announcement]:
    """Of one association, the newest first; for who may see its inner pages."""
    return with_figures(association.announcements.all()).order_by("-created_at", "-id")


def in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Narrowed to what is shown as this state. Of rows of `with_figures`."""
    if not state:
        return rows
    if state in (PARTIAL, State.SENT):
        return rows.filter(Q(("troubled", state == PARTIAL)), state=State.SENT)
    return rows.filter(state=state)


def all_announcements(*, actor: Actor, now: datetime) -> QuerySet[Announcement]:
    """Of all associations that the actor oversees; drafts are the board's own. Raises Forbidden."""
    MAILINGS_OVERSEE.require(actor)
    mine = overseen_associations(actor=actor, now=now).order_by().values("pk")
    rows = Announcement.objects.filter(association__in=mine).exclude(state=State.DRAFT)
    return with_figures(rows).order_by("-leaves_at", "-id")


def get_announcement(*, actor: Actor, announcement_id: UUID, now: datetime) -> Announcement:
    """One of an association that the actor may see; whether they may enter is asked apart. Raises NotVisible."""
    found = with_figures(Announcement.objects.filter(pk=announcement_id)).first()
    if found is None or not visible_associations(actor=actor, now=now).filter(pk=found.association_id).exists():
        raise NotVisible
    return found


def received(*, actor: Actor, announcement_id: UUID) -> Announcement:
    """One that was handed to the actor, to read. Raises NotVisible."""
    mine = Recipient.objects.filter(
        announcement=OuterRef("pk"), user=actor.user_id, state=Recipient.State.HANDED
    )  # fmt: skip
    rows = Announcement.objects.filter(Exists(mine), pk=announcement_id).select_related("association__seat")
    found = rows.first() if actor.user_id and not actor.acting_for else None
    if found is None:
        raise NotVisible
    return found


def saved_texts(association: Association) -> QuerySet[SavedText]:
    return SavedText.objects.filter(association=association).select_related("association").order_by("name", "id")


def saved_text(*, actor: Actor, text_id: UUID, now: datetime) -> SavedText:
    """One, for those who write for its association. Raises NotVisible, Forbidden."""
    saved = SavedText.objects.select_related("association").filter(pk=text_id).first()
    if saved is None:
        raise NotVisible
    MAILINGS_SEND.require(actor, get_association(actor=actor, association_id=saved.association_id, now=now))
    return saved


# --- recipients ------------------------------------------------------------------------------------------


def audience_of(announcement: Announcement, now: datetime) -> QuerySet[User]:
    """Who belongs to it at this moment."""
    association, audience = announcement.association, announcement.audience
    if audience in (Audience.MEMBERS, Audience.PENDING):
        state = MembershipState.MEMBER if audience == Audience.MEMBERS else MembershipState.PENDING
        people: QuerySet[Any, Any] = (
            Membership.objects.filter(association=association, state=state).order_by().values("user")
        )
    else:
        today = today_at(association, now)
        found = Mandate.objects.filter(
            office__association=association, office__archived_at=None, starts_on__lte=today, ends_on__gt=today
        )
        if audience == Audience.OFFICE:
            found = found.filter(office=announcement.office_id)
        people = found.order_by().values("user")
    return User.objects.filter(pk__in=people)


def recipients_of(announcement: Announcement, *, search: str = "", outcome: str = "") -> QuerySet[Any]:
    """Each with `outcome`: the state of their mail where there is one, else of the notification, else our own."""
    rows = Recipient.objects.filter(announcement=announcement).select_related("user", "mail", "notice")
    rows = rows.annotate(
        outcome=Case(
            When(mail__isnull=False, then=F("mail__state")),
            When(notice__isnull=False, then=Value("delivered")),
            default=F("state"),
            output_field=CharField(),
        )
    )
    rows = rows.filter(outcome=outcome) if outcome else rows
    for word in search.split()[:5]:
        rows = rows.filter(user__search__contains=folded(word))
    return rows.order_by("id")


def figures(announcement: Announcement) -> dict[str, int]:
    """How many there are of each outcome."""
    rows = recipients_of(announcement).order_by().values("outcome").annotate(n=Count("pk"))
    return {row["outcome"]: row["n"] for row in rows}


def reasons(announcement: Announcement) -> list[tuple[str, int]]:
    """Why people were skipped, the most frequent first."""
    rows = Recipient.objects.filter(announcement=announcement, state=Recipient.State.SKIPPED).order_by()
    counted = rows.values("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    return [(str(Recipient.Reason(row["reason"]).label), row["n"]) for row in counted]


# --- days, limits, blocks --------------------------------------------------------------------------------


def zone_of(association: Association) -> ZoneInfo:
    """The clock of its seat; without one, the school's."""
    return _zone(association.seat.time_zone) if association.seat else school_zone()


def school_zone() -> ZoneInfo:
    school = school_here()
    return _zone(school.time_zone if school else "UTC")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def day_around(moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The local day of a moment: from midnight until before the next."""
    return _days(moment.astimezone(zone).date(), 1, zone)


def week_around(moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The local week of a moment, from Monday."""
    day = moment.astimezone(zone).date()
    return _days(day - timedelta(days=day.weekday()), 7, zone)


def _days(first: date, count: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return datetime.combine(first, time(), zone), datetime.combine(first + timedelta(days=count), time(), zone)


def current_block(association: Association, now: datetime) -> Block | None:
    rows = Block.objects.filter(association=association, lifted_at=None, until__gt=now)
    return rows.select_related("association").first()


def blocks_of(association: Association) -> QuerySet[Block]:
    return Block.objects.filter(association=association).select_related("association").order_by("-from_at", "-id")


# --- who wants none --------------------------------------------------------------------------------------


def subscriptions(*, user_id: UUID) -> list[tuple[Association, bool]]:
    """The associations that may write to a person, or that they ended it for, and whether mail still comes."""
    ended = set(Unsubscription.objects.filter(user=user_id).values_list("association_id", flat=True))
    belongs = Membership.objects.filter(
        user=user_id, state__in=[MembershipState.MEMBER, MembershipState.PENDING]
    ).values("association")
    rows = Association.objects.filter(Q(pk__in=belongs) | Q(pk__in=ended)).exclude(status="dissolved").order_by("name")
    return [(one, one.pk not in ended) for one in rows]
