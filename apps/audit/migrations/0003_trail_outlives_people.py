"""Row changes keep the id of whoever acted after that account is erased, as audit events always did: no foreign key.

The row itself must stay as it is, so neither CASCADE nor SET NULL can be had.
"""

from django.db import migrations

DROP = """
DO $$
DECLARE found text;
BEGIN
  SELECT conname INTO found FROM pg_catalog.pg_constraint
   WHERE conrelid = to_regclass('auditlog_logentry') AND contype = 'f' AND conname LIKE 'auditlog_logentry_actor_id%';
  IF found IS NOT NULL THEN
    EXECUTE format('ALTER TABLE auditlog_logentry DROP CONSTRAINT %I', found);
  END IF;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_who_stands_behind"), ("auditlog", "0017_add_actor_email")]

    operations = [migrations.RunSQL(DROP, migrations.RunSQL.noop)]
