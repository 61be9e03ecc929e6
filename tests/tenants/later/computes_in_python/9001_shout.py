from django.db import migrations, models

from tests.tenants.later import after


def shout(apps, schema_editor):
    campuses = apps.get_model("campuses", "Campus").objects.using(schema_editor.connection.alias)
    for campus in campuses.all():
        campus.name = campus.name.upper()
        campus.save()


class Migration(migrations.Migration):
    dependencies = after()
    operations = [
        migrations.AddField("campus", "motto", models.CharField(max_length=40, default="ours")),
        migrations.RunPython(shout, migrations.RunPython.noop),
    ]
