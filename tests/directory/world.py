"""Two campuses, two groups, and what the database must look like for a directory: the model."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import Identity, User
from apps.campuses.models import Campus, CampusMembership
from apps.campuses.services import campuses
from apps.core.actor import Actor
from apps.directory.models import DirectoryChange, DirectoryRun
from apps.directory.services import mappings, requests, runs
from apps.microsoft.app_tokens import AppTokens
from apps.microsoft.graph import Graph
from apps.microsoft.patience import Patience
from apps.tenants.context import platform
from apps.tenants.models import ProviderBinding

ADMIN = Actor.system("tests")
PAGE = 3
RANKS = ["member", "staff", "manager"]


def no_sleep(seconds: float) -> None:
    """Waiting is told to the run, and not done."""


@dataclass
class World:
    school: object
    sim: object
    tid: str = field(default_factory=lambda: str(uuid.uuid4()))

    def __post_init__(self) -> None:
        self.sim.add_organisation("École Test", tid=self.tid, domain="lumiere.example", page_size=PAGE)
        with platform():
            ProviderBinding.objects.create(provider="microsoft", external_id=self.tid, school=self.school)
        self.paris, self.lyon = self.campus("Paris"), self.campus("Lyon")
        self.tokens = AppTokens()

    # arranging

    def campus(self, name: str) -> Campus:
        return campuses.create_campus(actor=ADMIN, now=timezone.now(), name=name, code=name[:3].upper())

    def people(self, count: int, **common) -> list[str]:
        return [person["id"] for person in self.sim.add_people(self.tid, count, **common)]

    def person(self, **fields) -> str:
        return self.sim.add_people(self.tid, people=[fields])[0]["id"]

    def group(self, name: str, members: Iterable[str]) -> str:
        return self.sim.add_group(self.tid, name, list(members))["id"]

    def change(self, person_id: str, **fields) -> None:
        self.sim.change_person(self.tid, person_id, **fields)

    def add(self, group_id: str, *ids: str) -> None:
        self.sim.change_members(self.tid, group_id, add=list(ids))

    def remove(self, group_id: str, *ids: str) -> None:
        self.sim.change_members(self.tid, group_id, remove=list(ids))

    def map(self, group_id: str, campus: Campus, role: str = "member", **options):
        return mappings.add_mapping(
            actor=ADMIN, group_id=group_id, group_name=f"group {group_id[:4]}", campus_id=campus.pk, role=role,
            now=timezone.now(), **options,
        )  # fmt: skip

    def standard(self, students: int = 8, staff: int = 4) -> None:
        """`students` at Paris, `staff` at Lyon, in groups of their own; read once."""
        self.students, self.staff = self.people(students), self.people(staff)
        self.g_paris = self.group("Paris", self.students)
        self.g_lyon = self.group("Lyon", self.staff)
        self.map(self.g_paris, self.paris)
        self.map(self.g_lyon, self.lyon, "staff")

    # running

    def graph(self, tenant_id: str, **options) -> Graph:
        patience = Patience(tries=2, longest=30, total=600)
        return Graph(tenant_id, tokens=self.tokens, patience=patience, read_seconds=0.4, **options)

    def request(self, **options) -> DirectoryRun:
        return requests.request_run(actor=ADMIN, now=timezone.now(), **options)

    def carry_out(self, run: DirectoryRun, **options) -> DirectoryRun:
        runs.carry_out(run_id=run.pk, make_graph=self.graph, sleep=no_sleep, **options)
        run.refresh_from_db()
        return run

    def run(self, **options) -> DirectoryRun:
        chunk = {"chunk": options.pop("chunk")} if "chunk" in options else {}
        return self.carry_out(self.request(**options), **chunk)

    def approve(self, run: DirectoryRun) -> DirectoryRun:
        requests.approve_run(actor=ADMIN, run_id=run.pk, now=timezone.now())
        return self.carry_out(run)

    def sweep_later(self) -> None:
        """As the sweeper would do after every lease and pause is over."""
        later = timezone.now() + timedelta(minutes=30)
        requests.sweep(now=later)

    # looking

    def places(self) -> set[tuple[str, str, str]]:
        """(object id, campus, role) of everybody who is active."""
        rows = CampusMembership.objects.filter(state="active", user__status="active")
        objects = dict(Identity.objects.values_list("user_id", "object_id"))
        return {(objects.get(m.user_id, str(m.user_id)), m.campus.name, m.role) for m in rows.select_related("campus")}

    def model(self, *rules: tuple[str, Campus, str]) -> set[tuple[str, str, str]]:
        """What must be there for the directory as it is now. `rules`: (group, campus, role)."""
        known = {person["id"]: person for person in self.sim.people(self.tid)}
        members = {group["id"]: set(group["members"]) for group in self.sim.groups(self.tid)}
        best: dict[tuple[str, str], str] = {}
        for group, campus, role in rules or self.rules():
            for person_id in members.get(group, ()):
                person = known.get(person_id)
                usable = person and person["accountEnabled"] and person["userType"] == "Member"
                if usable:
                    key = (person_id, campus.name)
                    best[key] = max(best.get(key, role), role, key=RANKS.index)
        return {(person_id, campus, role) for (person_id, campus), role in best.items()}

    def rules(self):
        return ((self.g_paris, self.paris, "member"), (self.g_lyon, self.lyon, "staff"))

    def user(self, object_id: str) -> User:
        return User.objects.get(identities__object_id=object_id)

    def membership(self, object_id: str, campus: Campus | None = None) -> CampusMembership:
        return CampusMembership.objects.get(user=self.user(object_id), campus=campus or self.paris)

    def changes(self, run: DirectoryRun, **wanted) -> list[DirectoryChange]:
        return list(DirectoryChange.objects.filter(run=run, **wanted).order_by("id"))

    def reasons(self, run: DirectoryRun) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for change in self.changes(run):
            found[change.kind, change.reason] = found.get((change.kind, change.reason), 0) + 1
        return found
