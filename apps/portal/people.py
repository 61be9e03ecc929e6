"""The list of people: search, filters and sorting over tens of thousands of rows, page by page."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DateTimeField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Grant, User
from apps.accounts.permissions import PEOPLE_VIEW, ROLES_VIEW
from apps.accounts.selectors import get_person, search_people, visible_people
from apps.audit.acts import act
from apps.audit.services import record
from apps.campuses.models import CampusMembership, CampusRole, MembershipState
from apps.campuses.permissions import CAMPUSES_VIEW
from apps.core import keyset
from apps.core.actor import Actor, Role

PEOPLE_EXPORTED = act("people.exported", _("People list exported"))
PAGE = 50
BATCH = 1_000
LONG_AGO = "1970-01-01T00:00:00+00:00"
BY_NAME = ("family_name", "given_name", "id")
SORTS = {
    "name": BY_NAME,
    "-name": tuple(f"-{name}" for name in BY_NAME),
    "email": ("email", "id"),
    "-email": ("-email", "-id"),
    "seen": ("seen_at", "id"),
    "-seen": ("-seen_at", "-id"),
    "created": ("created_at", "id"),
    "-created": ("-created_at", "-id"),
}
NO_CAMPUS = "none"


def filtered_people(*, actor: Actor, wanted: Mapping[str, Any]) -> QuerySet[User]:
    """The people this actor may see, narrowed to the filters of the list (not its tab)."""
    PEOPLE_VIEW.require(actor)
    people = search_people(visible_people(actor), wanted.get("q") or "")
    if campus := wanted.get("campus"):
        there = _memberships(actor).exclude(state=MembershipState.ENDED)
        people = people.filter(~Exists(there) if campus == NO_CAMPUS else Exists(there.filter(campus_id=campus)))
    if source := wanted.get("source"):
        people = people.filter(Exists(_memberships(actor).filter(source=source)))
    if role := wanted.get("role"):
        people = people.filter(_holds(actor, role))
    return people


def _memberships(actor: Actor) -> QuerySet[CampusMembership]:
    """Of the campuses the actor sees; what is at others shows neither in a row nor by filtering."""
    rows, own = CampusMembership.objects.filter(user=OuterRef("pk")), actor.campus_ids(CAMPUSES_VIEW)
    return rows if own is None else rows.filter(campus_id__in=own)


def _grants(actor: Actor) -> QuerySet[Grant]:
    """Roles that were given, for those who may see who holds which; others see those at their campuses."""
    rows = Grant.objects.filter(user=OuterRef("pk"))
    if ROLES_VIEW.allows(actor):
        return rows
    own = actor.campus_ids(PEOPLE_VIEW)
    return rows.filter(scope_kind="campus") if own is None else rows.filter(scope_kind="campus", scope_id__in=own)


def _holds(actor: Actor, role: str) -> Q:
    """By a grant, or because of a membership."""
    granted = Q(Exists(_grants(actor).filter(role=role)))
    active = _memberships(actor).filter(state=MembershipState.ACTIVE)
    if role == Role.CAMPUS_MANAGER:
        return granted | Q(Exists(active.filter(role=CampusRole.MANAGER)))
    if role == Role.MEMBER:
        return granted | Q(Exists(active))
    return granted


def count_by_status(people: QuerySet[User]) -> dict[str, int]:
    return dict(people.order_by().values_list("status").annotate(Count("pk")))


def people_page(
    *, actor: Actor, people: QuerySet[User], sort: str, after: str = "", before: str = "", size: int = PAGE
) -> keyset.Slice:
    """One page with what each row shows, in one query."""
    order = SORTS.get(sort, BY_NAME)
    return keyset.take(_with_row(actor, people), order=order, size=size, after=after, before=before)


def each_person(*, actor: Actor, people: QuerySet[User], sort: str) -> Iterator[User]:
    """All of them in batches: memory does not grow with the school."""
    after = ""
    while True:
        batch = people_page(actor=actor, people=people, sort=sort, after=after, size=BATCH)
        yield from batch.rows
        if not batch.next:
            return
        after = batch.next


def _with_row(actor: Actor, people: QuerySet[User]) -> QuerySet[User]:
    shown = _memberships(actor).exclude(state=MembershipState.ENDED).order_by("campus__name")
    return people.defer("password", "search").annotate(
        campuses=ArraySubquery(shown.values(one=JSONObject(name="campus__name", role="role", state="state"))),
        roles=ArraySubquery(_grants(actor).order_by("role").values("role").distinct()),
        seen_at=Coalesce("last_login", Value(LONG_AGO, output_field=DateTimeField())),
    )


def person_by_id(*, actor: Actor, user_id: UUID) -> User:
    """One visible person. Raises Forbidden, NotVisible."""
    PEOPLE_VIEW.require(actor)
    return get_person(actor, user_id)


EXPORT_COLUMNS = (
    "family name", "given name", "e-mail", "status", "department", "job title", "campuses", "roles", "created",
    "last sign-in",
)  # fmt: skip


def export_people(
    *, actor: Actor, people: QuerySet[User], sort: str, wanted: Mapping[str, Any]
) -> Iterator[tuple[Any, ...]]:
    """The people of the list as rows of text. Taking them away is recorded."""
    PEOPLE_VIEW.require(actor)
    record(actor=actor, act=PEOPLE_EXPORTED, data={"filters": dict(wanted)})
    return (_export_row(person) for person in each_person(actor=actor, people=people, sort=sort))


def _export_row(person: Any) -> tuple[Any, ...]:
    return (
        person.family_name,
        person.given_name,
        person.email,
        person.status,
        person.department,
        person.job_title,
        ", ".join(f"{one['name']} ({one['state']})" for one in person.campuses),
        ", ".join(person.roles),
        person.created_at.date().isoformat(),
        person.last_login.isoformat(timespec="minutes") if person.last_login else "",
    )
