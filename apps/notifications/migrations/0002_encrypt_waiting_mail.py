"""Mail that waits is encrypted: the rows that wait already are encrypted here. The type of the columns stays."""

import apps.tenants.encrypted
from django.db import migrations

from apps.core import crypto
from apps.tenants.context import current_schema

COLUMNS = ("text", "html")


def encrypt(registry, schema_editor):
    schema = current_schema()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, text, html FROM notifications_communicationlog WHERE text <> '' OR html <> ''")
        for key, *texts in cursor.fetchall():
            sealed = [
                crypto.seal(text, (schema, "notifications.communicationlog", column, str(key))) if text else ""
                for column, text in zip(COLUMNS, texts)
            ]
            cursor.execute("UPDATE notifications_communicationlog SET text = %s, html = %s WHERE id = %s", [*sealed, key])


def decrypt(registry, schema_editor):
    schema = current_schema()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, text, html FROM notifications_communicationlog WHERE text <> '' OR html <> ''")
        for key, *sealed in cursor.fetchall():
            texts = [
                crypto.unseal(text, (schema, "notifications.communicationlog", column, str(key))) if text else ""
                for column, text in zip(COLUMNS, sealed)
            ]
            cursor.execute("UPDATE notifications_communicationlog SET text = %s, html = %s WHERE id = %s", [*texts, key])


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='communicationlog',
            name='html',
            field=apps.tenants.encrypted.EncryptedTextField(blank=True),
        ),
        migrations.AlterField(
            model_name='communicationlog',
            name='text',
            field=apps.tenants.encrypted.EncryptedTextField(blank=True),
        ),
        migrations.RunPython(encrypt, decrypt),
    ]
