"""The statements of a plan about places at campuses: who belongs where, what the rules make of it, line by line.

They follow those of planning_people in the same transaction.
"""

# Who belongs where. Ranks stand in the order of CampusRole.
WANTED = """
SELECT p.object_id, p.user_id, p.account, p.old_status, r.campus_id,
       (%(ranks)s::text[])[max(r.rank)] AS role,
       CASE WHEN min(r.rank) < max(r.rank) THEN 'highest-role' ELSE 'listed' END AS reason
  FROM directory_stagedperson s
  JOIN (SELECT *, array_position(%(ranks)s::text[], role::text) AS rank FROM directory_directoryreading
         WHERE run_id = %(run)s) r ON coalesce(r.base_id, r.id) = s.reading_id
  JOIN plan_people p ON p.object_id = s.object_id
 WHERE p.refusal = '' AND p.conflict = ''
 GROUP BY p.object_id, p.user_id, p.account, p.old_status, r.campus_id
"""

# Every wanted or existing place of these people at a campus that is not as it should be, and what the rules make of it.
PLACES = f"""
CREATE TEMP TABLE plan_places ON COMMIT DROP AS
SELECT * FROM (
SELECT coalesce(w.user_id, m.user_id) AS user_id, coalesce(w.campus_id, m.campus_id) AS campus_id,
       w.object_id, w.role, w.account, m.id AS membership_id, m.state AS old_state, m.role AS old_role,
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
  FROM ({WANTED}) w
  FULL JOIN (SELECT m.* FROM campuses_campusmembership m JOIN campuses_campus c ON c.id = m.campus_id
              WHERE c.archived_at IS NULL AND m.user_id IN (
                    SELECT user_id FROM plan_news UNION ALL SELECT account FROM plan_people)) m
    ON m.user_id = w.user_id AND m.campus_id = w.campus_id
  LEFT JOIN plan_people p ON w.user_id IS NULL AND p.account = m.user_id
) found WHERE act <> ''
"""  # noqa: S608 - our own text

# What becomes of the account: people whose last place ends depart, unless they hold a role; returning people return.
ACCOUNTS = """
CREATE TEMP TABLE plan_accounts ON COMMIT DROP AS
SELECT e.user_id,
       CASE WHEN EXISTS (SELECT 1 FROM accounts_grant g WHERE g.user_id = e.user_id
                           AND (g.ends_on IS NULL OR g.ends_on >= %(today)s)) THEN 'kept' ELSE 'departed' END AS account
  FROM (SELECT DISTINCT user_id FROM plan_places WHERE act = 'end') e
  JOIN accounts_user u ON u.id = e.user_id AND u.status = 'active'
  JOIN accounts_identity i ON i.user_id = e.user_id AND i.tenant_id = %(tenant)s
 WHERE EXISTS (SELECT 1 FROM plan_places WHERE act = 'end')
   AND NOT EXISTS (SELECT 1 FROM plan_places s WHERE s.user_id = e.user_id AND s.act IN ('add', 'restore'))
   AND NOT EXISTS (SELECT 1 FROM campuses_campusmembership m WHERE m.user_id = e.user_id AND m.state <> 'ended'
                     AND NOT EXISTS (SELECT 1 FROM plan_places x WHERE x.membership_id = m.id AND x.act = 'end'))
   AND NOT EXISTS (SELECT 1 FROM campuses_campusmembership m
                    WHERE m.user_id = e.user_id AND m.source <> 'directory')
"""

PLACE_CHANGES = """
WITH lists AS MATERIALIZED (
  SELECT s.object_id, r.campus_id, string_agg(DISTINCT r.group_name, ', ') AS groups
    FROM plan_places c
    JOIN directory_stagedperson s ON s.object_id = c.object_id
    JOIN directory_directoryreading r ON r.campus_id = c.campus_id AND coalesce(r.base_id, r.id) = s.reading_id
   WHERE r.run_id = %(run)s AND c.act IN ('restore', 'add', 'role')
   GROUP BY s.object_id, r.campus_id
)
INSERT INTO directory_directorychange
    (run_id, kind, action, reason, object_id, user_id, campus_id, name, email, before, after, overtaken)
SELECT %(run)s,
       CASE c.act WHEN 'add' THEN 'added' WHEN 'restore' THEN 'restored' WHEN 'role' THEN 'moved'
                  WHEN 'stale' THEN 'stale'
                  ELSE CASE WHEN EXISTS (SELECT 1 FROM plan_places s
                                          WHERE s.user_id = c.user_id AND s.act IN ('add', 'restore'))
                            THEN 'moved' ELSE 'deactivated' END END,
       c.act, c.reason, coalesce(c.object_id, c.known_as, ''), c.user_id, c.campus_id,
       coalesce(trim(c.u_given || ' ' || c.u_family), trim(c.given_name || ' ' || c.family_name)),
       coalesce(c.u_email, c.email, ''),
       CASE WHEN c.membership_id IS NULL THEN '{}'::jsonb ELSE
         jsonb_build_object('state', c.old_state, 'role', c.old_role, 'cause', c.old_cause,
                            'seen', c.old_seen, 'run', c.old_run) END,
       CASE WHEN c.act = 'stale' THEN jsonb_build_object('state', 'stale')
            WHEN c.act = 'end' THEN jsonb_strip_nulls(jsonb_build_object('state', 'ended', 'account', c.becomes))
            WHEN c.account IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object('state', 'active', 'role', c.role,
              'groups', c.groups, 'account', CASE WHEN c.old_status = 'departed' THEN 'restored' END))
            ELSE jsonb_build_object('state', 'active', 'role', c.role, 'groups', c.groups, 'person', jsonb_build_object(
              'email', c.email, 'upn', c.upn, 'given_name', c.given_name, 'family_name', c.family_name,
              'department', c.department, 'job_title', c.job_title)) END,
       false
  FROM (
    SELECT c.*, p.email, p.upn, p.given_name, p.family_name, p.department, p.job_title, g.groups,
           i.object_id AS known_as, a.account AS becomes,
           u.given_name AS u_given, u.family_name AS u_family, u.email AS u_email
      FROM plan_places c
      LEFT JOIN plan_people p ON p.object_id = c.object_id
      LEFT JOIN accounts_user u ON u.id = c.user_id
      LEFT JOIN accounts_identity i ON c.object_id IS NULL AND i.user_id = c.user_id AND i.tenant_id = %(tenant)s
      LEFT JOIN plan_accounts a ON a.user_id = c.user_id
      LEFT JOIN lists g ON g.object_id = c.object_id AND g.campus_id = c.campus_id
     WHERE c.act <> 'skip'
     ORDER BY array_position(ARRAY['restore', 'add', 'role', 'stale', 'end'], c.act),
              c.object_id, c.user_id, c.campus_id
    OFFSET 0) c -- sorted before the documents are made: they are wide
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

# What somebody took out of the list that still waits stays out of the one that takes its place.
LEFT_OUT = """
UPDATE directory_directorychange d
   SET kind = 'skipped', action = '', reason = 'left-out', before = d.before || jsonb_build_object(
         'planned', jsonb_build_object('kind', d.kind, 'action', d.action, 'reason', d.reason))
  FROM directory_directorychange o JOIN directory_directoryrun w ON w.id = o.run_id
 WHERE w.lane = %(lane)s AND w.state = 'held' AND w.id <> %(run)s AND o.reason = 'left-out'
   AND d.run_id = %(run)s AND d.object_id = o.object_id AND d.campus_id IS NOT DISTINCT FROM o.campus_id
   AND d.action = o.before->'planned'->>'action'
"""
