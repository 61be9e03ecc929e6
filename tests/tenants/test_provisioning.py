"""A school comes to life once, whatever is cut off, repeated or done twice at the same time."""

import uuid

import psycopg
import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.utils import timezone

from apps.accounts.models import Invitation
from apps.audit.models import AuditEvent
from apps.core.actor import Actor, Held, Role
from apps.core.errors import Forbidden, Invalid
from apps.tenants import fleet
from apps.tenants.context import activated, platform
from apps.tenants.database import owner_connection
from apps.tenants.models import FleetState, Host, School
from apps.tenants.services import provisioning
from tests.conftest import client_for, drop_school
from tests.people import person
from tests.tenants.conftest import COMMAND, fresh, provisioned
from tests.tenants.crowd import crowd


@pytest.fixture
def slug(django_db_setup, django_db_blocker):
    """A free short name; what is made under it is dropped afterwards."""
    name = f"p{uuid.uuid4().hex[:8]}"
    with django_db_blocker.unblock():
        yield name
        with platform():
            schools = list(School.objects.filter(slug__startswith=name))
        for school in schools:
            drop_school(school)


def facts(slug):
    """Everything there may be only one of."""
    with platform():
        school = School.objects.get(slug=slug)
        told = AuditEvent.objects.filter(target_id=str(school.pk), act="school.created").count()
        hosts = Host.objects.filter(tenant=school).count()
        states = FleetState.objects.filter(schema=school.schema_name).count()
    with activated(school):
        invitations = Invitation.objects.count()
        told_inside = AuditEvent.objects.filter(act="school.created").count()
    return {
        "ready": school.ready, "status": school.status, "hosts": hosts, "states": states, "told": told,
        "invitations": invitations, "told inside": told_inside,
    }  # fmt: skip


WHOLE = {
    "ready": True, "status": "pending", "hosts": 1, "states": 1, "told": 1, "invitations": 1, "told inside": 1,
}  # fmt: skip


def test_a_new_school_is_usable(slug):
    school = provisioned(slug, name="École d'essai", owner_email="Head@Example.org", locale="fr")
    assert facts(slug) == WHOLE
    assert school.schema_name == f"s_{slug}"
    assert client_for(school).get("/sign-in/").status_code == 200
    with activated(school):
        assert Invitation.objects.get().email == "head@example.org"
        user = person()
        entry = LogEntry.objects.get(object_pk=str(user.pk))
        assert entry.content_type == ContentType.objects.get(app_label="accounts", model="user")


def test_repeating_it_changes_nothing(slug):
    first = provisioned(slug)
    assert provisioned(slug).pk == first.pk
    assert facts(slug) == WHOLE


# --- cut off ----------------------------------------------------------------------------------------------------


class Cut(BaseException):
    """The process dies here: nothing may catch it."""


@pytest.fixture
def cut_at(monkeypatch):
    """Die at the n-th statement that any connection of this process sends; returns how many were sent."""
    plan = {"at": 0, "sent": 0, "dead": False}
    execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit

    def step(connection):
        plan["sent"] += 1
        if plan["sent"] == plan["at"]:
            plan["dead"] = True
        if plan["dead"]:
            connection.pgconn.finish()  # the server sees a client that is gone
            raise Cut

    def counted(self, *args, **options):
        step(self.connection)
        return execute(self, *args, **options)

    def counted_commit(self):
        step(self)
        return commit(self)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    monkeypatch.setattr(psycopg.Connection, "commit", counted_commit)

    def attempt(slug, at):
        plan.update(at=at, sent=0, dead=False)
        try:
            provisioned(slug)
            return plan["sent"]
        except BaseException:
            if not plan["dead"]:
                raise
            return None
        finally:
            plan.update(at=0, dead=False)
            connections["default"].close()

    return attempt


@pytest.mark.slow
@pytest.mark.slow
def test_cut_off_at_every_statement_and_repeated(slug, cut_at):
    """Exhaustive: die at statement 1, 2, 3 ... of a provisioning, repeat it, and find exactly one of everything."""
    number, steps = 0, None
    while steps is None:
        number += 1
        name = f"{slug}-{number}"
        steps = cut_at(name, number)
        if steps is None:
            assert cut_at(name, 0)
        assert facts(name) == WHOLE, f"cut at statement {number}"
    assert number > 15, "there was something to cut"


def test_a_school_without_its_tables_answers_that_it_is_being_prepared(slug, monkeypatch):
    monkeypatch.setattr(provisioning, "create_schema", lambda school: (_ for _ in ()).throw(Cut()))
    with pytest.raises(Cut):
        provisioned(slug)
    monkeypatch.undo()
    with platform():
        school = School.objects.get(slug=slug)
    answer = client_for(school).get("/")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    provisioned(slug)
    assert client_for(school).get("/sign-in/").status_code == 200, "at once, not when a cache forgets"


# --- at the same time ---------------------------------------------------------------------------------------------


def test_two_callers_at_once_make_one_school_and_one_invitation(slug):
    made = crowd(lambda number: provisioned(slug).pk, threads=4)
    assert len(set(made)) == 1
    assert facts(slug) == WHOLE


def test_four_different_schools_at_once(slug):
    crowd(lambda number: provisioned(f"{slug}-{number}"), threads=4)
    for number in range(4):
        assert facts(f"{slug}-{number}") == WHOLE


# --- refused ------------------------------------------------------------------------------------------------------


def test_a_short_name_belongs_to_the_first(slug):
    provisioned(slug)
    with pytest.raises(provisioning.SchoolExists, match="exists already"):
        provisioned(slug, owner_email="somebody@else.example")
    assert facts(slug) == WHOLE


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"slug": ""}, "slug"),
        ({"slug": "9lives"}, "slug"),
        ({"slug": "two words"}, "slug"),
        ({"slug": "école"}, "slug"),
        ({"slug": "a" * 41}, "slug"),
        ({"slug": 'x"; DROP SCHEMA public; --'}, "slug"),
        ({"slug": "under_score"}, "slug"),
        ({"slug": "ends-"}, "slug"),
        ({"slug": "www"}, "slug"),
        ({"slug": "public"}, "slug"),
        ({"slug": "template"}, "slug"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"owner_email": "nobody"}, "owner_email"),
        ({"owner_email": ""}, "owner_email"),
        ({"owner_email": "a@b.example\r\nBcc: all@b.example"}, "owner_email"),
        ({"locale": "de"}, "locale"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_bad_input_is_named_and_nothing_is_made(db, fields, wrong):
    values = {"slug": "fine", "name": "A school", "owner_email": "o@s.example", **fields}
    with platform():
        before = School.objects.count()
        with pytest.raises(Invalid) as refused:
            provisioning.provision_school(actor=COMMAND, now=timezone.now(), **values)
        assert list(refused.value.fields) == [wrong]
        assert School.objects.count() == before


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SUPERADMIN, Role.SYSTEM)])
def test_nobody_of_a_school_makes_schools(db, role):
    actor = Actor(label="somebody", held=(Held(role),))
    with platform(), pytest.raises(Forbidden):
        provisioning.provision_school(
            actor=actor, slug="mine", name="Mine", owner_email="o@s.example", now=timezone.now()
        )


def test_a_platform_without_template_says_what_to_do(slug, monkeypatch):
    monkeypatch.setattr(fleet, "create_school", lambda connection, schema: False)
    with pytest.raises(provisioning.PlatformNotMigrated, match=r"manage\.py migrate_fleet"):
        provisioned(slug)


# --- who may touch the new tables ---------------------------------------------------------------------------------


def test_the_schools_role_sees_its_own_tables_only(slug):
    school = provisioned(slug)
    with owner_connection() as owner:
        rows = owner.execute(
            "SELECT n.nspname, has_schema_privilege(%s, n.oid, 'USAGE') FROM pg_namespace n "
            "WHERE n.nspname = 'public' OR n.nspname LIKE 's\\_%%' OR n.nspname = 'template_school'",
            [f"school_{school.schema_name}"],
        ).fetchall()
    assert [name for name, may in rows if may] == [school.schema_name]


def test_the_plain_connection_is_not_left_inside(slug):
    school = provisioned(slug)
    assert fresh(school).ready
    with platform(), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        assert cursor.fetchone() == ("public",)
