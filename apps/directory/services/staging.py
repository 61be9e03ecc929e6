"""The staged rows of a run: deleted by one statement, not read one by one first as the ORM does for its signals."""

from uuid import UUID

from django.db import connection

FORGET = """
DELETE FROM directory_stagedperson
 WHERE run_id = %(run)s AND (%(reading)s::uuid IS NULL OR reading_id = %(reading)s::uuid)
"""


def forget_staged(run_id: UUID, reading_id: UUID | None = None) -> None:
    """Delete what was staged for a run, or for one of its readings."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"run": run_id, "reading": reading_id})
