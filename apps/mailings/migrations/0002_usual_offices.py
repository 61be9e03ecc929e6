"""Presidents and secretaries of boards that are there already may send, like those of boards founded from now on.

Only usual offices that still give what they were founded with: where a school or a president took it away, they decided.
"""

from django.db import migrations

OFFICES = ("president", "secretary")
KEPT = "associations.edit"  # both usual offices give it; who lost it was changed on purpose
CODE = "mailings.send"


def give(apps, schema_editor):
    offices = apps.get_model("associations", "Office").objects.using(schema_editor.connection.alias)
    for office in offices.filter(code__in=OFFICES, archived_at=None, permissions__contains=[KEPT]):
        office.permissions = sorted({*office.permissions, CODE})
        office.save(update_fields=["permissions"])


def take(apps, schema_editor):
    offices = apps.get_model("associations", "Office").objects.using(schema_editor.connection.alias)
    for office in offices.filter(permissions__contains=[CODE]):
        office.permissions = [code for code in office.permissions if code != CODE]
        office.save(update_fields=["permissions"])


class Migration(migrations.Migration):

    dependencies = [
        ("mailings", "0001_announcements"),
    ]

    operations = [migrations.RunPython(give, take)]
