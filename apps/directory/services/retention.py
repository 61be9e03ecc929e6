"""The changes of old runs are deleted: names and addresses are not kept longer than they are needed."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.plan import MOVING_VALUES, State
from apps.tenants.features import value

from ..rules import KEEP_CHANGES_DAYS
from .acts import CHANGES_PURGED

PORTION = 20_000  # rows of one transaction
PURGE = """
DELETE FROM directory_directorychange
 WHERE id IN (SELECT c.id FROM directory_directorychange c JOIN directory_directoryrun r ON r.id = c.run_id
               WHERE r.created_at < %(before)s AND NOT r.state = ANY(%(open)s) ORDER BY c.id LIMIT %(portion)s)
"""
OPEN = [*MOVING_VALUES, State.HELD.value, State.PARTIAL.value]  # their changes may still be applied


def purge_changes(*, now: datetime) -> int:
    """Delete the changes of runs older than the school keeps them; how many. Runs and their figures stay.

    Portion by portion, so it may be interrupted and repeated at any point.
    """
    before = now - timedelta(days=value(KEEP_CHANGES_DAYS.key))
    facts: dict[str, Any] = {"before": before, "open": OPEN, "portion": PORTION}
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PURGE, facts)
            gone = cursor.rowcount
        total += gone
        if gone < PORTION:
            break
    if total:
        record(actor=Actor.system("retention"), act=CHANGES_PURGED, data={"changes": total}, at=now)
    return total
