"""From Microsoft's pages to staged rows: every page is committed together with its checkpoint, or not at all."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from django.db import connection, transaction

from apps.core.plan.lease import Lease
from apps.microsoft.directory_objects import DirectoryPerson
from apps.microsoft.errors import GraphError, GraphForbidden, GraphGone, GraphNotFound
from apps.microsoft.graph import Graph, Page

from ..models import DirectoryReading, DirectoryRun, StagedPerson
from . import drafts
from .staging import forget_staged

Sleep = Callable[[float], None]
GraphFactory = Callable[..., Graph]

NAP = 2.0  # seconds between looks at the run while Microsoft makes us wait
COPY = """
COPY directory_stagedperson
    (run_id, reading_id, object_id, email, upn, given_name, family_name, department, job_title, refusal)
FROM STDIN
"""


class GroupGone(GraphError):
    code = "group-gone"


class CountMismatch(GraphError):
    code = "count-mismatch"
    retry = True


def begin(run: DirectoryRun) -> None:
    """Copy the active mappings, or its draft in place of one, into the run: what is edited later does not change it."""
    if run.readings.exists():
        return
    DirectoryReading.objects.bulk_create(DirectoryReading(run=run, **facts) for facts in drafts.readings_of(run))


def read_everything(lease: Lease[DirectoryRun], make_graph: GraphFactory, sleep: Sleep = time.sleep) -> None:
    """Read every mapping to its proven end. Raises GraphError or Stopped; what was committed stays for the next try."""
    with transaction.atomic():
        begin(lease.run)
    with make_graph(lease.run.tenant_id, sleep=Rest(lease, sleep)) as graph:
        for reading in lease.run.readings.filter(complete=False).order_by("id"):
            try:
                _read(lease, graph, reading)
            except GraphGone:
                _start_over(lease, reading)
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
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in _rows(reading, people):
            copy.write_row(row)
    reading.pages, reading.next_link = page.number, page.next_link or ""
    reading.people += len(people)
    if page.count is not None:
        reading.expected = page.count
    reading.save(update_fields=["pages", "next_link", "people", "expected"])
    run = lease.run
    lease.write(
        pages=run.pages + 1,
        people_read=run.people_read + len(people),
        people_expected=_expected(run),
        throttles=run.throttles + bool(page.throttled_seconds),
        throttled_seconds=run.throttled_seconds + page.throttled_seconds,
    )


def _expected(run: DirectoryRun) -> int | None:
    """How many people there are to read, as far as Microsoft or the last run has said; None when one is unknown."""
    known = run.readings.values_list("expected", "mapping__people")
    sizes = [size for now, before in known if (size := before if now is None else now) is not None]
    return sum(sizes) if len(sizes) == len(known) else None


def _rows(reading: DirectoryReading, people: Iterable[DirectoryPerson]) -> Iterator[tuple[object, ...]]:
    for person in people:
        email = (person.mail or person.upn).lower()
        usable = is_address(email)
        given, family = person.given_name, person.surname
        yield (
            reading.run_id,
            reading.pk,
            person.object_id,
            email if usable else "",
            person.upn.lower()[:254],
            (given or ("" if family else person.display_name))[:100],
            family[:100],
            person.department[:120],
            person.job_title[:120],
            _refusal(person, usable),
        )


def is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(at and local and "." in domain and len(text) <= 254 and " " not in text and "@" not in local)


def _refusal(person: DirectoryPerson, usable: bool) -> str:
    """Why this person may not join, as far as their own entry says."""
    if person.user_type.lower() == "guest" or "#ext#" in person.upn.lower():
        return "guest"
    if person.enabled is None:
        raise GraphForbidden("members came without accountEnabled")  # unknown is neither yes nor no
    if not person.enabled:
        return "disabled"
    return "" if usable else "no-address"


def _conclude(lease: Lease[DirectoryRun], reading: DirectoryReading, expected: int) -> None:
    """The reading is complete when as many different people were staged as Microsoft counts."""
    staged = StagedPerson.objects.filter(run_id=lease.run.pk, reading_id=reading.pk)
    seen = staged.values("object_id").distinct().count()
    if seen < expected:
        _start_over(lease, reading)
        raise CountMismatch(f"{reading.group_name}: {seen} of {expected}")
    with transaction.atomic():
        reading.complete, reading.expected, reading.people = True, expected, seen
        reading.save(update_fields=["complete", "expected", "people"])
        lease.write()


@transaction.atomic
def _start_over(lease: Lease[DirectoryRun], reading: DirectoryReading) -> None:
    """Forget the pages of one mapping: the next try begins at the first."""
    forget_staged(lease.run.pk, reading.pk)
    lease.write(people_read=max(0, lease.run.people_read - reading.people))
    reading.pages, reading.people, reading.next_link, reading.expected = 0, 0, "", None
    reading.save(update_fields=["pages", "people", "next_link", "expected"])
