"""From staged rows to a plan: a few statements over sets, in one transaction, whatever the number of people.

The rules, in one place:

* A person is who Microsoft's object id says. Nobody is ever joined to an account by e-mail alone: a second
  identity, a local account or a shared address is a conflict, and nothing is done.
* Who was erased here is not brought back.
* Guests, disabled accounts, people without address and people of domains that are not approved may not join.
* Of several groups that lead to one campus the highest role counts.
* Memberships that an administrator, an invitation or an import made are never touched; neither are suspended
  ones. Exceptions ("always keep", "never activate") win.
* Whom the directory removed comes back with it; who left by choice, or was ended by an administrator, does not.
* Who is no longer listed is stale first where the school waits some days, and ends when the days are over; who is
  listed again meanwhile is renewed. Disabled accounts, guests and strangers end at once.
* A membership ends only if no group lists the person any more, at a campus without a paused mapping.
* People who hold a role in the school keep their account, whatever the directory says.
"""

from typing import Any

from django.db import connection, transaction

from apps.accounts import tombstones
from apps.accounts.models import Tombstone
from apps.accounts.rules import kept_fields
from apps.core.plan import State
from apps.core.plan.lease import Lease
from apps.tenants.features import value

from ..models import DirectoryChange, DirectoryRun, GroupMapping
from ..rules import GRACE_DAYS
from . import deltas
from .drafts import paused_campuses
from .planning_people import (
    ADDRESSES,
    FORGET_THE_ERASED,
    KEEP_OWN,
    NEWCOMERS,
    NEWS,
    PEOPLE,
    PERSON_CHANGES,
    SHARED,
    TAKEN,
)
from .planning_places import ACCOUNTS, LEFT_OUT, NOT_DONE, PLACE_CHANGES, PLACES
from .sets import over_everybody
from .staging import forget_staged, keep_only_snapshots

POPULATION = """
SELECT count(*) FROM (SELECT user_id FROM campuses_campusmembership
                       WHERE source = 'directory' AND state = 'active' GROUP BY user_id) people
"""
COUNTS = "SELECT kind, count(*) FROM directory_directorychange WHERE run_id = %(run)s GROUP BY kind"
TO_APPLY = "SELECT count(*) FROM directory_directorychange WHERE run_id = %(run)s AND action <> ''"
AFFECTED = """
SELECT count(DISTINCT user_id) FROM directory_directorychange
 WHERE run_id = %(run)s AND kind IN ('deactivated', 'stale')
"""


@transaction.atomic
def plan(lease: Lease[DirectoryRun]) -> None:
    """Turn a completely read directory into changes and enter PLANNED. A mapping that is not complete is refused.

    Raises deltas.NotAsCounted, and then has written nothing.
    """
    run = lease.run
    if run.readings.filter(complete=False).exists():
        raise RuntimeError("a plan needs complete readings")
    DirectoryChange.objects.filter(run=run).delete()
    deltas.fold(run)
    facts = _facts(run)
    with connection.cursor() as cursor:
        over_everybody(cursor)
        if _changed(cursor, NEWS, facts):
            _write_lines(cursor, facts)
            cursor.execute(LEFT_OUT, facts)
        cursor.execute("DROP TABLE plan_news")
        cursor.execute(COUNTS, facts)
        counts = dict(cursor.fetchall())
        numbers = {
            name: _number(cursor, query, facts)
            for name, query in (("to_apply", TO_APPLY), ("affected", AFFECTED), ("population", POPULATION))
        }
    if run.is_preview:
        forget_staged(run.pk)
    else:
        deltas.remember(run)
        keep_only_snapshots(run.pk)
    _remember_sizes(run)
    lease.enter(State.PLANNED, counts=counts, applied=0, cursor=0, **numbers)


def _write_lines(cursor: Any, facts: dict[str, Any]) -> None:
    """What is to be done about the people of `plan_news`, line by line."""
    cursor.execute("ANALYZE plan_news")
    cursor.execute(PEOPLE, facts)
    cursor.execute("ANALYZE plan_people")
    if facts["tombstones"]:
        cursor.execute(FORGET_THE_ERASED, facts)
    if _number(cursor, ADDRESSES, facts):
        cursor.execute(SHARED, facts)
        while _changed(cursor, TAKEN):
            pass
        cursor.execute(NEWCOMERS, facts)
    if facts["own"]:
        cursor.execute(KEEP_OWN, facts)
    cursor.execute(PLACES, facts)
    cursor.execute("ANALYZE plan_places")
    for statement in (ACCOUNTS, PERSON_CHANGES, PLACE_CHANGES, NOT_DONE):
        cursor.execute(statement, facts)
    cursor.execute("DROP TABLE plan_people, plan_places, plan_accounts")


def carried(run: DirectoryRun) -> bool:
    """Whether lines of this plan were left out by somebody who looked at the one before."""
    return DirectoryChange.objects.filter(run=run, reason="left-out").exists()


def _facts(run: DirectoryRun) -> dict[str, Any]:
    from apps.campuses.models import ENDED_BY_DIRECTORY, CampusRole
    from apps.campuses.selectors import approved_domains

    domains = sorted(approved_domains())
    return {
        "run": run.pk,
        "staged": [base or own for own, base in run.readings.values_list("pk", "base")],
        "lane": run.lane,
        "tenant": run.tenant_id,
        "restricted": bool(domains),
        "domains": domains,
        "paused": paused_campuses(run),
        "reversible": [cause.value for cause in ENDED_BY_DIRECTORY],
        "ranks": list(CampusRole.values),
        "today": run.created_at.date(),
        "own": kept_fields(),
        "tombs": tombstones.prefix("directory"),
        "tombstones": Tombstone.objects.exists(),
        "now": run.created_at,
        "grace": value(GRACE_DAYS.key),
    }


def _changed(cursor: Any, statement: str, facts: dict[str, Any] | None = None) -> int:
    """How many rows the statement changed or made."""
    cursor.execute(statement, facts)
    return max(0, int(cursor.rowcount))


def _number(cursor: Any, statement: str, facts: dict[str, Any]) -> int:
    cursor.execute(statement, facts)
    return int(cursor.fetchone()[0])


def _remember_sizes(run: DirectoryRun) -> None:
    for reading in run.readings.exclude(mapping=None):
        GroupMapping.objects.filter(readings=reading).exclude(people=reading.people).update(people=reading.people)
