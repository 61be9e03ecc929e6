"""From a plan to the rows of people, chunk by chunk. A chunk, its history and the run's cursor commit together.

Each statement compares with what the plan saw: rows that somebody changed meanwhile are left as they are, and
the change is marked as overtaken.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from apps.accounts.models import Identity, User
from apps.accounts.services import lifecycle
from apps.campuses.models import CampusMembership, MembershipState
from apps.core.actor import Actor
from apps.core.plan.lease import Clock, Lease

from ..models import DirectoryChange, DirectoryRun
from ..wording import REASONS
from . import undoing
from .sets import over_everybody

CHUNK = 20_000  # each chunk compares with everybody here: few large ones are quicker than many
Action = DirectoryChange.Action

NEXT = """
SELECT action, count(*), max(id) FROM (
  SELECT id, action FROM directory_directorychange
   WHERE run_id = %(run)s AND id > %(after)s AND action = (
     SELECT action FROM directory_directorychange
      WHERE run_id = %(run)s AND id > %(after)s AND action <> '' ORDER BY id LIMIT 1)
   ORDER BY id LIMIT %(chunk)s) next
GROUP BY action
"""

CHANGES = """
WITH c AS MATERIALIZED (
  SELECT * FROM directory_directorychange
   WHERE run_id = %(run)s AND id > %(after)s AND id <= %(upto)s AND action = %(action)s
)
"""


def _over(statement: str) -> str:
    """The statement, with the changes of this chunk as `c`."""
    return CHANGES + statement


# --- people ----------------------------------------------------------------------------------------------

# Two people may swap addresses: whoever stands in the way of another steps aside first. Where nobody gets another
# address (the first condition is asked once), nothing is compared.
STEP_ASIDE = _over("""
UPDATE accounts_user u SET email = u.id || '@moving.invalid'
  FROM c
 WHERE EXISTS (SELECT 1 FROM c WHERE after ? 'email')
   AND u.id = c.user_id AND c.after ? 'email' AND lower(u.email) = c.before->>'email'
   AND EXISTS (SELECT 1 FROM c other WHERE other.after->>'email' = lower(u.email) AND other.user_id <> u.id)
""")

CHANGE_PEOPLE = _over("""
UPDATE accounts_user u
   SET email = CASE WHEN a.free AND (lower(u.email) = c.before->>'email' OR u.email = u.id || '@moving.invalid')
                    THEN coalesce(c.after->>'email', u.email) ELSE u.email END,
       given_name = CASE WHEN u.given_name = c.before->>'given_name' THEN c.after->>'given_name'
                         ELSE u.given_name END,
       family_name = CASE WHEN u.family_name = c.before->>'family_name' THEN c.after->>'family_name'
                          ELSE u.family_name END,
       department = CASE WHEN u.department = c.before->>'department' THEN c.after->>'department'
                         ELSE u.department END,
       job_title = CASE WHEN u.job_title = c.before->>'job_title' THEN c.after->>'job_title' ELSE u.job_title END
  FROM c
  JOIN LATERAL (SELECT NOT EXISTS (SELECT 1 FROM accounts_user o
                 WHERE lower(o.email) = c.after->>'email' AND o.id <> c.user_id) AS free) a ON true
 WHERE u.id = c.user_id
""")

# Whoever stepped aside for nothing (the other place was taken meanwhile) gets the old address back.
STEP_BACK = _over("""
UPDATE accounts_user u SET email = c.before->>'email'
  FROM c
 WHERE EXISTS (SELECT 1 FROM c WHERE after ? 'email') AND u.id = c.user_id AND u.email = u.id || '@moving.invalid'
""")

CHANGE_UPNS = _over("""
UPDATE accounts_identity i SET upn = c.after->>'upn'
  FROM c
 WHERE EXISTS (SELECT 1 FROM c WHERE after ? 'upn')
   AND i.tenant_id = %(tenant)s AND i.object_id = c.object_id AND i.upn = c.before->>'upn'
""")

PERSON_OVERTAKEN = _over("""
UPDATE directory_directorychange d SET overtaken = true
  FROM c JOIN accounts_user u ON u.id = c.user_id
  LEFT JOIN accounts_identity i ON i.tenant_id = %(tenant)s AND i.object_id = c.object_id
 WHERE d.id = c.id AND d.id > %(after)s AND d.id <= %(upto)s
   AND (lower(u.email), u.given_name, u.family_name, u.department, u.job_title, i.upn)
       IS DISTINCT FROM (coalesce(c.after->>'email', lower(u.email)), coalesce(c.after->>'given_name', u.given_name),
                         coalesce(c.after->>'family_name', u.family_name),
                         coalesce(c.after->>'department', u.department), coalesce(c.after->>'job_title', u.job_title),
                         coalesce(c.after->>'upn', i.upn))
""")

# Who gets a place at two campuses has two lines, which say the same: the second changes nothing.
ADD_PEOPLE = """
SELECT {values}
  FROM (SELECT *, after->'person' AS p FROM c WHERE after ? 'person') c
ON CONFLICT DO NOTHING
"""

ADD_IDENTITIES = """
SELECT {values}
  FROM (SELECT *, after->'person' AS p FROM c WHERE after ? 'person') c
  JOIN accounts_user u ON u.id = c.user_id
ON CONFLICT DO NOTHING
"""

# What was really done to accounts, for whoever takes the run back.
NOTE_DONE = """
UPDATE directory_directorychange SET after = after || jsonb_build_object('did', %(did)s::text)
 WHERE run_id = %(run)s AND id > %(after)s AND id <= %(upto)s AND user_id = ANY(%(people)s)
"""

RETURNING = _over("""
SELECT DISTINCT u.id
  FROM c JOIN accounts_user u ON u.id = c.user_id
 WHERE u.status = 'departed' AND c.after->>'account' = 'restored'
   AND EXISTS (SELECT 1 FROM campuses_campusmembership m
                WHERE m.user_id = u.id AND m.state = 'active' AND m.last_run_id = %(run)s)
 ORDER BY u.id
""")

# --- places ----------------------------------------------------------------------------------------------

ADD_PLACES = _over("""
, added AS (
  INSERT INTO campuses_campusmembership
    (id, user_id, campus_id, role, state, source, cause, pinned, first_seen_at, last_seen_at, last_run_id)
  SELECT gen_random_uuid(), c.user_id, c.campus_id, c.after->>'role', 'active', 'directory', 'listed', '',
         %(now)s, %(now)s, %(run)s
    FROM c
    JOIN accounts_identity i ON i.tenant_id = %(tenant)s AND i.object_id = c.object_id AND i.user_id = c.user_id
  ON CONFLICT (user_id, campus_id) DO NOTHING
  RETURNING id, role
)
INSERT INTO campuses_membershipevent
    (membership_id, from_state, to_state, from_role, to_role, source, cause, run_id, actor, at)
SELECT id, '', 'active', '', role, 'directory', 'listed', %(run)s, %(actor)s, %(now)s FROM added
""")

RESTORE_PLACES = _over("""
, restored AS (
  UPDATE campuses_campusmembership m
     SET state = 'active', role = c.after->>'role', cause = 'listed', last_seen_at = %(now)s, last_run_id = %(run)s
    FROM c
   WHERE m.user_id = c.user_id AND m.campus_id = c.campus_id AND m.source = 'directory' AND m.pinned <> 'never'
     AND m.state = c.before->>'state' AND m.cause = c.before->>'cause'
  RETURNING m.id, c.before->>'state' AS from_state, c.before->>'role' AS from_role, m.role
)
INSERT INTO campuses_membershipevent
    (membership_id, from_state, to_state, from_role, to_role, source, cause, run_id, actor, at)
SELECT id, from_state, 'active', from_role, role, 'directory',
       CASE WHEN from_state = 'stale' THEN 'renewed' ELSE 'listed' END, %(run)s, %(actor)s, %(now)s FROM restored
""")

CHANGE_ROLES = _over("""
, changed AS (
  UPDATE campuses_campusmembership m
     SET role = c.after->>'role', last_seen_at = %(now)s, last_run_id = %(run)s
    FROM c
   WHERE m.user_id = c.user_id AND m.campus_id = c.campus_id AND m.source = 'directory' AND m.pinned <> 'keep'
     AND m.state = c.before->>'state' AND m.role = c.before->>'role'
  RETURNING m.id, m.state, c.before->>'role' AS from_role, m.role
)
INSERT INTO campuses_membershipevent
    (membership_id, from_state, to_state, from_role, to_role, source, cause, run_id, actor, at)
SELECT id, state, state, from_role, role, 'directory', 'listed', %(run)s, %(actor)s, %(now)s FROM changed
""")

END_PLACES = _over("""
, ended AS (
  UPDATE campuses_campusmembership m
     SET state = c.after->>'state', cause = c.reason, last_run_id = %(run)s,
         last_seen_at = CASE WHEN m.state = 'active' THEN %(now)s ELSE m.last_seen_at END -- who is stale was not seen
    FROM c
   WHERE m.user_id = c.user_id AND m.campus_id = c.campus_id AND m.source = 'directory' AND m.pinned <> 'keep'
     AND m.state = c.before->>'state' AND m.cause = c.before->>'cause'
  RETURNING m.id, c.before->>'state' AS from_state, m.state, m.role, m.cause
)
INSERT INTO campuses_membershipevent
    (membership_id, from_state, to_state, from_role, to_role, source, cause, run_id, actor, at)
SELECT id, from_state, state, role, role, 'directory', cause, %(run)s, %(actor)s, %(now)s FROM ended
""")

# A place is as planned when this run was the last to write it.
PLACE_OVERTAKEN = _over("""
UPDATE directory_directorychange d SET overtaken = true
  FROM c
 WHERE d.id = c.id AND d.id > %(after)s AND d.id <= %(upto)s
   AND NOT EXISTS (SELECT 1 FROM campuses_campusmembership m
                    WHERE m.user_id = c.user_id AND m.campus_id = c.campus_id AND m.last_run_id = %(run)s
                      AND m.state = c.after->>'state' AND m.role = coalesce(c.after->>'role', m.role))
""")

# Asked again at the moment of the act: who got a place, a role or a membership by other ways since stays.
DEPARTING = _over("""
SELECT DISTINCT u.id
  FROM c JOIN accounts_user u ON u.id = c.user_id
 WHERE c.after->>'account' = 'departed' AND u.status = 'active'
   AND NOT EXISTS (SELECT 1 FROM campuses_campusmembership m
                    WHERE m.user_id = u.id AND (m.state <> 'ended' OR m.source <> 'directory'))
   AND NOT EXISTS (SELECT 1 FROM accounts_grant g
                    WHERE g.user_id = u.id AND (g.ends_on IS NULL OR g.ends_on >= %(now)s::date))
 ORDER BY u.id
""")

# Each change beside what is there now. Joins and not a question for each line: they can be hashed.
UNCONFIRMED = """
SELECT count(*)
  FROM directory_directorychange c
  LEFT JOIN accounts_user u ON (c.action = 'person' OR c.after ? 'did') AND u.id = c.user_id
  LEFT JOIN accounts_identity i
    ON c.action = 'person' AND c.after ? 'upn' AND i.tenant_id = %(tenant)s AND i.object_id = c.object_id
  LEFT JOIN campuses_campusmembership m
    ON c.action <> 'person' AND m.user_id = c.user_id AND m.campus_id = c.campus_id
 WHERE c.run_id = %(run)s AND c.action <> '' AND NOT c.overtaken AND c.id <= %(cursor)s
   AND CASE c.action
     WHEN 'person' THEN u.id IS NULL
          OR lower(u.email) <> coalesce(c.after->>'email', lower(u.email))
          OR u.given_name <> coalesce(c.after->>'given_name', u.given_name)
          OR u.family_name <> coalesce(c.after->>'family_name', u.family_name)
          OR u.department <> coalesce(c.after->>'department', u.department)
          OR u.job_title <> coalesce(c.after->>'job_title', u.job_title)
          OR i.upn IS DISTINCT FROM c.after->>'upn'
     WHEN 'revert' THEN m.id IS NULL
          OR (m.last_run_id IS NOT DISTINCT FROM (c.after->>'run')::uuid
              AND (m.state <> c.after->>'state' OR m.role <> c.after->>'role'))
     WHEN 'remove' THEN m.id IS NOT NULL
     ELSE m.id IS NULL
          OR (m.last_run_id IS NOT DISTINCT FROM c.run_id
              AND (m.state <> c.after->>'state' OR m.role <> coalesce(c.after->>'role', m.role)))
          OR (c.after->>'did' = 'departed' AND u.status = 'active')
          OR (c.after->>'did' = 'restored' AND u.status = 'departed')
   END
"""

STEPS = {
    Action.PERSON: (STEP_ASIDE, CHANGE_PEOPLE, STEP_BACK, CHANGE_UPNS, PERSON_OVERTAKEN),
    Action.RESTORE: (RESTORE_PLACES, PLACE_OVERTAKEN),
    Action.ADD: (ADD_PLACES, PLACE_OVERTAKEN),
    Action.ROLE: (CHANGE_ROLES, PLACE_OVERTAKEN),
    Action.STALE: (END_PLACES, PLACE_OVERTAKEN),
    Action.END: (END_PLACES, PLACE_OVERTAKEN),
    Action.REVERT: (_over(undoing.REVERT_PLACES), _over(undoing.REVERT_OVERTAKEN)),
    Action.REMOVE: (),
}


#: Whose accounts open, or close, after a chunk of these actions.
OPENS = {Action.RESTORE: RETURNING, Action.ADD: RETURNING, Action.REVERT: _over(undoing.OPENING)}
CLOSES = {
    Action.END: DEPARTING,
    Action.REVERT: _over(undoing.CLOSING),
    Action.REMOVE: _over(undoing.CLOSING),
}


def actor_of(run: DirectoryRun) -> Actor:
    return Actor.system(f"directory run · {run.requested_by}"[:200], request_id=run.request_id)


@transaction.atomic
def apply_next(lease: Lease[DirectoryRun], clock: Clock, chunk: int = CHUNK) -> bool:
    """Apply the next changes of one action; False when none was left. Raises Stopped and then writes nothing."""
    run = lease.run
    facts: dict[str, Any] = {"run": run.pk, "after": run.cursor, "chunk": chunk, "tenant": run.tenant_id}
    facts["undone"] = run.undoes_id
    with connection.cursor() as cursor:
        over_everybody(cursor)
        cursor.execute(NEXT, facts | {"chunk": chunk})
        row = cursor.fetchone()
        if row and row[0] == Action.PERSON:  # addresses pass from hand to hand: all at once
            cursor.execute(NEXT, facts | {"chunk": 2**31})
            row = cursor.fetchone()
        if not row:
            return False
        action, count, upto = row
        facts |= {"action": action, "upto": upto, "now": clock(), "actor": actor_of(run).label}
        if action == Action.ADD:
            _insert(cursor, User, ADD_PEOPLE, _new_person(facts["now"]), facts)
            _insert(cursor, Identity, ADD_IDENTITIES, _new_identity(run, facts["now"]), facts)
        for statement in STEPS[action]:
            if statement is PLACE_OVERTAKEN and cursor.rowcount == count:  # each line was done: none was overtaken
                continue
            cursor.execute(statement, facts)
        if action == Action.REMOVE:
            undoing.remove(cursor, _over, facts)
        returning = _ids(cursor, OPENS[action], facts) if action in OPENS else []
        departing = _ids(cursor, CLOSES[action], facts) if action in CLOSES else []
        for did, people in (("restored", returning), ("departed", departing)):
            if people:
                cursor.execute(NOTE_DONE, facts | {"did": did, "people": people})
    undone = run.undoes_id is not None
    if returning:
        why = REASONS["undone" if undone else "returned"]
        lifecycle.reinstate_users(actor_of(run), returning, str(why), now=facts["now"])
    if departing:
        why = REASONS["undone" if undone else "removed"]
        lifecycle.depart_users(actor_of(run), departing, str(why), now=facts["now"])
    lease.write(cursor=upto, applied=run.applied + count)
    return True


def unconfirmed(run: DirectoryRun) -> int:
    """Read back: how many applied changes are not in the database as planned."""
    with transaction.atomic(), connection.cursor() as cursor:
        over_everybody(cursor)
        cursor.execute(UNCONFIRMED, {"run": run.pk, "cursor": run.cursor, "tenant": run.tenant_id})
        return int(cursor.fetchone()[0])


def members_now() -> int:
    active = CampusMembership.objects.filter(state=MembershipState.ACTIVE)
    return active.values("user_id").distinct().count()


def _ids(cursor: Any, statement: str, facts: dict[str, Any]) -> list[UUID]:
    cursor.execute(statement, facts)
    return [row[0] for row in cursor.fetchall()]


def _new_person(now: datetime) -> dict[str, str]:
    """Columns of a new account as SQL. Its password is unusable, and different for each."""
    return {
        "id": "c.user_id",
        "password": "'!' || replace(gen_random_uuid()::text, '-', '')",
        "email": "c.p->>'email'",
        "given_name": "c.p->>'given_name'",
        "family_name": "c.p->>'family_name'",
        "department": "c.p->>'department'",
        "job_title": "c.p->>'job_title'",
        "status": "'active'",
        "created_at": "%(now)s",
    }


def _new_identity(run: DirectoryRun, now: datetime) -> dict[str, str]:
    return {
        "id": "gen_random_uuid()",
        "user_id": "c.user_id",
        "issuer": "%(issuer)s",
        "tenant_id": "%(tenant)s",
        "object_id": "c.object_id",
        "upn": "c.p->>'upn'",
        "linked_at": "%(now)s",
    }


def _insert(cursor: Any, model: type[models.Model], select: str, values: dict[str, str], facts: dict[str, Any]) -> None:
    """INSERT ... SELECT with the model's own defaults for every column that is not given."""
    columns, expressions, parameters = [], [], dict(facts)
    for field in model._meta.concrete_fields:
        if getattr(field, "generated", False):
            continue
        columns.append(f'"{field.column}"')
        given = values.get(str(field.column))
        expressions.append(given or f"%(default_{field.column})s")
        if not given:
            parameters[f"default_{field.column}"] = field.get_default()
    parameters["issuer"] = f"{settings.MICROSOFT_LOGIN_URL.rstrip('/')}/{facts['tenant']}/v2.0"
    into = f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) '
    cursor.execute(_over(into) + select.format(values=", ".join(expressions)), parameters)
