"""Reads. What an actor may see of associations, and the rights that mandates give."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import folded
from apps.accounts.rights import MOST, Source
from apps.accounts.rules import school_day
from apps.campuses.models import CampusMembership
from apps.campuses.models import MembershipState as CampusState
from apps.core.actor import Actor, Held, Role, Scope
from apps.core.errors import NotVisible

from . import terms
from .models import (
    REQUESTS,
    Association,
    Founder,
    Mandate,
    Membership,
    MembershipState,
    Renewal,
    RenewalCampaign,
    Status,
    Visibility,
)
from .permissions import ASSOCIATIONS_OVERSEE, ASSOCIATIONS_VIEW

DAY = timedelta(days=1)


# --- days and rights -------------------------------------------------------------------------------------


def today_at(association: Association, now: datetime) -> date:
    """The day it is at its seat; without a seat, at the school."""
    return terms.day_at(now, association.seat.time_zone) if association.seat else school_day(now)


def missed_deadline(outer: str) -> Subquery:
    """The last day of the oldest renewal that was not made, as a column."""
    rows = Renewal.objects.filter(association=OuterRef(outer), settled_at=None).order_by("campaign__deadline")
    return Subquery(rows.values("campaign__deadline")[:1])


def mandate_rows(mandates: QuerySet[Mandate]) -> QuerySet[Mandate]:
    """Mandates with all that decides what they give, in one query."""
    wanted = mandates.filter(office__archived_at=None).select_related("office__association__seat")
    return wanted.annotate(deadline=missed_deadline("office__association"))


def given_by(mandate: Any, day: date) -> frozenset[str]:
    """What a row of `mandate_rows` gives on a day at its seat."""
    association = mandate.office.association
    return terms.rights(
        mandate.office.permissions,
        starts_on=mandate.starts_on,
        ends_on=mandate.ends_on,
        day=day,
        status=association.status,
        frozen=association.is_frozen,
        late=mandate.deadline is not None and mandate.deadline < day,
    )


#: what `given_by` and `_held` read of a mandate: every request asks, and each column more costs it time
DECIDES = (
    "starts_on", "ends_on", "office__code", "office__name", "office__permissions", "office__association__name",
    "office__association__status", "office__association__frozen_at", "office__association__seat__time_zone",
)  # fmt: skip


def held_by_mandate(user_id: UUID, now: datetime | None = None) -> list[Held]:
    """What a person's offices give now. One query, and nobody's clock: the date decides, at midnight of the seat."""
    now = now or timezone.now()
    around = (now - DAY).date(), (now + DAY).date()  # no time zone is further away
    rows = mandate_rows(Mandate.objects.filter(user_id=user_id, starts_on__lte=around[1], ends_on__gt=around[0]))
    held = []
    for mandate in rows.only(*DECIDES):
        association = mandate.office.association
        if given := given_by(mandate, today_at(association, now)):
            held.append(_held(mandate, given))
    return held


def _held(mandate: Mandate, given: frozenset[str]) -> Held:
    office = mandate.office
    because = f"{office.code} of {office.association.name}"
    return Held(Role.OFFICE, Scope("association", office.association_id), because, given, office.title)


def role_sources(user_ids: Collection[UUID] | None, roles: Collection[Role]) -> list[Source]:
    """The same for many people, told with why, also what ended or has not begun: "who can do what, and why"."""
    if Role.OFFICE not in roles:
        return []
    rows = mandate_rows(Mandate.objects.all())
    if user_ids is not None:
        rows = rows.filter(user_id__in=user_ids)
    now, found = timezone.now(), []
    for mandate in rows.order_by("office__association__name", "office__position")[:MOST]:
        today = today_at(mandate.office.association, now)
        day = min(max(today, mandate.starts_on), mandate.ends_on - DAY)  # as it is, was at last, or will be at first
        if given := given_by(mandate, day):
            found.append(
                Source(
                    user_id=mandate.user_id, held=_held(mandate, given), kind="office", why=_why(mandate, given),
                    starts_on=mandate.starts_on, ends_on=mandate.ends_on - DAY,
                )
            )  # fmt: skip
    return found


def _why(mandate: Mandate, given: frozenset[str]) -> str:
    facts = {"office": mandate.office.title, "association": mandate.office.association.name, "name": mandate.named_by}
    facts["day"] = date_format(mandate.named_at.date())
    told = _("%(office)s of %(association)s, named by %(name)s on %(day)s") % facts
    if given < terms.usable_at(mandate.office.permissions, "association"):
        return f"{told} · {_('limited for now')}"
    return told


def association_scopes() -> list[tuple[Scope, str]]:
    """The places a role of the school's own can be given at: associations that live."""
    living = Association.objects.filter(status__in=[Status.APPROVED, Status.DORMANT]).values_list("pk", "name")
    return [(Scope("association", key), name) for key, name in living.order_by("name")]


# --- associations ----------------------------------------------------------------------------------------


def held_ids(actor: Actor) -> list[UUID]:
    """The associations where this actor holds anything."""
    return [held.scope.id for held in actor.held if held.scope.kind == "association" and held.scope.id]


def overseen(actor: Actor) -> Q | None:
    """The associations this actor oversees, as a condition; None: not one."""
    if not ASSOCIATIONS_OVERSEE.allows(actor):
        return None
    campuses = actor.campus_ids(ASSOCIATIONS_OVERSEE)
    everywhere = campuses is None or Role.SYSTEM in actor.roles
    return ~Q(status=Status.DRAFT) & (Q() if everywhere else Q(seat__in=campuses or []))


def in_state(state: str, day: date) -> Q:
    """Memberships in a state on a day: one by fee that ran out is over like one that was left."""
    over = Q(state=MembershipState.MEMBER, until__lte=day)
    if state == MembershipState.LEFT:
        return Q(state=state) | over
    return Q(state=state) & ~over


def _is_member(user_id: UUID, day: date) -> Q:
    rows = Membership.objects.filter(in_state(MembershipState.MEMBER, day), user_id=user_id)
    return Q(Exists(rows.filter(association=OuterRef("pk"))))


def _shown_to(actor: Actor) -> Q:
    """Which levels of visibility this actor is within."""
    own = CampusMembership.objects.filter(user=actor.user_id, state=CampusState.ACTIVE)
    campuses, promotions = own.values("campus"), own.exclude(promotion=None).values("promotion")
    here = Association.campuses.through.objects.filter(association=OuterRef("pk"), campus__in=campuses)
    return (
        Q(visibility__in=[Visibility.PUBLIC, Visibility.SCHOOL])
        | Q(visibility=Visibility.CAMPUS) & (Q(seat__in=campuses) | Q(Exists(here)) | Q(seat=None))
        | Q(visibility=Visibility.PROMOTION, promotion__in=promotions)
    )


def delisted(day: date) -> Exists:
    """Not renewed for so long that lists leave it out."""
    return Exists(Renewal.objects.filter(association=OuterRef("pk"), settled_at=None, campaign__delisted_on__lte=day))


def is_late(day: date) -> Exists:
    return Exists(Renewal.objects.filter(association=OuterRef("pk"), settled_at=None, campaign__deadline__lt=day))


def visible_associations(*, actor: Actor, now: datetime) -> QuerySet[Association]:
    """Those whose page this actor may open, by name: what they are within, oversee, or take part in."""
    day = school_day(now)
    rows = Association.objects.select_related("seat", "promotion").order_by("name", "id")
    shown = Q(pk__in=held_ids(actor))
    if ASSOCIATIONS_VIEW.allows(actor):
        shown |= Q(status=Status.APPROVED, opens_on__lte=day) & _shown_to(actor) & ~Q(delisted(day))
    if actor.user_id is not None:
        shown |= ~Q(status__in=[*REQUESTS, Status.DISSOLVED]) & _is_member(actor.user_id, day)
        founders = Founder.objects.filter(association=OuterRef("pk"), user_id=actor.user_id, declined_at=None)
        shown |= Q(status__in=[*REQUESTS, Status.APPROVED]) & Q(Exists(founders))
    if (mine := overseen(actor)) is not None:
        shown |= mine
    return rows.filter(shown)


def listed_associations(*, actor: Actor, now: datetime) -> QuerySet[Association]:
    """The directory: associations that are open, that this actor sees and that renewed in time; with members."""
    day = school_day(now)
    rows = visible_associations(actor=actor, now=now).filter(status=Status.APPROVED, opens_on__lte=day)
    return with_members(rows.exclude(delisted(day)))


def with_members(rows: QuerySet[Association]) -> QuerySet[Association]:
    """Adds `member_count` and `pending_count`."""
    members = Membership.objects.filter(association=OuterRef("pk")).order_by().values("association")
    day = school_day(timezone.now())

    def counted(state: str) -> Coalesce:
        return Coalesce(Subquery(members.filter(in_state(state, day)).values(n=Count("pk"))), 0)

    return rows.annotate(member_count=counted(MembershipState.MEMBER), pending_count=counted(MembershipState.PENDING))


def get_association(*, actor: Actor, association_id: UUID, now: datetime) -> Association:
    """One visible association. Raises NotVisible."""
    found = with_members(visible_associations(actor=actor, now=now)).filter(pk=association_id).first()
    if found is None:
        raise NotVisible
    return found


def searched(
    rows: QuerySet[Association], *, words: str = "", kind: str = "", campus: str = ""
) -> QuerySet[Association]:
    """Narrowed by words of name and purpose, kind, campus."""
    for word in words.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(purpose__icontains=word))
    if kind:
        rows = rows.filter(kind=kind)
    if campus:
        rows = rows.filter(Q(seat__code=campus) | Q(campuses__code=campus)).distinct()
    return rows


def requests_of(*, actor: Actor) -> QuerySet[Association]:
    """The requests in which this person is named, the newest first."""
    named = Founder.objects.filter(association=OuterRef("pk"), user=actor.user_id, declined_at=None)
    return Association.objects.filter(Exists(named), status__in=REQUESTS).select_related("seat").order_by("-created_at")


def overseen_associations(*, actor: Actor, now: datetime) -> QuerySet[Association]:
    """The table of those who oversee: status, end of the board's mandate, members, renewal."""
    ASSOCIATIONS_OVERSEE.require(actor)
    condition, day = overseen(actor), school_day(now)
    current = Mandate.objects.filter(
        office__association=OuterRef("pk"), office__archived_at=None, starts_on__lte=day, ends_on__gt=day
    )
    return with_members(
        Association.objects.filter(condition).select_related("seat")  # type: ignore[arg-type]
    ).annotate(
        board_until=Subquery(current.order_by().values("office__association").values(m=Min("ends_on"))),
        open_deadline=missed_deadline("pk"),
        is_late=is_late(day),
        is_delisted=delisted(day),
    ).order_by("name", "id")  # fmt: skip


# --- board and members -----------------------------------------------------------------------------------


def mandates_of(association: Association) -> QuerySet[Mandate]:
    """Every mandate, by office and time; for pages that may show the association."""
    rows = Mandate.objects.filter(office__association=association).select_related("office", "user")
    return rows.order_by("office__position", "office__code", "-starts_on", "id")


def board_on(association: Association, day: date) -> list[Mandate]:
    """Who holds which office on a day."""
    rows = mandates_of(association).filter(office__archived_at=None, starts_on__lte=day, ends_on__gt=day)
    return list(rows)


def members_of(
    association: Association, *, search: str = "", state: str = MembershipState.MEMBER
) -> QuerySet[Membership]:
    """People of an association by name, for who may see them."""
    rows = Membership.objects.filter(association=association).select_related("user", "association")
    rows = rows.filter(in_state(state, school_day(timezone.now()))) if state else rows
    for word in search.split()[:5]:
        rows = rows.filter(user__search__contains=folded(word))
    return rows.order_by("user__family_name", "user__given_name", "pk")


def own_membership(association: Association, actor: Actor) -> Membership | None:
    if actor.user_id is None:
        return None
    return Membership.objects.filter(association=association, user_id=actor.user_id).first()


def memberships_of_person(*, user_id: UUID) -> QuerySet[Membership]:
    """Where a person is a member or has asked, for their own home."""
    day = school_day(timezone.now())
    rows = Membership.objects.filter(
        in_state(MembershipState.MEMBER, day) | Q(state=MembershipState.PENDING), user_id=user_id,
        association__status__in=[Status.APPROVED, Status.DORMANT],
    )  # fmt: skip
    return rows.select_related("association").order_by("association__name")


# --- renewals --------------------------------------------------------------------------------------------


def open_renewal(association: Association) -> Renewal | None:
    """The renewal that the newest campaign asks for and that is not made yet."""
    rows = Renewal.objects.filter(association=association, settled_at=None).select_related("campaign", "association")
    return rows.order_by("-campaign__started_at").first()


def campaigns() -> QuerySet[RenewalCampaign]:
    return RenewalCampaign.objects.annotate(
        total=Count("renewals"), settled=Count("renewals", filter=Q(renewals__settled_at__isnull=False))
    ).order_by("-started_at", "-id")


def renewals_of(campaign: RenewalCampaign) -> QuerySet[Renewal]:
    rows = Renewal.objects.filter(campaign=campaign).select_related("association__seat", "campaign")
    return rows.order_by(F("settled_at").asc(nulls_first=True), "association__name", "pk")


def ids(rows: Iterable[Any]) -> list[UUID]:
    return [row.pk for row in rows]
