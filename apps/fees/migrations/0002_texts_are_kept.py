"""What was signed stays as it was: the database refuses to change the words of a charter (audit 0001)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("fees", "0001_fees"), ("audit", "0003_trail_outlives_people")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER fees_texts_are_kept BEFORE UPDATE ON fees_charterversion "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()",
            "DROP TRIGGER fees_texts_are_kept ON fees_charterversion",
        ),
    ]
