"""What happens to people is told to whoever wants to know (apps.outgoing), by whatever statement it happened.

Nobody wants to know: one look at the endpoints, and nothing else. Addresses that only step aside inside a transaction
("@moving.invalid", see apps/directory/services/applying.py) are not told.
"""

from django.db import migrations

PERSON = """
    jsonb_build_object('id', {row}.id, 'email', {row}.email, 'given_name', {row}.given_name,
                       'family_name', {row}.family_name, 'status', {row}.status, 'department', {row}.department,
                       'job_title', {row}.job_title, 'external_id', {row}.external_id)"""
NEW_ID = "'evt_' || replace(gen_random_uuid()::text, '-', '')"
ADDED = f"""
CREATE FUNCTION accounts_announce_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF outgoing_is_wanted('user.created') THEN
    INSERT INTO outgoing_outgoingevent (event_id, kind, happened_at, person_id, data)
    SELECT {NEW_ID}, 'user.created', statement_timestamp(), n.id, {PERSON.format(row="n")} FROM news n;
  END IF;
  RETURN NULL;
END
$$
"""
FIELDS = ("email", "given_name", "family_name", "department", "job_title", "external_id")
DIFFERENT = ", ".join(f"CASE WHEN n.{name} IS DISTINCT FROM o.{name} THEN '{name}' END" for name in FIELDS)
CHANGED = f"""
CREATE FUNCTION accounts_announce_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT outgoing_is_wanted('user.%') THEN
    RETURN NULL;
  END IF;
  INSERT INTO outgoing_outgoingevent (event_id, kind, happened_at, person_id, data)
  SELECT {NEW_ID}, c.kind, statement_timestamp(), c.id, c.data
    FROM (
      SELECT n.id, 'user.updated' AS kind,
             {PERSON.format(row="n")} || jsonb_build_object('changed', to_jsonb(array_remove(ARRAY[{DIFFERENT}], NULL)))
               AS data
        FROM news n JOIN olds o ON o.id = n.id
       WHERE cardinality(array_remove(ARRAY[{DIFFERENT}], NULL)) > 0 AND n.email NOT LIKE '%@moving.invalid'
      UNION ALL
      SELECT n.id,
             CASE WHEN n.status = 'suspended' THEN 'user.suspended'
                  WHEN n.status = 'departed' THEN 'user.departed'
                  WHEN o.status IN ('suspended', 'departed') THEN 'user.reinstated'
                  ELSE 'user.activated' END,
             {PERSON.format(row="n")}
        FROM news n JOIN olds o ON o.id = n.id
       WHERE n.status <> o.status) c
   WHERE outgoing_is_wanted(c.kind);
  RETURN NULL;
END
$$
"""
ERASED = f"""
CREATE FUNCTION accounts_announce_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF outgoing_is_wanted('user.erased') THEN
    INSERT INTO outgoing_outgoingevent (event_id, kind, happened_at, person_id, data)
    SELECT {NEW_ID}, 'user.erased', statement_timestamp(), NULL, jsonb_build_object('id', o.id) FROM olds o;
  END IF;
  RETURN NULL;
END
$$
"""
TRIGGERS = {
    "accounts_announce_added": "INSERT ON accounts_user REFERENCING NEW TABLE AS news",
    "accounts_announce_changed": "UPDATE ON accounts_user REFERENCING OLD TABLE AS olds NEW TABLE AS news",
    "accounts_announce_erased": "DELETE ON accounts_user REFERENCING OLD TABLE AS olds",
}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_kept_answers"), ("outgoing", "0002_fan_out")]

    operations = [
        *[
            migrations.RunSQL(function, f"DROP FUNCTION {name}()")
            for name, function in zip(TRIGGERS, (ADDED, CHANGED, ERASED), strict=True)
        ],
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER {name} AFTER {when} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
                f"DROP TRIGGER {name} ON accounts_user",
            )
            for name, when in TRIGGERS.items()
        ],
    ]
