"""Outside of every school no table can be reached: forgetting to select one is an error, never another's data."""

import psycopg
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection

from apps.tenants import fleet
from apps.tenants.context import NoSchool, activated, current, current_schema, platform
from tests.live import database_url

SCHOOL_MODELS = [
    model for label in fleet.school_apps() for model in apps.get_app_config(label).get_models() if model._meta.managed
]


@pytest.mark.parametrize("model", SCHOOL_MODELS, ids=lambda model: model._meta.label)
def test_no_model_can_be_read(new_school, model):
    school = new_school()
    with pytest.raises(ProgrammingError, match="does not exist"):
        model.objects.count()
    with activated(school):
        assert model.objects.count() >= 0  # the control: inside, the same statement answers


def test_the_platforms_tables_are_not_a_default(new_school):
    from apps.tenants.models import School

    new_school()
    with pytest.raises(ProgrammingError, match="does not exist"):
        School.objects.count()
    with platform():
        assert School.objects.count() > 0


def test_current_refuses_outside_and_on_the_platform():
    with pytest.raises(NoSchool):
        current()
    with platform(), pytest.raises(NoSchool):
        current()
    assert current_schema() == ""


@pytest.fixture
def raw(django_db_setup):
    """A plain psycopg connection as the application, without our backend."""
    with psycopg.connect(database_url("default"), autocommit=True) as link:
        yield link


@pytest.mark.parametrize("table", ["accounts_user", "tenants_school", "audit_auditevent"])
def test_a_raw_connection_finds_no_table(raw, table):
    with pytest.raises(psycopg.errors.UndefinedTable):
        raw.execute(f"SELECT * FROM {table}")


@pytest.mark.parametrize("table", ["s_lumiere.accounts_user", "public.tenants_school", "public.accounts_user"])
def test_a_raw_connection_may_not_name_a_table_either(raw, table):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(f"SELECT * FROM {table}")


def test_the_login_role_is_neither_owner_nor_superuser(raw):
    row = raw.execute(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolinherit "
        "FROM pg_roles WHERE rolname = session_user"
    ).fetchone()
    assert row == (False, False, False, False, False)


def test_leaving_restores_what_was_before(lumiere, curie):
    with activated(curie):
        with platform():
            assert current_schema() == "public"
        assert current().slug == "curie"
        with pytest.raises(RuntimeError), activated(lumiere):
            raise RuntimeError
        assert current().slug == "curie"
    assert current().slug == "lumiere"
    assert connection.schema_name == "s_lumiere"
