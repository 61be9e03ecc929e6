"""What the platform shows of its schools: figures, never their data."""

from typing import Any
from uuid import UUID

from django.core.cache import caches
from django.db.models import OuterRef, Q, QuerySet, Subquery

from apps.core.actor import Actor
from apps.core.errors import NotVisible

from . import context, hooks
from .models import FleetState, Host, ProviderBinding, School
from .permissions import BIND_ACCOUNTS, SCHOOL_DOMAINS, VIEW_SCHOOLS

FIGURES_FOR = 60  # seconds; a list of schools asks each of them


def all_schools(*, actor: Actor) -> QuerySet[School]:
    """Every school, by name. Raises Forbidden. Evaluate it on the platform."""
    VIEW_SCHOOLS.require(actor)
    return School.objects.order_by("name")


def find_schools(*, actor: Actor, words: str = "", status: str = "") -> QuerySet[School]:
    """The schools whose name, short name or first owner's address contains this. Raises Forbidden."""
    found = all_schools(actor=actor)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(slug__icontains=words) | Q(owner_email__icontains=words))
    return found.filter(status=status) if status else found


def get_school(*, actor: Actor, school_id: UUID) -> School:
    """One school. Raises Forbidden, NotVisible."""
    school = all_schools(actor=actor).filter(pk=school_id).first()
    if school is None:
        raise NotVisible
    return school


def figures_of(school: School) -> dict[str, Any]:
    """People, last activity, storage, as the apps above report them; empty while the tables are not ready.

    `failing` is what all of them together say does not work.
    """
    if not school.ready:
        return {}
    figures: dict[str, Any] = {"failing": 0}
    with context.activated(school):
        for answer in hooks.school_figures.send(school=school):
            figures.update({**answer, "failing": figures["failing"] + answer.get("failing", 0)})
    return figures


def remembered_figures_of(school: School) -> dict[str, Any]:
    """The same, at most a minute old."""
    if not school.ready:
        return {}
    cache = caches["platform"]
    key = f"figures:{school.pk}"
    figures = cache.get(key)
    if figures is None:
        figures = figures_of(school)
        cache.set(key, figures, FIGURES_FOR)
    return figures


def own_domains(*, actor: Actor, school_id: UUID) -> list[Host]:
    """The domains a school entered itself, in whatever state. Raises Forbidden."""
    SCHOOL_DOMAINS.require(actor)
    with context.platform():
        own = Host.objects.filter(tenant_id=school_id).exclude(purpose=Host.Purpose.SUBDOMAIN)
        return list(own.order_by("domain"))


def bound_accounts(*, actor: Actor, words: str = "") -> QuerySet[ProviderBinding]:
    """Which accounts at payment providers belong to which schools. Raises Forbidden. Evaluate it on the platform."""
    BIND_ACCOUNTS.require_held(actor)
    found = ProviderBinding.objects.select_related("school").exclude(provider=ProviderBinding.Provider.MICROSOFT)
    if words:
        found = found.filter(
            Q(external_id__icontains=words) | Q(name__icontains=words) | Q(school__name__icontains=words)
        )
    return found.order_by("school__name", "provider", "external_id", "id")


def with_schema_state(schools: QuerySet[School]) -> QuerySet[School]:
    """Adds `schema_state` and `schema_error`: how far the tables are. Read on the platform."""
    states = FleetState.objects.filter(schema=OuterRef("schema_name"))
    return schools.annotate(
        schema_state=Subquery(states.values("state")[:1]), schema_error=Subquery(states.values("error")[:1])
    )


def domain_of_association(*, school_id: UUID, association_id: UUID) -> str:
    """The verified domain that opens this association's site; "" while there is none."""
    with context.platform():
        found = Host.objects.filter(tenant_id=school_id, association_id=association_id, state=Host.State.VERIFIED)
        return found.order_by("verified_at").values_list("domain", flat=True).first() or ""
