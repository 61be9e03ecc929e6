"""Reads of the directory link, its mappings, runs and changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from apps.accounts import selectors as accounts
from apps.accounts.models import User
from apps.campuses.models import Campus
from apps.core.actor import Actor
from apps.core.errors import NotVisible
from apps.core.plan import State
from apps.tenants.models import ProviderBinding

from .models import ConflictDecision, DirectoryChange, DirectoryRun, GroupMapping, StagedPerson
from .permissions import DIRECTORY_VIEW


def binding() -> ProviderBinding | None:
    """The Microsoft organisation that belongs to this school."""
    return accounts.linked_organisation()


def linked_organisation() -> str:
    """Its tenant id, or ""."""
    found = binding()
    return found.external_id if found else ""


def visible_runs(*, actor: Actor) -> QuerySet[DirectoryRun]:
    runs = DirectoryRun.objects.order_by("-created_at", "-id")
    return runs if DIRECTORY_VIEW.allows(actor) else runs.none()


def run_that_waits(*, actor: Actor) -> DirectoryRun | None:
    """The run that is held until somebody decides."""
    return visible_runs(actor=actor).filter(state=State.HELD.value).first()


def successor(run: DirectoryRun) -> DirectoryRun | None:
    """The newest run of those that took the place of a superseded one."""
    if run.error_code != "superseded":
        return None
    later = DirectoryRun.objects.filter(lane=run.lane, created_at__gt=run.created_at).exclude(error_code="superseded")
    return later.order_by("-created_at", "-id").first()


def runs_matching(*, actor: Actor, wanted: Mapping[str, Any]) -> QuerySet[DirectoryRun]:
    """The visible runs of a state, kind, trigger and period (days of the active time zone), newest first."""
    runs = visible_runs(actor=actor).filter(
        **{name: wanted[name] for name in ("state", "kind", "trigger") if name in wanted}
    )
    if "since" in wanted:
        runs = runs.filter(created_at__date__gte=wanted["since"])
    if "until" in wanted:
        runs = runs.filter(created_at__date__lte=wanted["until"])
    return runs


def get_run(*, actor: Actor, run_id: UUID) -> DirectoryRun:
    run = visible_runs(actor=actor).filter(pk=run_id).first()
    if run is None:
        raise NotVisible()
    return run


@dataclass(frozen=True, slots=True)
class Conflict:
    """A Microsoft account that a run left out because of its address, and who holds that address here."""

    object_id: str
    email: str
    name: str
    upn: str
    reason: str
    holder: User | None


UNCOMPUTED = [State.QUEUED.value, State.READING.value, State.FAILED.value, State.PARTIAL.value]
DECIDABLE = ("local-account", "other-identity", "address-taken", "shared-address")


def open_conflicts(*, actor: Actor) -> list[Conflict]:
    """Conflicts of the last reading about which nobody has decided since. The same account stands there once."""
    if not DIRECTORY_VIEW.allows(actor):
        return []
    kinds = [DirectoryRun.Kind.FULL, DirectoryRun.Kind.DELTA, DirectoryRun.Kind.PREVIEW]
    computed = DirectoryRun.objects.filter(kind__in=kinds, draft__isnull=True).exclude(state__in=UNCOMPUTED)
    run = computed.order_by("-created_at").first()
    if run is None:
        return []
    changes = list(DirectoryChange.objects.filter(run=run, kind="conflict", reason__in=DECIDABLE).order_by("id"))
    decided = {
        (one.object_id, one.email): one
        for one in ConflictDecision.objects.filter(object_id__in=[change.object_id for change in changes])
    }
    emails = [change.email.lower() for change in changes]
    holders = {
        user.email.lower(): user for user in User.objects.filter(email__in=emails).prefetch_related("identities")
    }
    upns = dict(
        StagedPerson.objects.filter(object_id__in=[change.object_id for change in changes])
        .order_by("id")
        .values_list("object_id", "upn")
    )
    return [
        Conflict(
            change.object_id, change.email, change.name, upns.get(change.object_id, ""), change.reason,
            holders.get(change.email.lower()),
        )
        for change in changes
        if not _settled(decided.get((change.object_id, change.email)), run)
    ]  # fmt: skip


def _settled(decision: ConflictDecision | None, run: DirectoryRun) -> bool:
    """Decisions to leave somebody out hold for good; the others until a later run says that it did not help."""
    return decision is not None and (decision.choice == "leave" or decision.decided_at >= run.created_at)


def decisions(*, actor: Actor) -> QuerySet[ConflictDecision]:
    rows = ConflictDecision.objects.order_by("-decided_at")
    return rows if DIRECTORY_VIEW.allows(actor) else rows.none()


def visible_mappings(*, actor: Actor) -> QuerySet[GroupMapping]:
    rows = GroupMapping.objects.select_related("campus").order_by("campus__name", "group_name", "id")
    return rows if DIRECTORY_VIEW.allows(actor) else rows.none()


def get_mapping(*, actor: Actor, mapping_id: UUID) -> GroupMapping:
    mapping = visible_mappings(actor=actor).filter(pk=mapping_id).first()
    if mapping is None:
        raise NotVisible()
    return mapping


def changes_of(
    *, run: DirectoryRun, kind: str = "", reason: str = "", search: str = "", campus: str = ""
) -> QuerySet[DirectoryChange]:
    """The lines of a run's plan, in the order in which they are applied.

    Of a campus are also the lines that concern people wherever they are: who is refused, whose name changes.
    """
    changes = DirectoryChange.objects.filter(run=run).order_by("id")
    if kind:
        changes = changes.filter(kind=kind)
    if reason:
        changes = changes.filter(reason=reason)
    if campus:
        changes = changes.filter(Q(campus_id=campus) | Q(campus_id=None))
    for word in search.split()[:5]:
        changes = changes.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return changes


def counts_by_reason(*, run: DirectoryRun) -> list[tuple[str, str, int]]:
    """(kind, reason, how many), the largest first."""
    rows = DirectoryChange.objects.filter(run=run).values_list("kind", "reason").annotate(n=Count("pk"))
    return sorted(((kind, reason, n) for kind, reason, n in rows), key=lambda row: (-row[2], row[0], row[1]))


def counts_by_campus(*, run: DirectoryRun) -> dict[UUID, dict[str, int]]:
    """What the run means for each campus: campus -> kind -> how many."""
    rows = DirectoryChange.objects.filter(run=run).exclude(campus_id=None).values_list("campus_id", "kind")
    found: dict[UUID, dict[str, int]] = {}
    for campus_id, kind, n in rows.annotate(n=Count("pk")).order_by():
        found.setdefault(campus_id, {})[kind] = n
    return found


def known_people(changes: Iterable[DirectoryChange]) -> set[UUID]:
    """Of the people of these changes those who have an account by now."""
    ids = {change.user_id for change in changes if change.user_id}
    return set(User.objects.filter(pk__in=ids).values_list("pk", flat=True))


def campus_names() -> dict[UUID, str]:
    return dict(Campus.objects.values_list("pk", "name"))


def members_over_time(*, last: int = 30) -> list[tuple[DirectoryRun, int]]:
    """Members after each of the last applied runs, oldest first."""
    runs = DirectoryRun.objects.exclude(members_after=None).order_by("-created_at")[:last]
    return [(run, run.members_after or 0) for run in reversed(runs)]


def mappings_of(*, campus: Campus) -> QuerySet[GroupMapping]:
    """For pages that already decided to show the campus."""
    return GroupMapping.objects.filter(campus=campus).order_by("group_name", "id")


def has_run() -> bool:
    """Whether a run was ever applied."""
    return DirectoryRun.objects.exclude(members_after=None).exists()


def has_previewed() -> bool:
    return DirectoryRun.objects.filter(kind=DirectoryRun.Kind.PREVIEW, state=State.DONE.value).exists()
