"""Once a day: a word seven days before a document is due, and one when it is overdue. Each is sent once."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from apps.associations.models import Association
from apps.associations.selectors import today_at

from .. import selectors
from . import telling
from .asking import TAKES

SOON: Final = timedelta(days=7)


def remind(*, now: datetime) -> int:
    """How many were written to. Safe to repeat and to kill: what was sent once is not sent again."""
    rows = list(Association.objects.filter(status__in=TAKES).select_related("seat"))
    written = 0
    for one in rows:
        day = today_at(one, now)
        for row in selectors.standings_of([one], now)[one.pk]:
            if row.due_on is None or not row.waits_for_board:
                continue
            step = "overdue" if row.is_overdue else "soon" if row.due_on - day <= SOON else ""
            if step:
                with transaction.atomic():
                    written += telling.reminded(one, row, step, now)
    return written
