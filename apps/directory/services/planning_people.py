"""The statements of a plan about people: whom to look at, whose account and address it is, what changes of a profile.

Each works on the temporary tables of the one before; `planning.plan` runs them in order, in one transaction.
"""

# Who was erased here is passed over without a line: a line would keep the name that was erased (IDN-12). Nothing is
# hashed where nobody was.
ERASED = """(encode(sha256(convert_to(%(tombs)s || lower(%(tenant)s || '/' || p.object_id), 'UTF8')), 'hex')
                         IN (SELECT unnest(hashes) FROM accounts_tombstone))"""
FORGET_THE_ERASED = f"DELETE FROM plan_people p WHERE {ERASED}"  # noqa: S608 - our own text

# Whom to look at, found in one pass: everybody listed whose account or place is not as Microsoft and the mappings say,
# and who has a place without being listed. Of all others nothing is written down and nothing is asked again.
NEWS = f"""
CREATE TEMP TABLE plan_news ON COMMIT DROP AS
SELECT s.object_id, coalesce(s.account, m.user_id) AS user_id
  FROM (SELECT p.object_id, r.campus_id, r.role, i.user_id AS account,
               p.refusal = '' AND (NOT %(restricted)s OR split_part(p.email, '@', 2) = ANY(%(domains)s))
               AND u.status = 'active' AND p.email = lower(u.email) AND p.upn = i.upn
               AND (p.given_name, p.family_name, p.department, p.job_title)
                   = (u.given_name, u.family_name, u.department, u.job_title)
               AND NOT (%(tombstones)s AND {ERASED}) AS settled
          FROM directory_stagedperson p
          JOIN directory_directoryreading r ON r.run_id = %(run)s AND coalesce(r.base_id, r.id) = p.reading_id
          LEFT JOIN accounts_identity i ON i.tenant_id = %(tenant)s AND i.object_id = p.object_id
          LEFT JOIN accounts_user u ON u.id = i.user_id) s
  FULL JOIN (SELECT m.* FROM campuses_campusmembership m JOIN campuses_campus c ON c.id = m.campus_id
              WHERE c.archived_at IS NULL) m ON m.user_id = s.account AND m.campus_id = s.campus_id
 WHERE CASE WHEN s.object_id IS NULL THEN m.source = 'directory' AND m.state IN ('active', 'stale', 'detected')
            ELSE settled IS NOT TRUE OR m.state IS DISTINCT FROM 'active'
                 OR (m.source = 'directory' AND m.pinned <> 'keep' AND m.role <> s.role) END
"""  # noqa: S608 - our own text

# One row per person to look at: the last page that told about them counts. `account` is the account behind the id.
PEOPLE = """
CREATE TEMP TABLE plan_people ON COMMIT DROP AS
SELECT p.object_id, p.email, p.upn, p.given_name, p.family_name, p.department, p.job_title,
       CASE WHEN p.refusal <> '' THEN p.refusal
            WHEN %(restricted)s AND NOT split_part(p.email, '@', 2) = ANY(%(domains)s) THEN 'domain'
            ELSE '' END AS refusal,
       i.user_id AS account, lower(u.email) AS old_email, u.status AS old_status, i.upn AS old_upn,
       coalesce(i.user_id, gen_random_uuid()) AS user_id, ''::text AS conflict, ''::text AS address_conflict
  FROM (SELECT DISTINCT ON (object_id) * FROM directory_stagedperson
         WHERE reading_id = ANY(%(staged)s) AND refusal <> 'deleted' AND object_id IN (
               SELECT object_id FROM plan_news UNION ALL
               SELECT object_id FROM accounts_identity
                WHERE tenant_id = %(tenant)s AND user_id IN (SELECT user_id FROM plan_news))
         ORDER BY object_id, id DESC) p
  LEFT JOIN accounts_identity i ON i.tenant_id = %(tenant)s AND i.object_id = p.object_id
  LEFT JOIN accounts_user u ON u.id = i.user_id
"""

# Whether anybody is new or has another address: only then addresses have to be looked at.
ADDRESSES = "SELECT EXISTS (SELECT 1 FROM plan_people WHERE refusal = '' AND (account IS NULL OR email <> old_email))"

# Addresses that several accounts of the directory claim: whoever holds one already keeps it, nobody else gets it,
# unless an administrator has said whose it is. The second half: claimed by somebody who is as they should be.
SHARED = """
UPDATE plan_people p
   SET conflict = CASE WHEN p.account IS NULL THEN 'shared-address' ELSE '' END,
       address_conflict = CASE WHEN p.old_email <> p.email THEN 'shared-address' ELSE '' END
  FROM (SELECT email FROM plan_people WHERE refusal = '' GROUP BY email HAVING count(*) > 1
        UNION
        SELECT lower(u.email) FROM accounts_user u JOIN accounts_identity i ON i.user_id = u.id
         WHERE i.tenant_id = %(tenant)s AND lower(u.email) IN (SELECT email FROM plan_people WHERE refusal = '')
           AND i.object_id IN (SELECT object_id FROM directory_stagedperson WHERE reading_id = ANY(%(staged)s))
           AND NOT EXISTS (SELECT 1 FROM plan_people h WHERE h.object_id = i.object_id)
           AND NOT EXISTS (SELECT 1 FROM plan_news n WHERE n.object_id = i.object_id)) s
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
