"""What tests of the platform share."""

import pytest
from django.utils import timezone

from apps.core.actor import Actor
from apps.tenants.context import platform
from tests.conftest import HostClient
from tests.people import PASSWORD, code_of, with_authenticator

COMMAND = Actor.system("tests", surface="command")


@pytest.fixture
def superadmin(db):
    from apps.accounts.services.superadmins import create_superadmin

    with platform():
        user, _new = create_superadmin(actor=COMMAND, email="root@platform.example", password=PASSWORD)
    return user


@pytest.fixture
def console(superadmin, settings):
    """A superadmin's browser on the platform's host."""
    client = HostClient(settings.PLATFORM_DOMAIN)
    answer = client.post("/sign-in/", {"email": superadmin.email, "password": PASSWORD, "next": "/admin/"})
    assert answer.status_code == 302, answer.content
    with platform():
        code = code_of(with_authenticator(superadmin))
    answer = client.post("/sign-in/second-step/", {"code": code})
    assert answer["Location"] == "/admin/", answer.content
    return client


def fresh(school):
    """The school as the database has it now."""
    from apps.tenants.models import School

    with platform():
        return School.objects.get(pk=school.pk)


def provisioned(slug, **fields):
    """A school made by the service inside the test's own connections; committed, so drop it afterwards."""
    from apps.tenants.services import provisioning

    with platform():
        return provisioning.provision_school(
            actor=COMMAND,
            slug=slug,
            name=fields.pop("name", f"School {slug}"),
            owner_email=fields.pop("owner_email", f"owner@{slug}.example"),
            now=timezone.now(),
            **fields,
        )
