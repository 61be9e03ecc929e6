"""An encrypted column: readable through its own row, worthless everywhere else, invisible in a dump."""

import pytest
from django.core import checks
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.test.utils import isolate_apps
from django.utils import timezone

from apps.accounts.services import invitations
from apps.audit import rowchanges
from apps.core.actor import SCHOOL, Role
from apps.core.crypto import CannotOpen
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated, platform
from apps.tenants.encrypted import EncryptedTextField, Sealed, encrypted_fields
from tests import people

TEXT = "https://lumiere.example/invitation/only-for-camille/"


def mail(cause="test:1", text=TEXT, html="") -> CommunicationLog:
    return CommunicationLog.objects.create(
        template="invitation", cause=cause, to="camille@lumiere.example", language="fr", text=text, html=html
    )


def raw(log, column="text") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM notifications_communicationlog WHERE id = %s", [log.pk])
        return cursor.fetchone()[0]


def put(log, value, column="text") -> CommunicationLog:
    """Write the column as somebody with the database in their hands would; returns the row as read again."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE notifications_communicationlog SET {column} = %s WHERE id = %s", [value, log.pk])
    return CommunicationLog.objects.get(pk=log.pk)


def test_it_reads_like_text(lumiere):
    log = mail()
    assert raw(log).startswith("s1.") and "camille" not in raw(log)
    assert log.text == TEXT
    assert CommunicationLog.objects.get(pk=log.pk).text == TEXT
    log.refresh_from_db()
    assert log.text == TEXT
    assert CommunicationLog.objects.only("to").get(pk=log.pk).text == TEXT


def test_empty_stays_empty(lumiere):
    log = mail(text="")
    assert raw(log) == "" and CommunicationLog.objects.get(pk=log.pk).text == ""


def test_a_row_that_is_saved_unread_keeps_its_value(lumiere):
    log = mail()
    before = raw(log)
    unread = CommunicationLog.objects.get(pk=log.pk)
    unread.error = "busy"
    unread.save()
    assert raw(log) == before
    unread.text = "another"
    unread.save()
    assert raw(log) != before and CommunicationLog.objects.get(pk=log.pk).text == "another"


def test_bulk_create_encrypts(lumiere):
    rows = [CommunicationLog(template="x", cause=f"bulk:{n}", to="a@b.example", text=f"{n}{TEXT}") for n in range(3)]
    CommunicationLog.objects.bulk_create(rows)
    for number, row in enumerate(rows):
        assert TEXT not in raw(row)
        assert CommunicationLog.objects.get(pk=row.pk).text == f"{number}{TEXT}"


def test_another_row_does_not_open_it(lumiere):
    stolen = put(mail("test:2", text="own"), raw(mail()))
    with pytest.raises(CannotOpen):
        _ = stolen.text


def test_another_column_does_not_open_it(lumiere):
    log = mail()
    with pytest.raises(CannotOpen):
        _ = put(log, raw(log), column="html").html


def test_another_school_does_not_open_it(lumiere, curie):
    """The same row, id and all, copied into the tables of another school, and of the platform."""
    log = mail()
    sealed = raw(log)
    for elsewhere in (activated(curie), platform()):
        with elsewhere:
            twin = CommunicationLog.objects.create(id=log.pk, template="x", cause="test:1", to="a@b.example")
            with pytest.raises(CannotOpen):
                _ = put(twin, sealed).text
    assert log.text == TEXT  # and here it still does


def test_a_row_read_in_its_school_opens_after_leaving_it(lumiere, curie):
    log = CommunicationLog.objects.get(pk=mail().pk)
    with activated(curie):
        assert log.text == TEXT


def test_text_planted_without_a_key_is_not_believed(lumiere):
    with pytest.raises(CannotOpen):
        _ = put(mail(), "follow this link").text


@pytest.mark.parametrize("lookup", ["text", "text__contains", "text__startswith", "text__in", "text__length"])
def test_it_cannot_be_searched(lumiere, lookup):
    value = [TEXT] if lookup.endswith("in") else TEXT
    with pytest.raises(FieldError, match="Unsupported lookup"):
        CommunicationLog.objects.filter(**{lookup: value}).exists()


def test_update_without_the_row_is_refused(lumiere):
    log = mail()
    with pytest.raises(TypeError, match="assign it to an instance"), transaction.atomic():
        CommunicationLog.objects.filter(pk=log.pk).update(text="secret")
    assert CommunicationLog.objects.filter(pk=log.pk).update(text="") == 1


def test_a_listing_does_not_show_it(lumiere):
    value = CommunicationLog.objects.values_list("text", flat=True).get(pk=mail().pk)
    assert isinstance(value, Sealed) and "s1." not in repr(value)


def test_the_row_audit_leaves_it_out(lumiere):
    rowchanges.auditlog.unregister(CommunicationLog)
    try:
        rowchanges.track(CommunicationLog)
        excluded = rowchanges.auditlog.get_model_fields(CommunicationLog)["exclude_fields"]
        assert {"text", "html"} <= set(excluded)
    finally:
        rowchanges.auditlog.unregister(CommunicationLog)


@isolate_apps("apps.tenants")
def test_a_field_that_cannot_be_bound_to_its_row_is_found_by_the_checks():
    class Numbered(models.Model):
        id = models.AutoField(primary_key=True)
        secret = EncryptedTextField()
        found_by = EncryptedTextField(unique=True)

        class Meta:
            app_label = "tenants"

        def __str__(self):
            return ""

    ids = [one.id for field in encrypted_fields(Numbered) for one in field.check()]
    assert ids == ["tenants.E001", "tenants.E001", "tenants.E002"]
    assert not [one for one in checks.run_checks() if one.id and one.id.startswith("tenants.E00")]


def dump() -> str:
    """Every row of every table of the active schema, as a thief would copy them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def test_a_dump_of_the_database_opens_no_account(lumiere):
    """An invitation waits to be mailed: its link stands in no table, whatever table one looks at."""
    actor = people.acting(people.owner())
    invitation = invitations.invite(
        actor=actor, email="new@lumiere.example", role=Role.MEMBER, scope=SCHOOL, now=timezone.now()
    )
    log = CommunicationLog.objects.get(user_id=invitation.user_id)
    token = log.text.split("/invitation/")[1].split("/")[0].split()[0]
    assert len(token) > 30
    content = dump()
    assert "new@lumiere.example" in content  # the dump is one
    assert token not in content
    assert "/invitation/" not in content
