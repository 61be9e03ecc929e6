"""Delta runs: what Microsoft says has changed since the last reading, applied to what it said then.

A mapping's snapshot is the staged people of its last complete reading. A delta run stages what changed since: of
people of the whole organisation, and of the direct members of the mapped groups. When everything is staged, the
changes are folded into the snapshots in the transaction of the plan, and the plan is computed from the snapshots
just as after a full reading: both ways lead to the same rows.

A group is read completely instead when its link is no longer known (410), when a group inside it changed (delta
queries tell of direct members only), when very many joined, and when the numbers do not agree in the end.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count

from apps.core.plan.lease import Lease
from apps.microsoft.directory_objects import changed_members, is_person, is_removed, object_id, person_from
from apps.microsoft.errors import GraphError, GraphForbidden, GraphGone, GraphNotFound, GraphThrottled
from apps.microsoft.graph import Graph, Page

from ..models import DirectoryReading, DirectoryRun, GroupMapping, StagedChange, StagedPerson
from .people import GroupGone, columns_of
from .staging import ROWS

MOST_NESTED = 49  # a delta query watches fifty groups
MOST_NEWCOMERS = 1_500  # beyond, reading all pages is cheaper than asking for each
What = StagedChange.What

COPY = """
COPY directory_stagedchange
    (run_id, reading_id, what, object_id, email, upn, given_name, family_name, department, job_title, refusal)
FROM STDIN
"""
NOTHING = ("",) * 7


def bases_of(run: DirectoryRun, mappings: Iterable[GroupMapping]) -> Mapping[UUID, DirectoryReading]:
    """Mappings whose last reading is good to go on from, with that reading: mapping -> reading."""
    known = [mapping for mapping in mappings if _usable(run, mapping)]
    latest = max((mapping.snapshot.pk for mapping in known if mapping.snapshot), default=None)
    link = next((mapping.people_link for mapping in known if mapping.snapshot_id == latest), "")
    sizes = dict(
        StagedPerson.objects.filter(reading__in=[mapping.snapshot_id for mapping in known])
        .values_list("reading_id")
        .annotate(n=Count("object_id", distinct=True))
    )
    return {
        mapping.pk: mapping.snapshot
        for mapping in known
        if mapping.snapshot and mapping.people_link == link
        and sizes.get(mapping.snapshot.pk, 0) == mapping.snapshot.people
    }  # fmt: skip


def _usable(run: DirectoryRun, mapping: GroupMapping) -> bool:
    base = mapping.snapshot
    return bool(
        base
        and mapping.delta_link
        and mapping.people_link
        and (base.group_id, base.transitive) == (mapping.group_id, mapping.transitive)
        and base.run.tenant_id == run.tenant_id
    )


def link_of_group(graph: Graph, reading: DirectoryReading) -> str:
    """Where changes of this group's members from now on are read; "" when they cannot be.

    Asked before the first page, so that nothing falls between the two. A full reading does not fail for want of it.
    """
    try:
        nested = graph.nested_groups(reading.group_id) if reading.transitive else []
        reading.nested = len(nested)
        if len(nested) > MOST_NESTED:
            return ""
        return graph.delta_link(graph.groups_delta_url([reading.group_id, *nested]))
    except GraphThrottled:
        raise
    except GraphError:
        return ""


def read_people(lease: Lease[DirectoryRun], graph: Graph) -> None:
    """What changed about people since the last reading, and the link for the next time. In a full run only the link."""
    run = lease.run
    if run.people_link or run.is_preview:
        return
    base = run.readings.exclude(base=None).select_related("mapping").first()
    if base is None or base.mapping is None:
        _remember_moment(lease, graph)
        return
    start = run.people_next or base.mapping.people_link
    try:
        for page in graph.changes(start, number=run.people_pages + 1):
            _commit_people(lease, page)
    except GraphGone:
        _forget_bases(lease, "expired")
        _remember_moment(lease, graph)


def _remember_moment(lease: Lease[DirectoryRun], graph: Graph) -> None:
    try:
        link = graph.delta_link(graph.people_delta_url())
    except GraphThrottled:
        raise
    except GraphError:
        return  # the next delta run reads everything
    with transaction.atomic():
        lease.write(people_link=link, people_next="")


@transaction.atomic
def _forget_bases(lease: Lease[DirectoryRun], why: str) -> None:
    """Every group of this run is read completely."""
    StagedChange.objects.filter(run=lease.run).delete()
    lease.run.readings.exclude(base=None).update(
        base=None, fallback=why, complete=False, pages=0, people=0, next_link="", expected=None, delta_link=""
    )
    lease.write(people_next="", people_pages=0)


@transaction.atomic
def _commit_people(lease: Lease[DirectoryRun], page: Page) -> None:
    rows: list[tuple[str, ...]] = []
    for item in page.items:
        if is_removed(item):
            rows.append((What.GONE.value, object_id(item), *NOTHING))
        elif is_person(item):
            rows.append((What.PERSON.value, *columns_of(person_from(item))))
    _stage(lease.run, None, rows)
    run = lease.run
    lease.write(
        people_pages=page.number,
        people_next=page.next_link or "",
        people_link=page.delta_link or "",
        pages=run.pages + 1,
        people_read=run.people_read + len(rows),
        throttles=run.throttles + bool(page.throttled_seconds),
        throttled_seconds=run.throttled_seconds + page.throttled_seconds,
    )


def read_group(lease: Lease[DirectoryRun], graph: Graph, reading: DirectoryReading) -> None:
    """What changed about one group's members. `reading.base` is None afterwards when it has to be read completely."""
    from .reading import start_over

    assert reading.base is not None and reading.mapping is not None
    start = reading.next_link or reading.mapping.delta_link
    try:
        for page in graph.changes(start, number=reading.pages + 1, ids_only=True):
            _commit_members(lease, reading, page)
        if reading.fallback or _touched_inside(reading):
            start_over(lease, reading, "nested")
            return
        expected = graph.count_members(reading.group_id, transitive=reading.transitive)
    except GraphGone:
        start_over(lease, reading, "expired")
        return
    except GraphNotFound as gone:
        raise GroupGone(reading.group_name) from gone
    with transaction.atomic():
        reading.expected, reading.complete = expected, True
        reading.save(update_fields=["expected", "complete"])
        lease.write()


def _touched_inside(reading: DirectoryReading) -> bool:
    """Of a group with groups inside any change means that its people have to be read again."""
    return reading.nested > 0 and StagedChange.objects.filter(reading=reading).exists()


@transaction.atomic
def _commit_members(lease: Lease[DirectoryRun], reading: DirectoryReading, page: Page) -> None:
    """Stage a page; `fallback` is set when it tells of a group that joined or left a group."""
    rows: list[tuple[str, ...]] = []
    inside = False
    for item in page.items:
        own = object_id(item) == reading.group_id
        if is_removed(item) and own:
            raise GroupGone(reading.group_name)
        inside |= is_removed(item)  # a group inside is gone
        for member in changed_members(item):
            if member.get("@odata.type") == "#microsoft.graph.group":
                inside |= reading.transitive
            elif is_person(member):
                what = What.REMOVE if is_removed(member) else What.ADD
                rows.append((what.value, object_id(member), *NOTHING))
    _stage(lease.run, reading, rows)
    reading.pages, reading.next_link = page.number, page.next_link or ""
    reading.people += len(rows)
    reading.delta_link = page.delta_link or ""
    reading.fallback = "nested" if inside else reading.fallback
    reading.save(update_fields=["pages", "next_link", "people", "delta_link", "fallback"])
    run = lease.run
    lease.write(
        pages=run.pages + 1,
        people_read=run.people_read + len(rows),
        throttles=run.throttles + bool(page.throttled_seconds),
        throttled_seconds=run.throttled_seconds + page.throttled_seconds,
    )


UNKNOWN = """
SELECT c.reading_id, c.object_id
  FROM (SELECT DISTINCT ON (reading_id, object_id) reading_id, object_id, what FROM directory_stagedchange
         WHERE run_id = %(run)s AND reading_id IS NOT NULL ORDER BY reading_id, object_id, id DESC) c
  JOIN directory_directoryreading r ON r.id = c.reading_id AND r.base_id IS NOT NULL
 WHERE c.what = 'add'
   AND NOT EXISTS (SELECT 1 FROM directory_stagedchange p
                    WHERE p.run_id = %(run)s AND p.what IN ('person', 'gone') AND p.object_id = c.object_id)
   AND NOT EXISTS (SELECT 1 FROM directory_stagedperson s
                     JOIN directory_directoryreading o ON s.reading_id = coalesce(o.base_id, o.id)
                    WHERE o.run_id = %(run)s AND s.object_id = c.object_id)
 ORDER BY c.object_id
"""


def read_newcomers(lease: Lease[DirectoryRun], graph: Graph) -> None:
    """Who joined a group and is not known yet: asked for by id, since delta queries of groups tell no more."""
    from .reading import start_over

    run = lease.run
    with connection.cursor() as cursor:
        cursor.execute(UNKNOWN, {"run": run.pk})
        unknown = cursor.fetchall()
    ids = sorted({object_ for _reading, object_ in unknown})
    if len(ids) > MOST_NEWCOMERS:
        for reading in run.readings.filter(pk__in={reading for reading, _object in unknown}):
            start_over(lease, reading, "many")
        return
    if not ids:
        return
    people = graph.people(ids)
    if any(person.enabled is None for person in people):
        raise GraphForbidden("members came without their contents")
    with transaction.atomic():
        _stage(run, None, [(What.PERSON.value, *columns_of(person)) for person in people])
        lease.write(people_read=run.people_read + len(people))


def _stage(run: DirectoryRun, reading: DirectoryReading | None, rows: Iterable[tuple[str, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in rows:
            copy.write_row((run.pk, reading.pk if reading else None, *row))


# --- folding ---------------------------------------------------------------------------------------------

# The last thing said about a person counts, whatever page it came on.
FOLD_PEOPLE = """
UPDATE directory_stagedperson s
   SET email = CASE WHEN c.what = 'gone' THEN s.email ELSE c.email END,
       upn = CASE WHEN c.what = 'gone' THEN s.upn ELSE c.upn END,
       given_name = CASE WHEN c.what = 'gone' THEN s.given_name ELSE c.given_name END,
       family_name = CASE WHEN c.what = 'gone' THEN s.family_name ELSE c.family_name END,
       department = CASE WHEN c.what = 'gone' THEN s.department ELSE c.department END,
       job_title = CASE WHEN c.what = 'gone' THEN s.job_title ELSE c.job_title END,
       refusal = CASE WHEN c.what = 'gone' THEN 'deleted' ELSE c.refusal END
  FROM (SELECT DISTINCT ON (object_id) * FROM directory_stagedchange
         WHERE run_id = %(run)s AND what IN ('person', 'gone') ORDER BY object_id, id DESC) c
 WHERE s.object_id = c.object_id
   AND s.reading_id IN (SELECT base_id FROM directory_directoryreading WHERE run_id = %(run)s)
"""
LAST_MEMBERSHIP = """
CREATE TEMP TABLE fold_members ON COMMIT DROP AS
SELECT DISTINCT ON (c.reading_id, c.object_id) r.base_id, c.object_id, c.what
  FROM directory_stagedchange c JOIN directory_directoryreading r ON r.id = c.reading_id AND r.base_id IS NOT NULL
 WHERE c.run_id = %(run)s AND c.what IN ('add', 'remove')
 ORDER BY c.reading_id, c.object_id, c.id DESC
"""
FOLD_LEAVING = """
DELETE FROM directory_stagedperson s USING fold_members f
 WHERE f.what = 'remove' AND s.reading_id = f.base_id AND s.object_id = f.object_id
"""
# Who joins is described by what was just said about them, or by what another group's snapshot knows.
FOLD_JOINING = """
INSERT INTO directory_stagedperson
    (id, run_id, reading_id, object_id, email, upn, given_name, family_name, department, job_title, refusal)
SELECT nextval('directory_stagedperson_id_seq') * %(rows)s, %(run)s, f.base_id, f.object_id,
       coalesce(p.email, ''), coalesce(p.upn, ''), coalesce(p.given_name, ''),
       coalesce(p.family_name, ''), coalesce(p.department, ''), coalesce(p.job_title, ''),
       CASE WHEN p.what = 'person' THEN p.refusal ELSE 'deleted' END
  FROM fold_members f
  LEFT JOIN (
    SELECT DISTINCT ON (object_id) * FROM (
      SELECT object_id, what, email, upn, given_name, family_name, department, job_title, refusal, 1 AS fresh, id
        FROM directory_stagedchange WHERE run_id = %(run)s AND what IN ('person', 'gone')
      UNION ALL
      SELECT s.object_id, 'person', s.email, s.upn, s.given_name, s.family_name, s.department, s.job_title, s.refusal,
             0, s.id
        FROM directory_stagedperson s JOIN directory_directoryreading r ON s.reading_id = coalesce(r.base_id, r.id)
       WHERE r.run_id = %(run)s AND s.object_id IN (SELECT object_id FROM fold_members)) said
     ORDER BY object_id, fresh DESC, id DESC) p ON p.object_id = f.object_id
 WHERE f.what = 'add'
   AND NOT EXISTS (SELECT 1 FROM directory_stagedperson s
                    WHERE s.reading_id = f.base_id AND s.object_id = f.object_id)
"""
SIZES = """
SELECT r.id, count(DISTINCT s.object_id), count(DISTINCT s.object_id) FILTER (WHERE s.refusal <> 'deleted')
  FROM directory_directoryreading r
  LEFT JOIN directory_stagedperson s ON s.reading_id = r.base_id
 WHERE r.run_id = %(run)s AND r.base_id IS NOT NULL
 GROUP BY r.id
"""


class NotAsCounted(Exception):
    """Snapshots with everything said since do not have as many people as Microsoft counts."""

    def __init__(self, readings: list[DirectoryReading]) -> None:
        super().__init__(f"{len(readings)} groups")
        self.readings = readings


def fold(run: DirectoryRun) -> None:
    """Apply the staged changes to the snapshots. Inside the transaction of the plan; raises NotAsCounted."""
    readings = {reading.pk: reading for reading in run.readings.exclude(base=None).select_related("base")}
    if not readings:
        return
    with connection.cursor() as cursor:
        for statement in (FOLD_PEOPLE, LAST_MEMBERSHIP, FOLD_LEAVING, FOLD_JOINING):
            cursor.execute(statement, {"run": run.pk, "rows": ROWS})
        cursor.execute("DROP TABLE fold_members")
        cursor.execute(SIZES, {"run": run.pk})
        sizes = {reading_id: (all_, living) for reading_id, all_, living in cursor.fetchall()}
    wrong = [reading for pk, reading in readings.items() if sizes[pk][1] != reading.expected]
    if wrong:
        raise NotAsCounted(wrong)
    for pk, reading in readings.items():
        assert reading.base is not None
        reading.people, reading.base.people = sizes[pk][1], sizes[pk][0]
        reading.save(update_fields=["people"])
        reading.base.save(update_fields=["people"])


def remember(run: DirectoryRun) -> None:
    """The snapshots and links from which the next delta run goes on."""
    for reading in run.readings.exclude(mapping=None):
        link = reading.delta_link if run.people_link else ""
        GroupMapping.objects.filter(readings=reading).update(
            snapshot=reading.base_id or reading.pk, delta_link=link, people_link=run.people_link if link else ""
        )
