"""`make bench-directory`: 50,000 people from pages to rows, against one row at a time and against plain SQL.

Three cases, as in a school's life: the first run, a run without changes, a run with 1 % changed. No network: the
pages are made here. Ours keeps what the product needs (pages committed one by one with a checkpoint, a plan, every
change with its reason, the history of each membership, a check by reading back). The limit (one COPY and a MERGE per
table in plain SQL, one transaction) keeps only the rows; `recorded` is the limit that also inserts the same lines of
plan and history: what recording costs at the least.

`ours_to_limit` compares whole runs by the clock, Python included. `database_part` compares what PostgreSQL did: the
processor time of the server process behind the connection, for everything from the first statement to the last
commit (parsing, COPY, triggers, constraints); it leaves out Python and waiting for the disk or for a processor.
"""

import argparse
import os
import resource
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

TENANT = "11111111-1111-4111-8111-111111111111"
PAGE = 999
CASES = ("first", "unchanged", "changed")
NAIVE_SHARE = 25  # the naive way works on a part and is scaled: its time is linear in the number of people
TABLES = (
    "campuses_membershipevent", "campuses_campusmembership", "accounts_identity", "directory_directorychange",
    "directory_stagedperson", "directory_directoryreading", "directory_directoryrun",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    os.environ.setdefault("TEST_RUN", f"bench{os.getpid()}")
    from apps.tenants.context import activated, platform
    from apps.tenants.models import School
    from tests import databases

    name = databases.create_from_template()
    try:
        with platform():
            school = School.objects.get(slug="lumiere")
        with activated(school):
            return _measure(options)
    finally:
        databases.drop(name)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench directory")
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without-naive", action="store_true", help="only ours and the limit: much quicker")
    return parser.parse_args(arguments)


def _measure(options: argparse.Namespace) -> int:
    from bench.measure import Times, figure, ratio

    idle = _peak()
    ours = Ours()
    ours.reset()
    for case in CASES:
        ours.run(options.people, case)
    figure("directory.peak_memory_above_idle", _peak() - idle, "MB")
    ways: dict[str, tuple[object, int]] = {
        "naive": (Naive(), options.people // NAIVE_SHARE),
        "ours": (ours, options.people),
        "limit": (Limit(), options.people),
        "recorded": (Recorded(), options.people),
    }
    if options.without_naive:
        del ways["naive"]
    measured: dict[tuple[str, str], list[float]] = {}
    served: dict[tuple[str, str], list[float]] = {}
    for _round in range(options.rounds):
        for name, (way, people) in ways.items():
            way.reset()  # type: ignore[attr-defined]
            for case in CASES:
                began, worked = time.perf_counter(), server_time()
                way.run(people, case)  # type: ignore[attr-defined]
                scale = options.people / people
                served.setdefault((name, case), []).append((server_time() - worked) * scale)
                measured.setdefault((name, case), []).append((time.perf_counter() - began) * scale)
                _check(people, case)
    for case in CASES:
        print(f"{case}, {options.people} people")
        times = {name: Times(name, tuple(measured[name, case])) for name in ways}
        for name, entry in times.items():
            note = f" (from {options.people // NAIVE_SHARE} people)" if name == "naive" else ""
            print(f"  {name.ljust(8)} {entry}{note}")
        if not options.without_naive:
            ratio(f"directory.{case}.naive_to_ours", times["naive"], times["ours"])
        ratio(f"directory.{case}.ours_to_limit", times["ours"], times["limit"])
        parts = {name: Times(name, tuple(served[name, case])) for name in ways}
        print("  database part: " + ", ".join(f"{name} {part}" for name, part in parts.items()))
        ratio(f"directory.{case}.database_part", parts["ours"], parts["limit"])
        ratio(f"directory.{case}.database_part_of_recorded", parts["ours"], parts["recorded"])
    for phase, seconds in ours.phases.items():
        figure(f"directory.ours.{phase}", statistics.median(seconds), "s")
    return 0


def server_time() -> float:
    """Seconds of processor time that the server process behind this thread's connection has had (Linux)."""
    from django.db import connection

    connection.ensure_connection()
    return int(Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]) / 1e9


def _check(people: int, case: str) -> None:
    from apps.campuses.models import CampusMembership
    from bench.measure import WrongAnswer

    active = CampusMembership.objects.filter(state="active").count()
    renamed = CampusMembership.objects.filter(user__family_name="Changed").count()
    if active != people or (case == "changed") != bool(renamed):
        raise WrongAnswer(f"{case}: {active} active, {renamed} renamed")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def person(number: int, case: str) -> dict[str, object]:
    """What Graph would say about this person. In `changed`, one of a hundred has a new name."""
    name = "Changed" if case == "changed" and number % 100 == 0 else f"Family {number}"
    address = f"p{number}@bench.example"
    return {
        "id": str(uuid.UUID(int=number + 1)), "userPrincipalName": address, "mail": address, "displayName": name,
        "givenName": f"Given {number}", "surname": name, "accountEnabled": True, "userType": "Member",
        "department": "Physics", "jobTitle": None,
    }  # fmt: skip


def pages(people: int, case: str) -> Iterator[list[dict[str, object]]]:
    for start in range(0, people, PAGE):
        yield [person(number, case) for number in range(start, min(start + PAGE, people))]


class Way:
    def reset(self) -> None:
        """Empty tables and one campus."""
        from django.db import connections

        from apps.campuses.models import Campus
        from apps.tenants import database
        from apps.tenants.context import current_schema

        with connections["owner"].cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute("DELETE FROM accounts_user WHERE email LIKE '%@bench.example'")
        with psycopg.connect(database.owner_dsn(), autocommit=True) as direct:  # VACUUM travels alone
            direct.execute(f'VACUUM ANALYZE "{current_schema()}".accounts_user')
        self.campus = Campus.objects.get_or_create(code="PAR", defaults={"name": "Paris"})[0]

    def run(self, people: int, case: str) -> None:
        raise NotImplementedError


class Ours(Way):
    """The product's own path: staged page by page, planned, applied in chunks, read back."""

    def __init__(self) -> None:
        self.phases: dict[str, list[float]] = {}

    def reset(self) -> None:
        from apps.directory.models import GroupMapping

        super().reset()
        GroupMapping.objects.get_or_create(group_id="g", campus=self.campus, defaults={"group_name": "Everybody"})

    def run(self, people: int, case: str) -> None:
        from django.utils import timezone

        from apps.core.plan import State
        from apps.core.plan.lease import claim
        from apps.directory.models import DirectoryRun
        from apps.directory.services import applying, planning, reading

        run = DirectoryRun.objects.create(tenant_id=TENANT, requested_by="bench", created_at=timezone.now())
        lease = claim(DirectoryRun, run.pk, timezone.now)
        assert lease is not None
        lease.enter(State.READING)
        reading.begin(lease.run)
        self._phase(f"{case}.stage", lambda: self._stage(lease, people, case))
        self._phase(f"{case}.plan", lambda: planning.plan(lease))
        lease.enter(State.APPLYING)
        self._phase(f"{case}.apply", lambda: self._apply(applying, lease))
        self._phase(f"{case}.verify", lambda: applying.unconfirmed(lease.run))
        lease.enter(State.CANCELLED)

    def _stage(self, lease: object, people: int, case: str) -> None:
        from apps.directory.services import reading
        from apps.microsoft.graph import Page

        entry = lease.run.readings.get()  # type: ignore[attr-defined]
        for number, items in enumerate(pages(people, case), 1):
            page = Page(number, tuple(items), None, None, people, 0.0)
            reading._commit(lease, None, entry, page)  # type: ignore[arg-type]
        reading._conclude(lease, entry, people)  # type: ignore[arg-type]

    def _apply(self, applying: object, lease: object) -> None:
        from django.utils import timezone

        while applying.apply_next(lease, timezone.now):  # type: ignore[attr-defined]
            pass

    def _phase(self, name: str, work: Callable[[], object]) -> None:
        began = time.perf_counter()
        work()
        self.phases.setdefault(name, []).append(time.perf_counter() - began)


class Naive(Way):
    """One person after the other, as the ORM invites to."""

    def run(self, people: int, case: str) -> None:
        from django.utils import timezone

        from apps.accounts.models import Identity, User
        from apps.campuses.models import CampusMembership

        now = timezone.now()
        for page in pages(people, case):
            for entry in page:
                user, _created = User.objects.update_or_create(
                    email=entry["mail"],
                    defaults={
                        "given_name": entry["givenName"], "family_name": entry["surname"], "status": "active",
                        "department": entry["department"] or "", "job_title": entry["jobTitle"] or "",
                    },
                    create_defaults={
                        "given_name": entry["givenName"], "family_name": entry["surname"], "status": "active",
                        "department": entry["department"] or "", "job_title": entry["jobTitle"] or "",
                        "password": "!" + uuid.uuid4().hex,
                    },
                )  # fmt: skip
                Identity.objects.update_or_create(
                    tenant_id=TENANT, object_id=entry["id"], defaults={"user": user, "upn": entry["userPrincipalName"]}
                )
                CampusMembership.objects.update_or_create(
                    user=user, campus=self.campus,
                    defaults={"role": "member", "state": "active", "source": "directory", "cause": "listed",
                              "first_seen_at": now, "last_seen_at": now},
                )  # fmt: skip


class Limit(Way):
    """COPY and MERGE in plain SQL: nothing but the rows."""

    def run(self, people: int, case: str) -> None:
        from django.db import connection, transaction
        from django.utils import timezone

        from apps.directory.services.sets import over_everybody

        facts = {"tenant": TENANT, "now": timezone.now(), "campus": self.campus.pk}
        with transaction.atomic(), connection.cursor() as cursor:
            over_everybody(cursor)  # as ours: left to itself the planner now and then chooses a nested loop of minutes
            cursor.execute(
                "CREATE TEMP TABLE fresh (object_id text, email text, given text, family text, department text,"
                " job text) ON COMMIT DROP"
            )
            with cursor.copy("COPY fresh (object_id, email, given, family, department, job) FROM STDIN") as copy:
                for page in pages(people, case):
                    for one in page:
                        copy.write_row(
                            (one["id"], one["mail"], one["givenName"], one["surname"], one["department"], "")
                        )
            cursor.execute("ANALYZE fresh")
            self._merge(cursor, facts)

    def _merge(self, cursor: object, facts: dict[str, object]) -> None:
        for statement in (MERGE_PEOPLE, MERGE_IDENTITIES, MERGE_PLACES):
            cursor.execute(statement, facts)  # type: ignore[attr-defined]


class Recorded(Limit):
    """The limit, and the same lines of plan and history as ours, inserted by the statements that make the rows."""

    def _merge(self, cursor: object, facts: dict[str, object]) -> None:
        from django.utils import timezone

        from apps.directory.models import DirectoryRun

        run = DirectoryRun.objects.create(
            tenant_id=TENANT, requested_by="bench", created_at=timezone.now(), state="done"
        )  # fmt: skip
        for statement in (RECORD_PEOPLE, MERGE_IDENTITIES, RECORD_PLACES):
            cursor.execute(statement, {**facts, "run": run.pk})  # type: ignore[attr-defined]


MERGE_PEOPLE = """
MERGE INTO accounts_user u USING fresh f ON lower(u.email) = f.email
 WHEN MATCHED AND (u.given_name, u.family_name, u.department, u.job_title)
      IS DISTINCT FROM (f.given, f.family, f.department, f.job) THEN UPDATE
   SET given_name = f.given, family_name = f.family, department = f.department, job_title = f.job
 WHEN NOT MATCHED THEN INSERT (id, password, email, given_name, family_name, department, job_title,
      status, locale, is_staff, is_superuser, created_at)
   VALUES (gen_random_uuid(), '!' || gen_random_uuid(), f.email, f.given, f.family, f.department, f.job,
      'active', '', false, false, %(now)s)
"""
MERGE_IDENTITIES = """
MERGE INTO accounts_identity i USING (SELECT f.*, u.id AS user_id FROM fresh f
   JOIN accounts_user u ON lower(u.email) = f.email) f
 ON i.tenant_id = %(tenant)s AND i.object_id = f.object_id
 WHEN MATCHED AND i.upn <> f.email THEN UPDATE SET upn = f.email
 WHEN NOT MATCHED THEN INSERT (id, user_id, issuer, tenant_id, object_id, upn, linked_at)
   VALUES (gen_random_uuid(), f.user_id, '', %(tenant)s, f.object_id, f.email, %(now)s)
"""
MERGE_PLACES = """
MERGE INTO campuses_campusmembership m USING (SELECT i.user_id FROM fresh f
   JOIN accounts_identity i ON i.tenant_id = %(tenant)s AND i.object_id = f.object_id) f
 ON m.user_id = f.user_id AND m.campus_id = %(campus)s
 WHEN MATCHED AND m.state <> 'active' THEN UPDATE SET state = 'active'
 WHEN NOT MATCHED THEN INSERT (id, user_id, campus_id, role, state, source, cause, pinned,
      first_seen_at, last_seen_at)
   VALUES (gen_random_uuid(), f.user_id, %(campus)s, 'member', 'active', 'directory', 'listed', '',
      %(now)s, %(now)s)
"""
RECORD_PEOPLE = f"""
WITH done AS ({MERGE_PEOPLE} RETURNING merge_action() = 'INSERT' AS added, u.id AS user_id, f.*)
INSERT INTO directory_directorychange
    (run_id, kind, action, reason, object_id, user_id, campus_id, name, email, before, after, overtaken)
SELECT %(run)s, CASE WHEN added THEN 'added' ELSE 'updated' END, CASE WHEN added THEN 'add' ELSE 'person' END,
       CASE WHEN added THEN 'listed' ELSE 'changed' END, object_id, user_id, %(campus)s, given || ' ' || family, email,
       '{{}}'::jsonb, jsonb_build_object('state', 'active', 'role', 'member', 'groups', 'Everybody', 'person',
         jsonb_build_object('email', email, 'upn', email, 'given_name', given, 'family_name', family,
                            'department', department, 'job_title', job)), false
  FROM done
"""
RECORD_PLACES = f"""
WITH done AS ({MERGE_PLACES} RETURNING m.id)
INSERT INTO campuses_membershipevent
    (membership_id, from_state, to_state, from_role, to_role, source, cause, run_id, actor, at)
SELECT id, '', 'active', '', 'member', 'directory', 'listed', %(run)s, 'bench', %(now)s FROM done
"""
