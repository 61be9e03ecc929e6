"""Superadmins live on the platform, come by one command, and are nobody inside a school."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.accounts.selectors import actor_for
from apps.audit.models import AuditEvent
from apps.core.actor import Role
from apps.tenants.context import platform
from tests.accounts.conftest import in_english
from tests.conftest import client_for
from tests.people import code_of, with_authenticator

EMAIL, PASSWORD = "root@campanile.example", "a passphrase for the platform"


@pytest.fixture(autouse=True)
def _platform(db):
    with platform():
        yield


def create(settings, email=EMAIL, password=PASSWORD, **options) -> str:
    settings.SUPERADMIN_EMAIL, settings.SUPERADMIN_PASSWORD = email, password
    out = StringIO()
    call_command("create_superadmin", stdout=out, **options)
    return out.getvalue()


def test_the_command_creates_one_and_can_be_repeated(settings):
    assert "created" in create(settings)
    assert "nothing changed" in create(settings, password="another passphrase altogether")
    user = User.objects.get(email=EMAIL)
    assert user.is_active and user.is_superuser and user.check_password(PASSWORD)
    assert actor_for(user).roles == {Role.SUPERADMIN}
    assert AuditEvent.objects.filter(act="superadmin.created").count() == 1


@pytest.mark.parametrize(("email", "password"), [("not an address", PASSWORD), (EMAIL, "short")])
def test_the_command_says_what_is_wrong(settings, email, password):
    with pytest.raises(CommandError):
        create(settings, email, password)
    assert not User.objects.exists()


def test_nothing_happens_when_none_is_configured(settings):
    assert create(settings, email="", if_configured=True) == "" and not User.objects.exists()


def test_a_superadmin_signs_in_on_the_platform_and_nowhere_else(settings, platform_client, lumiere):
    with platform():
        create(settings)
    form = {"email": EMAIL, "password": PASSWORD}
    assert in_english(client_for(lumiere)).post("/sign-in/", form).status_code == 422
    assert platform_client.post("/sign-in/", form).status_code == 302
    with platform():
        user = with_authenticator(User.objects.get(email=EMAIL))
        code = code_of(user)
    assert platform_client.post("/sign-in/second-step/", {"code": code}).status_code == 302
    elsewhere = client_for(lumiere)
    elsewhere.cookies["__Host-refresh"] = platform_client.cookies["__Host-refresh"].value
    assert elsewhere.get("/account/").status_code == 302
    assert actor_for(user).roles == set(), "the same row would be nobody inside a school"
