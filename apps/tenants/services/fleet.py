"""One run over the fleet: platform, template, then every school, in parallel; a failing one is fenced."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from apps.tenants import context, fleet
from apps.tenants.fleet import Report
from apps.tenants.models import FleetState

Progress = Callable[[str], None]


def migrate_fleet(*, parallel: int = 2, progress: Progress = lambda line: None) -> Report:
    """Bring every schema to the migrations of this code. Idempotent, resumable; nothing to do costs one query.

    A school that fails keeps its old tables, is closed to its people and is tried again by the next run.
    """
    wanted = fleet.fingerprint()
    if fleet.behind(wanted) == []:
        return Report(nothing_to_do=True)
    with fleet.only_one():
        waiting = fleet.behind(wanted)
        if waiting is None or context.PUBLIC in waiting:
            progress("platform")
            fleet.migrate_platform(wanted)
        if waiting is None or fleet.TEMPLATE in waiting:
            progress("template school")
            fleet.migrate_template(wanted)
        return _migrate_schools(wanted, parallel, progress)


def _migrate_schools(wanted: str, parallel: int, progress: Progress) -> Report:
    with context.platform():
        behind = list(
            FleetState.objects.using("owner")
            .exclude(schema__in=[context.PUBLIC, fleet.TEMPLATE])
            .exclude(fingerprint=wanted, state=FleetState.State.DONE)
            .order_by("schema")
            .values_list("schema", flat=True)
        )
    report = Report(nothing_to_do=False)
    with ThreadPoolExecutor(max_workers=max(parallel, 1), thread_name_prefix="fleet") as pool:
        running = {pool.submit(_migrate_one, schema, wanted): schema for schema in behind}
        for number, finished in enumerate(as_completed(running), start=1):
            schema = running[finished]
            try:
                through_python = finished.result()
            except Exception as error:  # one school's trouble must not stop the others
                report.failed[schema] = f"{type(error).__name__}: {error}".strip()
                fleet.fence(schema, report.failed[schema])
                progress(f"{number}/{len(behind)} {schema}: FAILED, closed until the next good run")
                continue
            report.done.append(schema)
            if through_python:
                report.through_python[schema] = through_python
            progress(f"{number}/{len(behind)} {schema}: done{', through Python' if through_python else ''}")
    return report


def _migrate_one(schema: str, wanted: str) -> list[str]:
    from django.db import connections

    try:
        through_python = fleet.migrate_school(schema, wanted)
        fleet.unfence(schema)
        return through_python
    finally:
        connections.close_all()  # this thread's own
