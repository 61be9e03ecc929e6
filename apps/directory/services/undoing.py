"""Taking a run back: its applied changes in the opposite direction, as a plan of its own.

What the run wrote last is put back exactly: a place that was added is gone, with the account that was made for it;
roles, states, causes and closed accounts are as before. Whatever somebody changed since stays, and is listed as a
conflict: a membership that an administrator or a later run has written, an exception that was set, an address that
now belongs to another person, an account that was used.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from apps.accounts.models import Identity, User
from apps.campuses.models import CampusMembership, MembershipEvent
from apps.core.plan import State
from apps.core.plan.lease import Lease

from ..models import DirectoryChange, DirectoryRun
from .sets import over_everybody

# What the other run applied at places, last first, beside what stands there now.
PLACES = """
CREATE TEMP TABLE undo_places ON COMMIT DROP AS
SELECT c.id, c.action, c.object_id, c.user_id, c.campus_id, c.name, c.email, c.before, c.after,
       m.id AS membership_id, m.state, m.role, m.cause, m.last_seen_at, m.last_run_id, m.pinned,
       CASE
         WHEN m.id IS NULL THEN CASE WHEN c.action = 'add' THEN '' ELSE 'gone-since' END
         WHEN m.state = c.before->>'state' AND m.role = c.before->>'role' AND m.cause = c.before->>'cause'
              AND m.last_run_id IS DISTINCT FROM c.run_id THEN ''
         WHEN m.pinned = 'keep' AND c.action NOT IN ('end', 'stale') THEN 'pinned-keep'
         WHEN m.pinned = 'never' AND c.action IN ('end', 'stale') THEN 'pinned-never'
         WHEN m.last_run_id = c.run_id AND m.state = c.after->>'state'
              AND m.role = coalesce(c.after->>'role', c.before->>'role') THEN 'undo'
         WHEN m.last_run_id IS NOT NULL AND m.last_run_id <> c.run_id THEN 'later-run'
         ELSE 'changed-since' END AS verdict
  FROM directory_directorychange c
  LEFT JOIN campuses_campusmembership m ON m.user_id = c.user_id AND m.campus_id = c.campus_id
 WHERE c.run_id = %(undone)s AND c.action IN ('add', 'restore', 'role', 'stale', 'end') AND NOT c.overtaken
   AND c.id <= %(cursor)s
"""

# What becomes of accounts: made by the run and never used, they go; used, they are closed; closed by it, they open.
ACCOUNTS = """
CREATE TEMP TABLE undo_accounts ON COMMIT DROP AS
SELECT DISTINCT ON (p.user_id) p.user_id,
       CASE WHEN p.made AND NOT p.used AND NOT p.stays THEN 'deleted'
            WHEN p.made AND NOT p.stays THEN 'departed'
            WHEN p.reopened AND u.status = 'active' AND NOT p.stays THEN 'departed'
            WHEN p.closed AND u.status = 'departed' THEN 'restored' END AS account,
       p.made AND p.used AS used
  FROM (SELECT t.user_id,
               bool_or(t.after ? 'person') AS made,
               bool_or(t.after->>'did' = 'restored') AS reopened,
               bool_or(t.after->>'did' = 'departed') AS closed,
               EXISTS (SELECT 1 FROM accounts_user a WHERE a.id = t.user_id AND {used}) AS used,
               EXISTS (SELECT 1 FROM campuses_campusmembership o
                        WHERE o.user_id = t.user_id AND o.state <> 'ended'
                          AND NOT EXISTS (SELECT 1 FROM undo_places x
                                           WHERE x.membership_id = o.id AND x.verdict = 'undo')) AS stays
          FROM undo_places t WHERE t.verdict = 'undo' GROUP BY t.user_id) p
  JOIN accounts_user u ON u.id = p.user_id
 WHERE p.made OR p.reopened OR p.closed
"""

PLACE_CHANGES = """
INSERT INTO directory_directorychange
    (run_id, kind, action, reason, object_id, user_id, campus_id, name, email, before, after, overtaken)
SELECT %(run)s,
       CASE WHEN p.verdict <> 'undo' THEN 'conflict'
            WHEN p.action = 'add' THEN 'removed' WHEN p.action = 'restore' THEN 'deactivated'
            WHEN p.action = 'role' THEN 'moved' ELSE 'restored' END,
       CASE WHEN p.verdict <> 'undo' THEN '' WHEN p.action = 'add' THEN 'remove' ELSE 'revert' END,
       CASE WHEN p.verdict = 'undo' THEN 'undone' ELSE p.verdict END,
       p.object_id, p.user_id, p.campus_id, p.name, p.email,
       jsonb_strip_nulls(jsonb_build_object('state', p.state, 'role', p.role, 'cause', p.cause)),
       CASE WHEN p.action = 'add' THEN jsonb_strip_nulls(jsonb_build_object('account', a.account))
            ELSE p.before || jsonb_strip_nulls(jsonb_build_object('account', a.account)) END,
       false
  FROM undo_places p LEFT JOIN undo_accounts a ON a.user_id = p.user_id AND p.verdict = 'undo'
 WHERE p.verdict <> ''
 ORDER BY p.action = 'add', p.id DESC  -- one action after the other, as chunks are made of one
"""

USED_SINCE = """
INSERT INTO directory_directorychange
    (run_id, kind, action, reason, object_id, user_id, campus_id, name, email, before, after, overtaken)
SELECT %(run)s, 'conflict', '', 'used-since', coalesce(i.object_id, ''), u.id, NULL,
       trim(u.given_name || ' ' || u.family_name), u.email, '{{}}'::jsonb,
       jsonb_strip_nulls(jsonb_build_object('account', a.account)), false
  FROM undo_accounts a JOIN accounts_user u ON u.id = a.user_id
  LEFT JOIN accounts_identity i ON i.user_id = u.id AND i.tenant_id = %(tenant)s
 WHERE a.used
 ORDER BY u.id
"""

# Names and addresses, field by field: as the run left them they go back, otherwise somebody has changed them.
PEOPLE = """
CREATE TEMP TABLE undo_people ON COMMIT DROP AS
SELECT c.id, c.object_id, c.user_id, c.name, u.email, f.name AS field, c.before->>f.name AS old, f.value AS given,
       f.now,
       CASE WHEN f.now = c.before->>f.name THEN ''
            WHEN f.now <> f.value THEN 'changed-since'
            WHEN f.name = 'email' AND EXISTS (
              SELECT 1 FROM accounts_user o
               WHERE lower(o.email) = c.before->>'email' AND o.id <> u.id
                 AND NOT EXISTS (SELECT 1 FROM undo_accounts a WHERE a.user_id = o.id AND a.account = 'deleted')
                 AND NOT EXISTS (SELECT 1 FROM directory_directorychange x
                                  WHERE x.run_id = c.run_id AND x.user_id = o.id AND x.action = 'person'
                                    AND x.after->>'email' = lower(o.email) AND x.id <= %(cursor)s))
            THEN 'address-taken'
            ELSE 'undo' END AS verdict
  FROM directory_directorychange c
  JOIN accounts_user u ON u.id = c.user_id
  LEFT JOIN accounts_identity i ON i.tenant_id = %(tenant)s AND i.object_id = c.object_id
  CROSS JOIN LATERAL (
    SELECT e.key AS name, e.value,
           CASE e.key WHEN 'email' THEN lower(u.email) WHEN 'upn' THEN i.upn WHEN 'given_name' THEN u.given_name
                      WHEN 'family_name' THEN u.family_name WHEN 'department' THEN u.department
                      WHEN 'job_title' THEN u.job_title END AS now
      FROM jsonb_each_text(c.after) e) f
 WHERE c.run_id = %(undone)s AND c.action = 'person' AND c.id <= %(cursor)s
"""

PERSON_CHANGES = """
INSERT INTO directory_directorychange
    (run_id, kind, action, reason, object_id, user_id, campus_id, name, email, before, after, overtaken)
SELECT %(run)s, CASE WHEN p.verdict = 'undo' THEN 'updated' ELSE 'conflict' END,
       CASE WHEN p.verdict = 'undo' THEN 'person' ELSE '' END,
       CASE WHEN p.verdict = 'undo' THEN 'undone' ELSE p.verdict END,
       p.object_id, p.user_id, NULL, p.name, p.email,
       jsonb_object_agg(p.field, p.now), jsonb_object_agg(p.field, p.old), false
  FROM undo_people p
 WHERE p.verdict <> ''
 GROUP BY p.id, p.verdict, p.object_id, p.user_id, p.name, p.email
 ORDER BY p.id DESC
"""

COUNTS = "SELECT kind, count(*) FROM directory_directorychange WHERE run_id = %(run)s GROUP BY kind"
TOTALS = """
SELECT count(*) FILTER (WHERE action <> ''),
       count(DISTINCT user_id) FILTER (WHERE kind IN ('removed', 'deactivated'))
  FROM directory_directorychange WHERE run_id = %(run)s
"""
POPULATION = """
SELECT count(DISTINCT user_id) FROM campuses_campusmembership WHERE source = 'directory' AND state = 'active'
"""


@transaction.atomic
def plan(lease: Lease[DirectoryRun]) -> None:
    """Compute what taking the other run back comes to, and enter PLANNED. Nothing of people is changed."""
    run, undone = lease.run, lease.run.undoes
    assert undone is not None
    DirectoryChange.objects.filter(run=run).delete()
    facts: dict[str, Any] = {"run": run.pk, "undone": undone.pk, "cursor": undone.cursor, "tenant": run.tenant_id}
    with connection.cursor() as cursor:
        over_everybody(cursor)
        cursor.execute(PLACES, facts)
        cursor.execute("ANALYZE undo_places")
        cursor.execute(ACCOUNTS.format(used=used("a")), facts)
        cursor.execute(PEOPLE, facts)
        cursor.execute(PLACE_CHANGES, facts)
        cursor.execute(PERSON_CHANGES, facts)
        cursor.execute(USED_SINCE.format(), facts)
        cursor.execute("DROP TABLE undo_places, undo_accounts, undo_people")
        cursor.execute(COUNTS, facts)
        counts = dict(cursor.fetchall())
        cursor.execute(TOTALS, facts)
        to_apply, affected = cursor.fetchone()
        cursor.execute(POPULATION)
        population = cursor.fetchone()[0]
    lease.enter(
        State.PLANNED, counts=counts, to_apply=to_apply, affected=affected, population=population, applied=0, cursor=0
    )


SIGNS_OF_USE = (
    "{alias}.last_login IS NOT NULL",
    "{alias}.password NOT LIKE '!%%'",
    "EXISTS (SELECT 1 FROM accounts_identity r WHERE r.user_id = {alias}.id AND r.last_used_at IS NOT NULL)",
)
POINTS_HERE = 'EXISTS (SELECT 1 FROM "{table}" r WHERE r."{column}" = {alias}.id)'


def used(alias: str) -> str:
    """SQL: whether somebody has used this account, or anything but its own identity and places points to it."""
    signs = [sign.format(alias=alias) for sign in SIGNS_OF_USE]
    return "(" + " OR ".join([*signs, *references(User, alias, besides=(Identity, CampusMembership))]) + ")"


def references(model: type[models.Model], alias: str, besides: tuple[type[models.Model], ...] = ()) -> list[str]:
    """SQL conditions: a row of another table points to this one. Found in the models, so no app is forgotten."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        other: Any = relation.related_model
        if other in besides or other._meta.app_config.name not in settings.TENANT_APPS:
            continue
        table, column = other._meta.db_table, relation.field.column  # type: ignore[union-attr]
        found.append(POINTS_HERE.format(table=table, column=column, alias=alias))
    return found


# --- applying --------------------------------------------------------------------------------------------

# A place is put back when the undone run was the last to write it, and no exception says otherwise.
REVERT_PLACES = """
, reverted AS (
  UPDATE campuses_campusmembership m
     SET state = c.after->>'state', role = c.after->>'role', cause = c.after->>'cause',
         last_seen_at = (c.after->>'seen')::timestamptz, last_run_id = (c.after->>'run')::uuid
    FROM c
   WHERE m.user_id = c.user_id AND m.campus_id = c.campus_id AND m.last_run_id = %(undone)s
     AND m.state = c.before->>'state' AND m.role = c.before->>'role'
     AND m.pinned <> CASE WHEN c.after->>'state' = 'active' THEN 'never' ELSE 'keep' END
  RETURNING m.id, c.before->>'state' AS from_state, m.state, c.before->>'role' AS from_role, m.role
)
INSERT INTO campuses_membershipevent
    (membership_id, from_state, to_state, from_role, to_role, source, cause, run_id, actor, at)
SELECT id, from_state, state, from_role, role, 'directory', 'undone', %(run)s, %(actor)s, %(now)s FROM reverted
"""

GONE_PLACES = """
SELECT m.id
  FROM c JOIN campuses_campusmembership m
    ON m.user_id = c.user_id AND m.campus_id = c.campus_id AND m.last_run_id = %(undone)s
   AND m.state = c.before->>'state' AND m.role = c.before->>'role' AND m.pinned = ''
 WHERE NOT ({referenced})
 ORDER BY m.id FOR UPDATE OF m
"""

# Accounts that the run made, without a place any more. Locked: nobody can begin to use them meanwhile.
MADE_ACCOUNTS = """
SELECT u.id FROM c JOIN accounts_user u ON u.id = c.user_id
 WHERE c.after->>'account' = 'deleted'
   AND NOT EXISTS (SELECT 1 FROM campuses_campusmembership m WHERE m.user_id = u.id)
 ORDER BY u.id FOR UPDATE OF u
"""

UNUSED = "SELECT a.id FROM accounts_user a WHERE a.id = ANY(%(people)s) AND NOT {used}"

FORGET_PLACES = (
    "DELETE FROM campuses_membershipevent WHERE membership_id = ANY(%(places)s)",
    "DELETE FROM campuses_campusmembership WHERE id = ANY(%(places)s)",
)
FORGET_ACCOUNTS = (
    "DELETE FROM accounts_identity WHERE user_id = ANY(%(people)s)",
    "DELETE FROM accounts_user WHERE id = ANY(%(people)s)",
)

CLOSING = """
SELECT DISTINCT u.id FROM c JOIN accounts_user u ON u.id = c.user_id
 WHERE c.after->>'account' IN ('departed', 'deleted') AND u.status = 'active'
   AND NOT EXISTS (SELECT 1 FROM campuses_campusmembership m WHERE m.user_id = u.id AND m.state <> 'ended')
   AND NOT EXISTS (SELECT 1 FROM accounts_grant g
                    WHERE g.user_id = u.id AND (g.ends_on IS NULL OR g.ends_on >= %(now)s::date))
 ORDER BY u.id
"""

OPENING = """
SELECT DISTINCT u.id FROM c JOIN accounts_user u ON u.id = c.user_id
 WHERE c.after->>'account' = 'restored' AND u.status = 'departed'
   AND EXISTS (SELECT 1 FROM campuses_campusmembership m WHERE m.user_id = u.id AND m.state = 'active')
 ORDER BY u.id
"""

REVERT_OVERTAKEN = """
UPDATE directory_directorychange d SET overtaken = true
  FROM c
 WHERE d.id = c.id AND d.id > %(after)s AND d.id <= %(upto)s
   AND NOT EXISTS (SELECT 1 FROM campuses_campusmembership m
                    WHERE m.user_id = c.user_id AND m.campus_id = c.campus_id AND m.state = c.after->>'state'
                      AND m.role = c.after->>'role' AND m.cause = c.after->>'cause')
"""

REMOVE_OVERTAKEN = """
UPDATE directory_directorychange d SET overtaken = true
  FROM c
 WHERE d.id = c.id AND d.id > %(after)s AND d.id <= %(upto)s
   AND EXISTS (SELECT 1 FROM campuses_campusmembership m WHERE m.user_id = c.user_id AND m.campus_id = c.campus_id)
"""


def remove(cursor: Any, over: Any, facts: dict[str, Any]) -> None:
    """Delete the places of a chunk that are as the run left them, and the unused accounts it had made for them."""
    referenced = references(CampusMembership, "m", besides=(MembershipEvent,))
    places = _ids(cursor, over(GONE_PLACES.format(referenced=" OR ".join(referenced) or "false")), facts)
    for statement in FORGET_PLACES:
        cursor.execute(statement, {"places": places})
    made = _ids(cursor, over(MADE_ACCOUNTS), facts)
    unused = _ids(cursor, UNUSED.format(used=used("a")), {"people": made})
    for statement in FORGET_ACCOUNTS:
        cursor.execute(statement, {"people": unused})
    cursor.execute(over(REMOVE_OVERTAKEN), facts)


def _ids(cursor: Any, statement: str, facts: dict[str, Any]) -> list[UUID]:
    cursor.execute(statement, facts)
    return [row[0] for row in cursor.fetchall()]
