"""Reads. What an actor may see of campuses and of the people there."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import folded
from apps.accounts.rights import MOST, Source
from apps.accounts.rules import school_day
from apps.core.actor import Actor, Held, Role, Scope
from apps.core.errors import NotVisible

from .models import (
    ApprovedDomain,
    Campus,
    CampusMembership,
    CampusRole,
    MembershipEvent,
    MembershipSource,
    MembershipState,
    Place,
)
from .permissions import CAMPUSES_VIEW

ACTIVE = Q(state=MembershipState.ACTIVE)


def visible_campuses(*, actor: Actor, archived: bool = False) -> QuerySet[Campus]:
    """The campuses this actor runs or oversees, in order of name."""
    campuses = Campus.objects.filter(archived_at__isnull=not archived).order_by("name", "id")
    if not CAMPUSES_VIEW.allows(actor):
        return campuses.none()
    own = actor.campus_ids(CAMPUSES_VIEW)
    return campuses if own is None or Role.SYSTEM in actor.roles else campuses.filter(pk__in=own)


def with_counts(campuses: QuerySet[Campus]) -> QuerySet[Campus]:
    """Adds members (active), staff, managers, ended, place_count, domain_count."""
    members = CampusMembership.objects.filter(campus=OuterRef("pk")).order_by().values("campus")

    def counted(condition: Q) -> Coalesce:
        return Coalesce(Subquery(members.filter(condition).values(n=Count("pk"))), 0)

    def others(model: type[Place] | type[ApprovedDomain]) -> Coalesce:
        rows = model.objects.filter(campus=OuterRef("pk")).order_by().values("campus")  # type: ignore[attr-defined]
        return Coalesce(Subquery(rows.values(n=Count("pk"))), 0)

    return campuses.annotate(
        members=counted(ACTIVE),
        students=counted(ACTIVE & Q(role=CampusRole.MEMBER)),
        staff=counted(ACTIVE & Q(role=CampusRole.STAFF)),
        alumni=counted(ACTIVE & Q(role=CampusRole.ALUMNI)),
        managers=counted(ACTIVE & Q(role=CampusRole.MANAGER)),
        place_count=others(Place),
        domain_count=others(ApprovedDomain),
    )


def get_place(*, actor: Actor, campus_id: UUID, place_id: UUID) -> Place:
    """A place of a visible campus. Raises NotVisible."""
    campus = visible_campuses(actor=actor).filter(pk=campus_id).first()
    place = Place.objects.filter(campus=campus, pk=place_id).first() if campus else None
    if place is None:
        raise NotVisible()
    return place


def get_campus(*, actor: Actor, campus_id: UUID) -> Campus:
    """One visible campus, archived or not, with its counts. Raises NotVisible."""
    for archived in (False, True):
        found = with_counts(visible_campuses(actor=actor, archived=archived)).filter(pk=campus_id).first()
        if found:
            return found
    raise NotVisible()


def visible_memberships(*, actor: Actor) -> QuerySet[CampusMembership]:
    """Memberships of the campuses this actor sees, with people and campus."""
    own = actor.campus_ids(CAMPUSES_VIEW)
    rows = CampusMembership.objects.select_related("user", "campus")
    if not CAMPUSES_VIEW.allows(actor):
        return rows.none()
    return rows if own is None or Role.SYSTEM in actor.roles else rows.filter(campus_id__in=own)


def get_membership(*, actor: Actor, membership_id: UUID) -> CampusMembership:
    found = visible_memberships(actor=actor).filter(pk=membership_id).first()
    if found is None:
        raise NotVisible()
    return found


def members_of(
    *,
    actor: Actor,
    campus_id: UUID,
    search: str = "",
    role: str = "",
    state: str = "",
    source: str = "",
    pinned: str = "",
) -> QuerySet[CampusMembership]:
    """The people of one campus, by name; without a state only those who are there now."""
    rows = visible_memberships(actor=actor).filter(campus_id=campus_id)
    rows = rows.filter(state=state) if state else rows.exclude(state=MembershipState.ENDED)
    exact = {name: value for name, value in (("role", role), ("source", source), ("pinned", pinned)) if value}
    rows = rows.filter(**exact)
    for word in search.split()[:5]:
        rows = rows.filter(user__search__contains=folded(word))
    return rows.order_by("user__family_name", "user__given_name", "pk")


def members_by_state(*, actor: Actor, campus_id: UUID) -> dict[str, int]:
    """How many people of one campus are in each state."""
    rows = visible_memberships(actor=actor).filter(campus_id=campus_id).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")))


def joined_by_day(*, campus: Campus, since: date) -> dict[date, int]:
    """Per day of the active time zone: how many more people were active here, for pages that may show the campus."""
    active = MembershipState.ACTIVE
    change = Case(
        When(Q(to_state=active) & ~Q(from_state=active), then=Value(1)),
        When(Q(from_state=active) & ~Q(to_state=active), then=Value(-1)),
        default=Value(0),
    )
    events = MembershipEvent.objects.filter(membership__campus=campus, at__date__gte=since).order_by()
    rows = events.values_list(TruncDate("at")).annotate(total=Sum(change))
    return {day: total for day, total in rows if total}


def memberships_of(*, user_id: UUID) -> QuerySet[CampusMembership]:
    """Where one person is or was. For their own page and for pages that already decided to show the person."""
    return (
        CampusMembership.objects.filter(user_id=user_id)
        .select_related("campus")
        .order_by(F("state").asc(), "campus__name")
    )


def history_of(*, membership: CampusMembership) -> QuerySet[MembershipEvent]:
    return membership.events.order_by("-id")


def campuses_of(*, user_id: UUID) -> QuerySet[Campus]:
    """The campuses where this person is active now."""
    return Campus.objects.filter(
        archived_at=None, memberships__user_id=user_id, memberships__state=MembershipState.ACTIVE
    ).order_by("name")


def held_by_membership(user_id: UUID) -> list[Held]:
    """Roles that follow from being active at a campus: member, and campus manager for its managers."""
    current = Q(ends_on=None) | Q(ends_on__gte=school_day(timezone.now()))
    rows = CampusMembership.objects.filter(
        current, user_id=user_id, state=MembershipState.ACTIVE, campus__archived_at=None
    ).values_list("campus_id", "role", "campus__name")
    held = []
    for campus_id, role, name in rows:
        scope = Scope("campus", campus_id)
        held.append(Held(Role.MEMBER, scope, because=f"member of {name}"))
        if role == CampusRole.MANAGER:
            held.append(Held(Role.CAMPUS_MANAGER, scope, because=f"manager of {name}"))
    return held


def role_sources(user_ids: Collection[UUID] | None, roles: Collection[Role]) -> list[Source]:
    """The same for many people at once, told with why: for the page "who can do what, and why"."""
    rows = CampusMembership.objects.filter(ACTIVE, campus__archived_at=None).select_related("campus")
    if user_ids is not None:
        rows = rows.filter(user_id__in=user_ids)
    if Role.MEMBER not in roles:
        rows = rows.filter(role=CampusRole.MANAGER) if Role.CAMPUS_MANAGER in roles else rows.none()
    found = []
    for row in rows.order_by("campus__name")[:MOST]:
        mapped = row.source == MembershipSource.DIRECTORY
        given = [Role.MEMBER, *([Role.CAMPUS_MANAGER] if row.role == CampusRole.MANAGER else [])]
        found += [
            Source(
                user_id=row.user_id,
                held=Held(role, Scope("campus", row.campus_id), because=f"{row.role} of {row.campus.name}"),
                kind="mapping" if mapped else "membership",
                why=_why(row),
                ends_on=row.ends_on,
            )
            for role in given
            if role in roles
        ]
    return found


def _why(row: CampusMembership) -> str:
    facts = {"campus": row.campus.name, "role": row.get_role_display(), "cause": row.get_cause_display()}
    if row.source == MembershipSource.DIRECTORY:
        return _("%(role)s of %(campus)s by the Microsoft directory: %(cause)s") % facts
    return _("%(role)s of %(campus)s: %(cause)s") % facts


def approved_domains() -> frozenset[str]:
    """All approved e-mail domains of the school. Empty means that none is required."""
    return frozenset(ApprovedDomain.objects.filter(campus__archived_at=None).values_list("domain", flat=True))


def is_approved_address(email: str) -> bool:
    """Whether an address may join: its domain is approved, or the school does not restrict domains."""
    domains = approved_domains()
    return not domains or email.rpartition("@")[2].lower() in domains


# --- what accounts asks (connected in apps.py) -----------------------------------------------------------


def places_of(user_id: UUID) -> list[Scope]:
    """The campuses a person belongs to now, so that their managers may see the person."""
    rows = CampusMembership.objects.filter(user_id=user_id).exclude(state=MembershipState.ENDED)
    return [Scope("campus", campus_id) for campus_id in rows.values_list("campus_id", flat=True)]


def people_at(campus_ids: Iterable[UUID]) -> QuerySet[CampusMembership, UUID]:
    """The ids of the people who belong to these campuses now, as a subquery."""
    rows = CampusMembership.objects.filter(campus_id__in=list(campus_ids)).exclude(state=MembershipState.ENDED)
    return rows.values_list("user_id", flat=True)


def active_people_at(campus_id: UUID, day: date) -> QuerySet[CampusMembership, UUID]:
    """The ids of the people who are active at this campus on this day, as a subquery."""
    current = Q(ends_on=None) | Q(ends_on__gte=day)
    rows = CampusMembership.objects.filter(current, ACTIVE, campus_id=campus_id, campus__archived_at=None)
    return rows.values_list("user_id", flat=True)


def campus_scopes() -> list[tuple[Scope, str]]:
    """The places a role can be given at."""
    return [(Scope("campus", campus.pk), campus.name) for campus in Campus.objects.filter(archived_at=None)]


def manages(actor: Actor, user_id: UUID) -> bool:
    """Whether this person runs a campus where the actor is a member: the campus home names them."""
    if actor.user_id is None:
        return False
    own = CampusMembership.objects.filter(ACTIVE, user_id=actor.user_id).values("campus_id")
    return CampusMembership.objects.filter(
        ACTIVE, user_id=user_id, role=CampusRole.MANAGER, campus_id__in=own, campus__archived_at=None
    ).exists()
