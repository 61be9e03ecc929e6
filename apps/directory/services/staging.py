"""The staged rows of runs: set statements, not read one by one first as the ORM does for its signals.

What a mapping's last complete reading staged is its snapshot: it stays until the next complete reading.
"""

from uuid import UUID

from django.db import connection

#: Ids of staged people tell the order of arrival: each page takes one number of the sequence, and has so many ids.
ROWS = 1 << 20

FORGET = """
DELETE FROM directory_stagedperson s
 WHERE s.run_id = %(run)s AND (%(reading)s::uuid IS NULL OR s.reading_id = %(reading)s::uuid)
   AND NOT EXISTS (SELECT 1 FROM directory_groupmapping m WHERE m.snapshot_id = s.reading_id)
"""
FORGET_CHANGES = """
DELETE FROM directory_stagedchange
 WHERE run_id = %(run)s AND (%(reading)s::uuid IS NULL OR reading_id = %(reading)s::uuid)
"""
# A preview may be reading beside the run that has finished: what it has staged stays.
FORGET_OLD = """
DELETE FROM directory_stagedperson s
 WHERE NOT EXISTS (SELECT 1 FROM directory_groupmapping m WHERE m.snapshot_id = s.reading_id)
   AND NOT EXISTS (SELECT 1 FROM directory_directoryrun r
                    WHERE r.id = s.run_id AND r.id <> %(run)s AND r.state IN ('queued', 'reading', 'partial'))
"""


def forget_staged(run_id: UUID, reading_id: UUID | None = None) -> None:
    """Delete what was staged for a run, or for one of its readings, unless it is a snapshot by now."""
    with connection.cursor() as cursor:
        for statement in (FORGET, FORGET_CHANGES):
            cursor.execute(statement, {"run": run_id, "reading": reading_id})


def keep_only_snapshots(run_id: UUID) -> None:
    """Delete what no mapping refers to any more. This run has computed its plan."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET_OLD, {"run": run_id})
        cursor.execute(FORGET_CHANGES, {"run": run_id, "reading": None})
