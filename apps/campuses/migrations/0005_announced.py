"""Each line in the history of a membership is told to whoever wants to know (apps.outgoing), whoever wrote it: people one
at a time, a directory run or an import by the thousand. A membership that a run takes back leaves no history: its
deletion is told instead.
"""

from django.db import migrations

NEW_ID = "'evt_' || replace(gen_random_uuid()::text, '-', '')"
NAMES = """
      'user', jsonb_build_object('id', u.id, 'email', u.email, 'given_name', u.given_name, 'family_name', u.family_name),
      'campus', jsonb_build_object('id', c.id, 'code', c.code, 'name', c.name)"""
CHANGED = f"""
CREATE FUNCTION campuses_announce_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT outgoing_is_wanted('membership.%') THEN
    RETURN NULL;
  END IF;
  INSERT INTO outgoing_outgoingevent (event_id, kind, happened_at, person_id, data)
  SELECT {NEW_ID}, k.kind, n.at, u.id, jsonb_build_object(
      'id', m.id, {NAMES},
      'role', n.to_role, 'state', n.to_state, 'source', n.source, 'cause', n.cause,
      'previous', jsonb_build_object('state', n.from_state, 'role', n.from_role))
    FROM news n
    JOIN campuses_campusmembership m ON m.id = n.membership_id
    JOIN campuses_campus c ON c.id = m.campus_id
    JOIN accounts_user u ON u.id = m.user_id
    CROSS JOIN LATERAL (SELECT CASE
      WHEN n.to_state = n.from_state AND n.to_role <> n.from_role THEN 'membership.changed'
      WHEN n.to_state = n.from_state THEN ''
      WHEN n.to_state = 'active' AND n.from_state IN ('suspended', 'stale') THEN 'membership.resumed'
      WHEN n.to_state = 'active' THEN 'membership.started'
      WHEN n.to_state = 'suspended' THEN 'membership.suspended'
      WHEN n.to_state = 'stale' THEN 'membership.lapsing'
      WHEN n.to_state = 'ended' AND n.from_state NOT IN ('', 'detected') THEN 'membership.ended'
      ELSE '' END AS kind) k
   WHERE k.kind <> '' AND outgoing_is_wanted(k.kind)
   ORDER BY n.id;
  RETURN NULL;
END
$$
"""
REMOVED = f"""
CREATE FUNCTION campuses_announce_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT outgoing_is_wanted('membership.ended') THEN
    RETURN NULL;
  END IF;
  INSERT INTO outgoing_outgoingevent (event_id, kind, happened_at, person_id, data)
  SELECT {NEW_ID}, 'membership.ended', statement_timestamp(), u.id, jsonb_build_object(
      'id', m.id, {NAMES},
      'role', m.role, 'state', 'ended', 'source', m.source, 'cause', 'undone',
      'previous', jsonb_build_object('state', m.state, 'role', m.role))
    FROM olds m
    JOIN campuses_campus c ON c.id = m.campus_id
    JOIN accounts_user u ON u.id = m.user_id
   WHERE m.state NOT IN ('ended', 'detected');
  RETURN NULL;
END
$$
"""
TRIGGERS = {
    "campuses_announce_changed": ("campuses_membershipevent", "INSERT", "NEW TABLE AS news"),
    "campuses_announce_removed": ("campuses_campusmembership", "DELETE", "OLD TABLE AS olds"),
}


class Migration(migrations.Migration):
    dependencies = [("campuses", "0004_renewed_cause"), ("accounts", "0015_announced")]

    operations = [
        migrations.RunSQL(CHANGED, "DROP FUNCTION campuses_announce_changed()"),
        migrations.RunSQL(REMOVED, "DROP FUNCTION campuses_announce_removed()"),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER {name} AFTER {what} ON {table} REFERENCING {rows} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
                f"DROP TRIGGER {name} ON {table}",
            )
            for name, (table, what, rows) in TRIGGERS.items()
        ],
    ]
