"""The audit trail and the triggers that keep it, and django-auditlog's row changes, as they were written.

The documented way past the trigger, for retention (the nightly job ops.audit_retention) and for the law:
as owner of the tables, in one transaction,

    SET LOCAL campanile.audit_maintenance = 'on';
    DELETE FROM audit_auditevent WHERE ...;

The application's roles cannot take it: they are not granted UPDATE, DELETE or TRUNCATE, and they do not own
the tables.
"""

import django.contrib.postgres.indexes
import django.utils.timezone
from django.db import migrations, models

import apps.core.ids

REFUSE = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('campanile.audit_maintenance', true) = 'on'
     AND pg_has_role(current_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$
"""
GUARD = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()
"""
TABLES = ("audit_auditevent", "auditlog_logentry")


class Migration(migrations.Migration):
    initial = True

    dependencies = [("auditlog", "0017_add_actor_email")]

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="time")),
                ("act", models.CharField(max_length=80, verbose_name="act")),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_label", models.CharField(max_length=200, verbose_name="by")),
                ("actor_email", models.CharField(blank=True, max_length=254)),
                ("surface", models.CharField(max_length=20, verbose_name="through")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="address")),
                ("request_id", models.CharField(blank=True, max_length=64, verbose_name="request")),
                ("target_type", models.CharField(blank=True, max_length=80)),
                ("target_id", models.CharField(blank=True, max_length=64)),
                ("target_label", models.CharField(blank=True, max_length=200, verbose_name="about")),
                ("scope_kind", models.CharField(blank=True, max_length=20)),
                ("scope_id", models.UUIDField(null=True)),
                ("changes", models.JSONField(default=dict, verbose_name="changes")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("data", models.JSONField(default=dict, verbose_name="details")),
                ("search", models.TextField(default="", editable=False)),
            ],
            options={
                "verbose_name": "audit event",
                "verbose_name_plural": "audit events",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="audit_by_time"),
                    models.Index(fields=["act", "-at"], name="audit_by_act"),
                    models.Index(
                        condition=models.Q(("actor_id__isnull", False)),
                        fields=["actor_id", "-at"],
                        name="audit_by_actor",
                    ),
                    models.Index(
                        condition=models.Q(("target_id", ""), _negated=True),
                        fields=["target_id", "-at"],
                        name="audit_by_target",
                    ),
                    models.Index(
                        condition=models.Q(("request_id", ""), _negated=True),
                        fields=["request_id"],
                        name="audit_by_request",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search"], name="audit_by_words", opclasses=["gin_trgm_ops"]
                    ),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, "DROP FUNCTION audit_refuse_change()"),
        *[
            migrations.RunSQL(GUARD.format(table=table), f"DROP TRIGGER {table}_append_only ON {table}")
            for table in TABLES
        ],
    ]
