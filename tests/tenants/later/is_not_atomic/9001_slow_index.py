from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from tests.tenants.later import after


class Migration(migrations.Migration):
    atomic = False
    dependencies = after()
    operations = [AddIndexConcurrently("campus", models.Index(fields=["name"], name="campus_by_name"))]
