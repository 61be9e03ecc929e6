"""`make bench-imports`: a list of 20,000 rows from the file to the rows, against one row at a time.

Three cases, as in a school's life: the first list, the same list again, a list with 1 % changed. Ours is the product's
own path: the file is read and compared, every line of the plan is stored with what was before and the reason, it is
applied in chunks with the history of each place, and read back. The naive way is what an import often is:
`csv.DictReader` and `update_or_create` for each row, without a plan, a preview, a history or an undo.
"""

import argparse
import csv
import io
import os
import resource
import statistics
import time
from collections.abc import Callable

import psycopg

CASES = ("first", "unchanged", "changed")
HEADER = ["E-mail", "Prénom", "Nom", "N° étudiant", "Campus", "Rôle", "Promotion"]
NAIVE_SHARE = 20  # the naive way works on a part and is scaled: its time is linear in the number of rows
TABLES = ("campuses_membershipevent", "campuses_campusmembership", "roster_rosterplan", "roster_importfile")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench imports")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
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


def _measure(options: argparse.Namespace) -> int:
    from bench.measure import Times, figure, ratio

    idle, ours = _peak(), Ours()
    ways: dict[str, tuple[Way, int]] = {
        "ours": (ours, options.rows),
        "naive": (Naive(), options.rows // NAIVE_SHARE),
    }
    measured: dict[tuple[str, str], list[float]] = {}
    for round_ in range(options.rounds):
        for name, (way, rows) in ways.items():
            way.reset()
            for case in CASES:
                content = _file(rows, case)
                began = time.perf_counter()
                way.run(content)
                measured.setdefault((name, case), []).append((time.perf_counter() - began) * options.rows / rows)
                _check(rows, case)
            if not round_ and way is ours:
                figure("imports.peak_memory_above_idle", _peak() - idle, "MB")
    for case in CASES:
        print(f"{case}, {options.rows} rows")
        times = {name: Times(name, tuple(measured[name, case])) for name in ways}
        for name, entry in times.items():
            note = f" (from {options.rows // NAIVE_SHARE} rows)" if name == "naive" else ""
            print(f"  {name.ljust(6)} {entry}{note}")
        ratio(f"imports.{case}.naive_to_ours", times["naive"], times["ours"])
    for phase, seconds in ours.phases.items():
        figure(f"imports.ours.{phase}", statistics.median(seconds), "s")
    return 0


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _file(rows: int, case: str) -> bytes:
    """The list. In `changed`, one of a hundred has a new name."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";")
    table.writerow(HEADER)
    for number in range(rows):
        name = "Changed" if case == "changed" and number % 100 == 0 else f"Family {number}"
        given = f"Given {number}"
        table.writerow([f"p{number}@bench.example", given, name, f"N{number}", "BEN", "étudiant", "Bench 1"])
    return out.getvalue().encode()


def _check(rows: int, case: str) -> None:
    from apps.campuses.models import CampusMembership
    from bench.measure import WrongAnswer

    active = CampusMembership.objects.filter(state="active", promotion__name="Bench 1").count()
    renamed = CampusMembership.objects.filter(user__family_name="Changed").count()
    if active != rows or renamed != (-(-rows // 100) if case == "changed" else 0):
        raise WrongAnswer(f"{case}: {active} active, {renamed} renamed")


class Way:
    def reset(self) -> None:
        """Empty tables, one campus, one promotion."""
        from django.db import connections

        from apps.campuses.models import Campus, Promotion
        from apps.tenants import database
        from apps.tenants.context import current_schema

        with connections["owner"].cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute("DELETE FROM accounts_user WHERE email LIKE '%@bench.example'")
        with psycopg.connect(database.owner_dsn(), autocommit=True) as direct:  # VACUUM travels alone
            direct.execute(f'VACUUM ANALYZE "{current_schema()}".accounts_user')
        self.campus = Campus.objects.get_or_create(code="BEN", defaults={"name": "Bench"})[0]
        self.promotion = Promotion.objects.get_or_create(name="Bench 1", defaults={"position": 90})[0]

    def run(self, content: bytes) -> None:
        raise NotImplementedError


class Ours(Way):
    """The product's own path, from the uploaded file to the read-back."""

    def __init__(self) -> None:
        self.phases: dict[str, list[float]] = {}

    def run(self, content: bytes) -> None:
        from django.utils import timezone

        from apps.core.actor import Actor
        from apps.roster.services import columns, plans, uploads

        actor, now = Actor.system("bench"), timezone.now()
        file = uploads.upload_list(actor=actor, name="list.csv", content=content, now=now)
        plan = uploads.start_import(actor=actor, file_id=file.pk, columns=columns.guess(file.header), now=now)
        self._phase("preview", lambda: plans.work_on(run_id=plan.pk))
        plan.refresh_from_db()
        if plan.state == "held":
            plans.desk_of(plan).approve(actor=actor, run_id=plan.pk, now=now)
            self._phase("apply", lambda: plans.work_on(run_id=plan.pk))
            plan.refresh_from_db()
        if plan.state != "done":
            from bench.measure import WrongAnswer

            raise WrongAnswer(f"the import is {plan.state}: {plan.error_code}")

    def _phase(self, name: str, work: Callable[[], object]) -> None:
        began = time.perf_counter()
        work()
        self.phases.setdefault(name, []).append(time.perf_counter() - began)


class Naive(Way):
    """One row after the other, as the ORM invites to."""

    def run(self, content: bytes) -> None:
        from django.utils import timezone

        from apps.accounts.models import User
        from apps.campuses.models import Campus, CampusMembership, Promotion

        now = timezone.now()
        for row in csv.DictReader(io.StringIO(content.decode()), delimiter=";"):
            campus = Campus.objects.get(code=row["Campus"])
            promotion = Promotion.objects.get(name=row["Promotion"])
            details = {"given_name": row["Prénom"], "family_name": row["Nom"], "external_id": row["N° étudiant"]}
            user, _new = User.objects.update_or_create(
                email=row["E-mail"], defaults=details, create_defaults=details | {"status": "pending", "password": "!"}
            )
            CampusMembership.objects.update_or_create(
                user=user, campus=campus,
                defaults={"role": "member", "state": "active", "source": "import", "cause": "imported",
                          "promotion": promotion, "first_seen_at": now, "last_seen_at": now},
            )  # fmt: skip
