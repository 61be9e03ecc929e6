"""An event becomes a delivery for each endpoint that wants it, in the statement that writes the event.

In the database, because events are written by Python one at a time and by the triggers of other apps by the thousand.
"""

from django.db import migrations

WANTED = """
CREATE FUNCTION outgoing_is_wanted(pattern text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM outgoing_webhookendpoint e
     WHERE cardinality(e.kinds) = 0 OR EXISTS (SELECT FROM unnest(e.kinds) k WHERE k LIKE pattern));
END
$$
"""
FAN_OUT = """
CREATE FUNCTION outgoing_fan_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outgoing_delivery (event_id, endpoint_id, state, due_at, attempts, replays, fault)
  SELECT n.id, e.id, 'waiting', n.happened_at, 0, 0, ''
    FROM news n
    JOIN outgoing_webhookendpoint e ON cardinality(e.kinds) = 0 OR n.kind = ANY (e.kinds)
   WHERE n.kind <> 'webhook.test'
   ORDER BY n.id;
  RETURN NULL;
END
$$
"""
TRIGGER = """
CREATE TRIGGER outgoing_events_fan_out AFTER INSERT ON outgoing_outgoingevent
  REFERENCING NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION outgoing_fan_out()
"""


class Migration(migrations.Migration):
    dependencies = [("outgoing", "0001_endpoints_and_deliveries")]

    operations = [
        migrations.RunSQL(WANTED, "DROP FUNCTION outgoing_is_wanted(text)"),
        migrations.RunSQL(FAN_OUT, "DROP FUNCTION outgoing_fan_out()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER outgoing_events_fan_out ON outgoing_outgoingevent"),
    ]
