"""Reads of plans about people, their changes, uploaded lists, promotions and provisioned groups."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from apps.campuses.models import Campus, CampusRole, MembershipState, Promotion
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .models import FailedRow, ImportFile, ProvisionedGroup, ProvisionedPerson, RosterChange, RosterPlan
from .permissions import ROSTER_VIEW


def visible_plans(*, actor: Actor, kind: str = "") -> QuerySet[RosterPlan]:
    plans = RosterPlan.objects.select_related("undoes").order_by("-created_at", "-id")
    plans = plans.filter(kind=kind) if kind else plans
    return plans if ROSTER_VIEW.allows(actor) else plans.none()


def get_plan(*, actor: Actor, plan_id: UUID) -> RosterPlan:
    plan = visible_plans(actor=actor).filter(pk=plan_id).first()
    if plan is None:
        raise NotVisible()
    return plan


def get_file(*, actor: Actor, file_id: UUID) -> ImportFile:
    file = ImportFile.objects.defer("content").filter(pk=file_id).first() if ROSTER_VIEW.allows(actor) else None
    if file is None:
        raise NotVisible()
    return file


def waiting_files(*, actor: Actor) -> QuerySet[ImportFile]:
    """Lists that were uploaded and not imported."""
    files = ImportFile.objects.defer("content", "sample").filter(plans=None).exclude(content=b"")
    return files.order_by("-created_at")[:10] if ROSTER_VIEW.allows(actor) else files.none()


def changes_of(
    *, plan: RosterPlan, kind: str = "", reason: str = "", promotion: str = "", search: str = ""
) -> QuerySet[RosterChange]:
    """The lines of a plan, in the order in which they are applied. `promotion`: who is in it before."""
    changes = RosterChange.objects.filter(run=plan).order_by("id")
    if kind:
        changes = changes.filter(kind=kind)
    if reason:
        changes = changes.filter(reason=reason)
    if promotion:
        changes = changes.filter(before__promotion=promotion)
    for word in search.split()[:5]:
        changes = changes.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return changes


def counts_by_reason(*, plan: RosterPlan) -> list[tuple[str, str, int]]:
    """(kind, reason, how many), the largest first."""
    rows = RosterChange.objects.filter(run=plan).order_by().values_list("kind", "reason").annotate(n=Count("pk"))
    return sorted(((kind, reason, n) for kind, reason, n in rows), key=lambda row: (-row[2], row[0], row[1]))


def turns_of(*, plan: RosterPlan) -> list[tuple[str, str, int]]:
    """Of a turn of the year: (promotion before, promotion after or "", how many)."""
    rows = RosterChange.objects.filter(run=plan, kind__in=["promoted", "alumni"]).order_by()
    keys = rows.values_list("before__promotion", "after__promotion").annotate(n=Count("pk"))
    return [(before or "", after or "", n) for before, after, n in keys]


def failed_rows(*, plan: RosterPlan) -> QuerySet[FailedRow]:
    return FailedRow.objects.filter(plan=plan).order_by("row", "id")


def names() -> dict[str, str]:
    """Names of campuses and promotions by id, for pages that show changes."""
    found = {str(pk): name for pk, name in Campus.objects.values_list("pk", "name")}
    return found | {str(pk): name for pk, name in Promotion.objects.values_list("pk", "name")}


def promotions(*, actor: Actor) -> QuerySet[Promotion]:
    """In the school's order, with `people`: how many students are in each."""
    students = Q(memberships__role=CampusRole.MEMBER) & ~Q(memberships__state=MembershipState.ENDED)
    rows = Promotion.objects.select_related("then").annotate(people=Count("memberships", filter=students))
    return rows.order_by("position", "name") if ROSTER_VIEW.allows(actor) else rows.none()


def get_promotion(*, actor: Actor, promotion_id: UUID) -> Promotion:
    found = promotions(actor=actor).filter(pk=promotion_id).first()
    if found is None:
        raise NotVisible()
    return found


def provisioned_groups(*, actor: Actor) -> QuerySet[ProvisionedGroup]:
    rows = ProvisionedGroup.objects.select_related("campus", "promotion").annotate(count=Count("members"))
    return rows.order_by("name", "id") if ROSTER_VIEW.allows(actor) else rows.none()


def get_provisioned_group(*, actor: Actor, group_id: UUID) -> ProvisionedGroup:
    found = provisioned_groups(actor=actor).filter(pk=group_id).first()
    if found is None:
        raise NotVisible()
    return found


def provisioned_people() -> int:
    return ProvisionedPerson.objects.filter(removed=False).count()
