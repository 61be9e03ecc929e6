from django.db import migrations, models

from tests.tenants.later import after


class Migration(migrations.Migration):
    dependencies = after()
    operations = [
        migrations.AddField("campus", "motto", models.CharField(max_length=40, default="100% {ours}")),
        migrations.AddIndex("campus", models.Index(fields=["motto"], name="campus_by_motto")),
        migrations.AddConstraint(
            "campus", models.CheckConstraint(name="motto_is_not_blank", condition=~models.Q(motto=""))
        ),
    ]
