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
from apps.accounts.rules import kept_fields
from apps.core.plan import State
from apps.core.plan.lease import Lease
from apps.tenants.features import value

from ..models import DirectoryChange, DirectoryRun, GroupMapping
from ..rules import GRACE_DAYS
from . import deltas
from .drafts import paused_campuses
from .sets import over_everybody
from .staging import forget_staged, keep_only_snapshots

# One row per person: the last page that told about them counts. `account` is the account behind the object id.
PEOPLE = """
CREATE TEMP TABLE plan_people ON COMMIT DROP AS
SELECT p.object_id, p.email, p.upn, p.given_name, p.family_name, p.department, p.job_title,
       CASE WHEN p.refusal <> '' THEN p.refusal
            WHEN %(restricted)s AND NOT split_part(p.email, '@', 2) = ANY(%(domains)s) THEN 'domain'
            ELSE '' END AS refusal,
       i.user_id AS account, lower(u.email) AS old_email, u.status AS old_status, i.upn AS old_upn,
       coalesce(i.user_id, gen_random_uuid()) AS user_id, ''::text AS conflict, ''::text AS address_conflict
  FROM (SELECT DISTINCT ON (object_id) * FROM directory_stagedperson
         WHERE reading_id = ANY(%(staged)s) AND refusal <> 'deleted' ORDER BY object_id, id DESC) p
  LEFT JOIN accounts_identity i ON i.tenant_id = %(tenant)s AND i.object_id = p.object_id
  LEFT JOIN accounts_user u ON u.id = i.user_id
"""

# Addresses that several accounts of the directory claim: whoever holds one already keeps it, nobody else gets it,
# unless an administrator has said whose it is.
SHARED = """
UPDATE plan_people p
   SET conflict = CASE WHEN p.account IS NULL THEN 'shared-address' ELSE '' END,
       address_conflict = CASE WHEN p.old_email <> p.email THEN 'shared-address' ELSE '' END
  FROM (SELECT email FROM plan_people WHERE refusal = '' GROUP BY email HAVING count(*) > 1) s
 WHERE p.email = s.email AND p.refusal = '' AND (p.account IS NULL OR p.old_email <> p.email)
   AND NOT EXISTS (SELECT 1 FROM directory_conflictdecision d
                    WHERE d.object_id = p.object_id AND d.email = p.email AND d.choice = 'keeps')
"""

# A new address is free when nobody has it, or when its holder moves away in this very run. Repeat until settled.
TAKEN = """
UPDATE plan_people p SET address_conflict = 'address-taken'
  FROM accounts_user holder
 WHERE p.refusal = '' AND p.account IS NOT NULL AND p.email <> p.old_email AND p.address_conflict = ''
   AND lower(holder.email) = p.email AND holder.id <> p.account
   AND NOT EXISTS (SELECT 1 FROM plan_people h WHERE h.account = holder.id AND h.refusal = ''
                     AND h.email <> h.old_email AND h.address_conflict = '')
"""

NEWCOMERS = """
UPDATE plan_people p
   SET conflict = CASE WHEN EXISTS (SELECT 1 FROM accounts_identity i
                                     WHERE i.user_id = holder.id AND i.tenant_id = %(tenant)s)
                       THEN 'other-identity' ELSE 'local-account' END
  FROM accounts_user holder
 WHERE p.refusal = '' AND p.account IS NULL AND p.conflict = '' AND lower(holder.email) = p.email
   AND NOT EXISTS (SELECT 1 FROM plan_people h WHERE h.account = holder.id AND h.refusal = ''
                     AND h.email <> h.old_email AND h.address_conflict = '')
"""

# Who was erased here is passed over without a line: a line would keep the name that was erased (IDN-12).
# The first condition is asked once: where nobody was erased, nothing is hashed.
FORGET_THE_ERASED = """
DELETE FROM plan_people p
 WHERE EXISTS (SELECT 1 FROM accounts_tombstone)
   AND encode(sha256(convert_to(%(tombs)s || lower(%(tenant)s || '/' || p.object_id), 'UTF8')), 'hex')
       IN (SELECT unnest(hashes) FROM accounts_tombstone)
"""

# Where the school lets people's own values stand, the directory's are set aside before anything is compared (IDN-11).
KEEP_OWN = """
UPDATE plan_people p
   SET given_name = CASE WHEN 'given_name' = ANY(kept) THEN u.given_name ELSE p.given_name END,
       family_name = CASE WHEN 'family_name' = ANY(kept) THEN u.family_name ELSE p.family_name END,
       department = CASE WHEN 'department' = ANY(kept) THEN u.department ELSE p.department END,
       job_title = CASE WHEN 'job_title' = ANY(kept) THEN u.job_title ELSE p.job_title END
  FROM (SELECT id, given_name, family_name, department, job_title,
               ARRAY(SELECT unnest(own_fields) INTERSECT SELECT unnest(%(own)s::text[])) AS kept
          FROM accounts_user WHERE own_fields <> '{}') u
 WHERE u.id = p.account AND u.kept <> '{}'
"""

# Who belongs where. Ranks stand in the order of CampusRole.
WANTED = """
CREATE TEMP TABLE plan_wanted ON COMMIT DROP AS
SELECT p.object_id, p.user_id, p.account, p.old_status, r.campus_id,
       (array_agg(r.role ORDER BY array_position(%(ranks)s, r.role) DESC))[1] AS role,
       CASE WHEN count(DISTINCT r.role) > 1 THEN 'highest-role' ELSE 'listed' END AS reason,
       string_agg(DISTINCT r.group_name, ', ') AS groups
  FROM (SELECT DISTINCT object_id, reading_id FROM directory_stagedperson WHERE reading_id = ANY(%(staged)s)) s
  JOIN directory_directoryreading r ON r.run_id = %(run)s AND coalesce(r.base_id, r.id) = s.reading_id
  JOIN plan_people p ON p.object_id = s.object_id
 WHERE p.refusal = '' AND p.conflict = ''
 GROUP BY p.object_id, p.user_id, p.account, p.old_status, r.campus_id
"""

# Every wanted or existing place of a person at a campus, and what the rules make of it. `act` '' is: as it is.
PLACES = """
CREATE TEMP TABLE plan_places ON COMMIT DROP AS
SELECT coalesce(w.user_id, m.user_id) AS user_id, coalesce(w.campus_id, m.campus_id) AS campus_id,
       w.object_id, w.role, w.groups, w.account, m.id AS membership_id, m.state AS old_state, m.role AS old_role,
       m.cause AS old_cause, m.last_seen_at AS old_seen, m.last_run_id AS old_run, w.old_status,
       CASE
         WHEN w.user_id IS NOT NULL AND m.id IS NULL THEN
           CASE WHEN w.old_status = 'departed' AND NOT EXISTS (
                  SELECT 1 FROM campuses_campusmembership e WHERE e.user_id = w.user_id AND e.state = 'ended'
                     AND e.source = 'directory' AND e.cause = ANY(%(reversible)s)) THEN 'skip' ELSE 'add' END
         WHEN w.user_id IS NOT NULL AND m.state = 'suspended' THEN 'skip'
         WHEN w.user_id IS NOT NULL AND m.state = 'ended' THEN
           CASE WHEN m.pinned = 'never' THEN 'skip'
                WHEN m.source = 'directory' AND m.cause = ANY(%(reversible)s) THEN 'restore'
                ELSE 'skip' END
         WHEN w.user_id IS NOT NULL THEN
           CASE WHEN m.source <> 'directory' OR m.pinned = 'keep' THEN ''
                WHEN m.state <> 'active' THEN 'restore'
                WHEN m.role <> w.role THEN 'role' ELSE '' END
         WHEN m.source <> 'directory' OR m.state NOT IN ('active', 'stale', 'detected') THEN ''
         WHEN m.pinned = 'keep' OR m.campus_id = ANY(%(paused)s) THEN 'skip'
         WHEN %(grace)s = 0 OR p.refusal <> '' THEN 'end'
         WHEN m.state <> 'stale' THEN 'stale'
         WHEN m.last_seen_at + make_interval(days => %(grace)s) <= %(now)s THEN 'end'
         ELSE ''
       END AS act,
       CASE
         WHEN w.user_id IS NOT NULL AND m.id IS NULL THEN
           CASE WHEN w.old_status = 'departed' AND NOT EXISTS (
                  SELECT 1 FROM campuses_campusmembership e WHERE e.user_id = w.user_id AND e.state = 'ended'
                     AND e.source = 'directory' AND e.cause = ANY(%(reversible)s)) THEN 'departed-by-admin'
                ELSE w.reason END
         WHEN w.user_id IS NOT NULL AND m.state = 'suspended' THEN 'suspended'
         WHEN w.user_id IS NOT NULL AND m.state = 'ended' THEN
           CASE WHEN m.pinned = 'never' THEN 'pinned-never'
                WHEN m.source = 'directory' AND m.cause = ANY(%(reversible)s) THEN 'returned'
                WHEN m.cause = 'left' THEN 'left-by-choice' ELSE 'ended-by-admin' END
         WHEN w.user_id IS NOT NULL AND m.state = 'stale' THEN 'renewed'
         WHEN w.user_id IS NOT NULL THEN w.reason
         WHEN m.pinned = 'keep' THEN 'pinned-keep'
         WHEN m.campus_id = ANY(%(paused)s) THEN 'paused'
         ELSE coalesce(nullif(p.refusal, ''), 'removed')
       END AS reason
  FROM plan_wanted w
  FULL JOIN (SELECT m.* FROM campuses_campusmembership m JOIN campuses_campus c ON c.id = m.campus_id
              WHERE c.archived_at IS NULL) m ON m.user_id = w.user_id AND m.campus_id = w.campus_id
  LEFT JOIN plan_people p ON w.user_id IS NULL AND p.account = m.user_id
"""

FORGET_THE_UNCHANGED = "DELETE FROM plan_places WHERE act = ''"

# What becomes of the account: people whose last place ends depart, unless they hold a role; returning people return.
ACCOUNTS = """
CREATE TEMP TABLE plan_accounts ON COMMIT DROP AS
SELECT e.user_id,
       CASE WHEN EXISTS (SELECT 1 FROM accounts_grant g WHERE g.user_id = e.user_id
                           AND (g.ends_on IS NULL OR g.ends_on >= %(today)s)) THEN 'kept' ELSE 'departed' END AS account
  FROM (SELECT DISTINCT user_id FROM plan_places WHERE act = 'end') e
  JOIN accounts_user u ON u.id = e.user_id AND u.status = 'active'
  JOIN accounts_identity i ON i.user_id = e.user_id AND i.tenant_id = %(tenant)s
 WHERE NOT EXISTS (SELECT 1 FROM plan_places s WHERE s.user_id = e.user_id AND s.act IN ('add', 'restore'))
   AND NOT EXISTS (SELECT 1 FROM campuses_campusmembership m WHERE m.user_id = e.user_id AND m.state <> 'ended'
                     AND NOT EXISTS (SELECT 1 FROM plan_places x WHERE x.membership_id = m.id AND x.act = 'end'))
   AND NOT EXISTS (SELECT 1 FROM campuses_campusmembership m
                    WHERE m.user_id = e.user_id AND m.source <> 'directory')
"""

PERSON_CHANGES = """
INSERT INTO directory_directorychange
    (run_id, kind, action, reason, object_id, user_id, campus_id, name, email, before, after, overtaken)
SELECT %(run)s, 'updated', 'person', 'changed', object_id, account, NULL, name, email, before, after, false
  FROM (
    SELECT p.object_id, p.account, p.email, trim(u.given_name || ' ' || u.family_name) AS name,
           jsonb_strip_nulls(jsonb_build_object(
             'email', CASE WHEN moves THEN p.old_email END,
             'upn', CASE WHEN p.upn <> p.old_upn THEN p.old_upn END,
             'given_name', CASE WHEN p.given_name <> '' AND p.given_name <> u.given_name THEN u.given_name END,
             'family_name', CASE WHEN p.family_name <> '' AND p.family_name <> u.family_name THEN u.family_name END,
             'department', CASE WHEN p.department <> u.department THEN u.department END,
             'job_title', CASE WHEN p.job_title <> u.job_title THEN u.job_title END)) AS before,
           jsonb_strip_nulls(jsonb_build_object(
             'email', CASE WHEN moves THEN p.email END,
             'upn', CASE WHEN p.upn <> p.old_upn THEN p.upn END,
             'given_name', CASE WHEN p.given_name <> '' AND p.given_name <> u.given_name THEN p.given_name END,
             'family_name', CASE WHEN p.family_name <> '' AND p.family_name <> u.family_name THEN p.family_name END,
             'department', CASE WHEN p.department <> u.department THEN p.department END,
             'job_title', CASE WHEN p.job_title <> u.job_title THEN p.job_title END)) AS after
      FROM (SELECT *, email <> old_email AND address_conflict = '' AS moves FROM plan_people) p
      JOIN accounts_user u ON u.id = p.account
     WHERE p.refusal = ''
       AND (moves OR p.upn <> p.old_upn OR p.department <> u.department OR p.job_title <> u.job_title
            OR (p.given_name <> '' AND p.given_name <> u.given_name)
            OR (p.family_name <> '' AND p.family_name <> u.family_name))
  ) changed
 ORDER BY object_id
"""

PLACE_CHANGES = """
INSERT INTO directory_directorychange
    (run_id, kind, action, reason, object_id, user_id, campus_id, name, email, before, after, overtaken)
SELECT %(run)s,
       CASE c.act WHEN 'add' THEN 'added' WHEN 'restore' THEN 'restored' WHEN 'role' THEN 'moved'
                  WHEN 'stale' THEN 'stale'
                  ELSE CASE WHEN EXISTS (SELECT 1 FROM plan_places s
                                          WHERE s.user_id = c.user_id AND s.act IN ('add', 'restore'))
                            THEN 'moved' ELSE 'deactivated' END END,
       c.act, c.reason, coalesce(c.object_id, i.object_id, ''), c.user_id, c.campus_id,
       coalesce(trim(u.given_name || ' ' || u.family_name), trim(p.given_name || ' ' || p.family_name)),
       coalesce(u.email, p.email, ''),
       CASE WHEN c.membership_id IS NULL THEN '{}'::jsonb ELSE
         jsonb_build_object('state', c.old_state, 'role', c.old_role, 'cause', c.old_cause,
                            'seen', c.old_seen, 'run', c.old_run) END,
       CASE WHEN c.act = 'stale' THEN jsonb_build_object('state', 'stale')
            WHEN c.act = 'end' THEN jsonb_strip_nulls(jsonb_build_object('state', 'ended', 'account', a.account))
            ELSE jsonb_strip_nulls(jsonb_build_object('state', 'active', 'role', c.role, 'groups', c.groups,
              'account', CASE WHEN c.old_status = 'departed' THEN 'restored' END,
              'person', CASE WHEN c.account IS NULL THEN jsonb_build_object(
                 'email', p.email, 'upn', p.upn, 'given_name', p.given_name, 'family_name', p.family_name,
                 'department', p.department, 'job_title', p.job_title) END)) END,
       false
  FROM plan_places c
  LEFT JOIN plan_people p ON p.object_id = c.object_id
  LEFT JOIN accounts_user u ON u.id = c.user_id
  LEFT JOIN accounts_identity i ON c.object_id IS NULL AND i.user_id = c.user_id AND i.tenant_id = %(tenant)s
  LEFT JOIN plan_accounts a ON a.user_id = c.user_id
 WHERE c.act <> 'skip'
 ORDER BY array_position(ARRAY['restore', 'add', 'role', 'stale', 'end'], c.act), c.object_id, c.user_id, c.campus_id
"""

# What is not done, and why. Who loses a place because of a refusal is told there, not here again.
NOT_DONE = """
INSERT INTO directory_directorychange
    (run_id, kind, action, reason, object_id, user_id, campus_id, name, email, before, after, overtaken)
SELECT %(run)s, CASE WHEN p.refusal <> '' THEN 'skipped' ELSE 'conflict' END, '',
       coalesce(nullif(p.refusal, ''), nullif(p.conflict, ''), p.address_conflict), p.object_id, p.account, NULL,
       trim(p.given_name || ' ' || p.family_name), p.email, '{}'::jsonb, '{}'::jsonb, false
  FROM plan_people p
 WHERE (p.refusal <> '' OR p.conflict <> '' OR p.address_conflict <> '')
   AND NOT EXISTS (SELECT 1 FROM plan_places c WHERE c.user_id = p.account AND c.act = 'end' AND p.refusal <> '')
UNION ALL
SELECT %(run)s, 'skipped', '', c.reason, coalesce(c.object_id, ''), c.user_id, c.campus_id,
       trim(u.given_name || ' ' || u.family_name), u.email, '{}'::jsonb, '{}'::jsonb, false
  FROM plan_places c JOIN accounts_user u ON u.id = c.user_id
 WHERE c.act = 'skip'
UNION ALL
SELECT %(run)s, 'skipped', '', 'holds-role', '', a.user_id, NULL,
       trim(u.given_name || ' ' || u.family_name), u.email, '{}'::jsonb, '{}'::jsonb, false
  FROM plan_accounts a JOIN accounts_user u ON u.id = a.user_id
 WHERE a.account = 'kept'
 ORDER BY 2, 4, 9
"""

POPULATION = """
SELECT count(DISTINCT user_id) FROM campuses_campusmembership WHERE source = 'directory' AND state = 'active'
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
        cursor.execute(PEOPLE, facts)
        cursor.execute(FORGET_THE_ERASED, facts)
        cursor.execute(SHARED)
        while _changed(cursor, TAKEN):
            pass
        cursor.execute(NEWCOMERS, facts)
        cursor.execute(KEEP_OWN, facts)
        cursor.execute(WANTED, facts)
        cursor.execute(PLACES, facts)
        cursor.execute(FORGET_THE_UNCHANGED)
        cursor.execute(ACCOUNTS, facts)
        for statement in (PERSON_CHANGES, PLACE_CHANGES, NOT_DONE):
            cursor.execute(statement, facts)
        cursor.execute("DROP TABLE plan_people, plan_wanted, plan_places, plan_accounts")
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


def _facts(run: DirectoryRun) -> dict[str, Any]:
    from apps.campuses.models import ENDED_BY_DIRECTORY, CampusRole
    from apps.campuses.selectors import approved_domains

    domains = sorted(approved_domains())
    return {
        "run": run.pk,
        "staged": [base or own for own, base in run.readings.values_list("pk", "base")],
        "tenant": run.tenant_id,
        "restricted": bool(domains),
        "domains": domains,
        "paused": paused_campuses(run),
        "reversible": [cause.value for cause in ENDED_BY_DIRECTORY],
        "ranks": list(CampusRole.values),
        "today": run.created_at.date(),
        "own": kept_fields(),
        "tombs": tombstones.prefix("directory"),
        "now": run.created_at,
        "grace": value(GRACE_DAYS.key),
    }


def _changed(cursor: Any, statement: str) -> bool:
    cursor.execute(statement)
    return bool(cursor.rowcount)


def _number(cursor: Any, statement: str, facts: dict[str, Any]) -> int:
    cursor.execute(statement, facts)
    return int(cursor.fetchone()[0])


def _remember_sizes(run: DirectoryRun) -> None:
    for reading in run.readings.exclude(mapping=None):
        GroupMapping.objects.filter(readings=reading).exclude(people=reading.people).update(people=reading.people)
