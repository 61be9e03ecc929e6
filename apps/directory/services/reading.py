"""From Microsoft's pages to staged rows: every page is committed together with its checkpoint, or not at all."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction

from apps.core.plan.lease import Lease
from apps.microsoft.errors import GraphError, GraphGone, GraphNotFound
from apps.microsoft.graph import Graph, Page

from ..models import DirectoryReading, DirectoryRun, StagedPerson
from . import deltas, drafts
from .people import GroupGone, columns_of, copy_text
from .staging import ROWS, forget_staged

Sleep = Callable[[float], None]
GraphFactory = Callable[..., Graph]

NAP = 2.0  # seconds between looks at the run while Microsoft makes us wait
COPY = """
COPY directory_stagedperson
    (id, run_id, reading_id, object_id, email, upn, given_name, family_name, department, job_title, refusal)
FROM STDIN
"""
# The checkpoint. It also takes one number of the order of arrival for the whole page: one for each row would take as
# long as the rows themselves.
CHECKPOINT = """
UPDATE directory_directoryreading
   SET pages = %(pages)s, next_link = %(next_link)s, people = %(people)s, expected = %(expected)s
 WHERE id = %(reading)s
RETURNING nextval('directory_stagedperson_id_seq')
"""


class CountMismatch(GraphError):
    code = "count-mismatch"
    retry = True


def begin(run: DirectoryRun) -> None:
    """Copy the active mappings, or its draft in place of one, into the run: what is edited later does not change it."""
    if run.readings.exists():
        return
    wanted = drafts.readings_of(run)
    delta = run.kind == DirectoryRun.Kind.DELTA
    bases = deltas.bases_of(run, [facts["mapping"] for facts in wanted if facts["mapping"]]) if delta else {}
    readings = [DirectoryReading(run=run, **facts) for facts in wanted]
    for reading in readings:
        reading.base = bases.get(reading.mapping_id) if reading.mapping_id else None
        reading.nested = reading.base.nested if reading.base else 0
        reading.fallback = "no-link" if delta and reading.base is None else ""
    DirectoryReading.objects.bulk_create(readings)


def read_everything(lease: Lease[DirectoryRun], make_graph: GraphFactory, sleep: Sleep = time.sleep) -> None:
    """Read every mapping to its proven end. Raises GraphError or Stopped; what was committed stays for the next try."""
    with transaction.atomic():
        begin(lease.run)
    with make_graph(lease.run.tenant_id, sleep=Rest(lease, sleep)) as graph:
        deltas.read_people(lease, graph)
        for reading in lease.run.readings.filter(complete=False).order_by("id"):
            if reading.base_id:
                deltas.read_group(lease, graph, reading)
            if not reading.base_id:
                _read_all(lease, graph, reading)
        deltas.read_newcomers(lease, graph)
        for reading in lease.run.readings.filter(complete=False).order_by("id"):
            _read_all(lease, graph, reading)


def _read_all(lease: Lease[DirectoryRun], graph: Graph, reading: DirectoryReading) -> None:
    """Every page of one group, with the link from which the next delta run goes on."""
    if not reading.pages and not lease.run.is_preview:
        reading.delta_link = deltas.link_of_group(graph, reading)
        reading.save(update_fields=["delta_link", "nested"])
    try:
        _read(lease, graph, reading)
    except GraphGone:
        start_over(lease, reading)
        _read(lease, graph, reading)


class Rest:
    """A sleep that shows on the run's page, keeps the lease and notices a cancellation."""

    def __init__(self, lease: Lease[DirectoryRun], sleep: Sleep) -> None:
        self._lease = lease
        self._sleep = sleep

    def __call__(self, seconds: float) -> None:
        until = self._lease.clock() + timedelta(seconds=seconds)
        self._lease.write(resume_at=until, rest=timedelta(seconds=seconds))
        while seconds > 0:
            nap = min(NAP, seconds)
            self._sleep(nap)
            seconds -= nap
            self._lease.write(rest=timedelta(seconds=seconds))
        self._lease.write(resume_at=None)


def _read(lease: Lease[DirectoryRun], graph: Graph, reading: DirectoryReading) -> None:
    try:
        start = reading.next_link or graph.members_url(reading.group_id, transitive=reading.transitive)
        if not reading.pages or reading.next_link:
            for page in graph.pages(start, number=reading.pages + 1):
                _commit(lease, graph, reading, page)
        expected = graph.count_members(reading.group_id, transitive=reading.transitive)
    except GraphNotFound as gone:
        raise GroupGone(reading.group_name) from gone
    _conclude(lease, reading, expected)


@transaction.atomic
def _commit(lease: Lease[DirectoryRun], graph: Graph, reading: DirectoryReading, page: Page) -> None:
    people = page.people()
    counted = page.count is not None and page.count != reading.expected
    reading.pages, reading.next_link = page.number, page.next_link or ""
    reading.people += len(people)
    reading.expected = page.count if counted else reading.expected
    with connection.cursor() as cursor:
        facts = {name: getattr(reading, name) for name in ("pages", "next_link", "people", "expected")}
        cursor.execute(CHECKPOINT, {**facts, "reading": reading.pk})
        first = cursor.fetchone()[0] * ROWS
        of_all = str(reading.run_id), str(reading.pk)
        rows = (columns_of(person, str(first + n), *of_all) for n, person in enumerate(people))
        with cursor.copy(COPY) as copy:
            copy.write(copy_text(rows))
    run = lease.run
    lease.write(
        pages=run.pages + 1,
        people_read=run.people_read + len(people),
        people_expected=_expected(run) if counted or run.people_expected is None else run.people_expected,
        throttles=run.throttles + bool(page.throttled_seconds),
        throttled_seconds=run.throttled_seconds + page.throttled_seconds,
    )


def _expected(run: DirectoryRun) -> int | None:
    """How many people there are to read, as far as Microsoft or the last run has said; None when one is unknown."""
    known = run.readings.values_list("expected", "mapping__people")
    sizes = [size for now, before in known if (size := before if now is None else now) is not None]
    return sum(sizes) if len(sizes) == len(known) else None


def _conclude(lease: Lease[DirectoryRun], reading: DirectoryReading, expected: int) -> None:
    """The reading is complete when as many different people were staged as Microsoft counts."""
    staged = StagedPerson.objects.filter(run_id=lease.run.pk, reading_id=reading.pk)
    seen = staged.values("object_id").distinct().count()
    if seen < expected:
        start_over(lease, reading)
        raise CountMismatch(f"{reading.group_name}: {seen} of {expected}")
    with transaction.atomic():
        reading.complete, reading.expected, reading.people = True, expected, seen
        reading.save(update_fields=["complete", "expected", "people"])
        lease.write()


@transaction.atomic
def start_over(lease: Lease[DirectoryRun], reading: DirectoryReading, fallback: str = "") -> None:
    """Forget the pages of one mapping: the next try begins at the first. `fallback`: and reads all of them."""
    forget_staged(lease.run.pk, reading.pk)
    if fallback:
        reading.base, reading.fallback, reading.complete, reading.delta_link = None, fallback, False, ""
    lease.write(people_read=max(0, lease.run.people_read - reading.people))
    reading.pages, reading.people, reading.next_link, reading.expected = 0, 0, "", None
    reading.save()
