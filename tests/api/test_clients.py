"""The generated clients: they are what docs/openapi says, and the Python one works against the running product."""

import re
from datetime import timedelta

import httpx
import pytest
from campanile_client import Platform, Problem, School, every
from django.conf import settings
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import service_credentials
from apps.core.actor import Actor
from apps.core.api import openapi
from apps.tenants.context import activated
from config.dev import clients
from tests.people import PASSWORD, admin, person


def test_the_committed_files_are_what_the_description_says():
    stale = [path.name for path, text in clients.files().items() if path.read_text() != text]
    assert not stale, "run `make clients`"


@pytest.mark.parametrize(("kind", "host"), [(School, openapi.SCHOOL), (Platform, openapi.PLATFORM)])
def test_every_operation_is_a_method(kind, host):
    names = {one["operationId"] for item in openapi.as_json(host)["paths"].values() for one in item.values()}
    assert names <= set(dir(kind))


@pytest.mark.parametrize("name", ["school", "platform"])
def test_typescript_names_only_what_it_declares(name):
    text = (settings.BASE_DIR / "clients" / "typescript" / f"{name}.d.ts").read_text()
    declared = set(re.findall(r"^export interface (\w+)", text, re.MULTILINE))
    used = set(re.findall(r"(?:: |<|\| )([A-Z]\w+)\b(?!<)", text)) - {"Array", "Record"}
    assert used and used <= declared | {"GET", "POST", "PATCH", "DELETE"}
    assert text.count("{") == text.count("}")


@pytest.fixture
def school(live, new_school):
    made = new_school("cli")
    with activated(made):
        made.boss = admin()
        for number in range(5):
            person(f"p{number}@{made.slug}.example", family_name=f"Zz{number}")
    return made


def http(live, school=None) -> httpx.Client:
    return live.client(school)


def test_the_python_client_speaks_to_the_running_product(live, school):
    with School("", http=http(live, school)) as client:
        client.token = client.sign_in(body={"email": school.boss.email, "password": PASSWORD})["access_token"]
        assert client.get_me().value["email"] == school.boss.email
        names = [one["family_name"] for one in every(client.list_users, q="Zz", limit=2)]
        assert names == [f"Zz{number}" for number in range(5)]
        made = client.create_user(body={"email": f"new@{school.slug}.example"}, idempotency_key="k")
        assert client.create_user(body={"email": f"new@{school.slug}.example"}, idempotency_key="k") == made
        seen = client.get_user(made["id"])
        changed = client.update_user(made["id"], body={"job_title": "Tutor"}, if_match=seen.etag)
        assert changed.value["job_title"] == "Tutor" and changed.etag != seen.etag
        with pytest.raises(Problem) as refused:
            client.update_user(made["id"], body={"job_title": "x"}, if_match=seen.etag)
        assert (refused.value.status, refused.value.code) == (412, "changed-meanwhile")
        with pytest.raises(Problem) as wrong:
            client.create_campus(body={"name": "", "code": "X"})
        assert "name" in wrong.value.errors and wrong.value.request_id
        client.delete_user(made["id"], reason="left", if_match=changed.etag)
    with activated(school):
        assert User.objects.get(pk=made["id"]).status == "departed"


def test_a_machine_by_the_python_client(live, school):
    with activated(school):
        now = timezone.now()
        secret = service_credentials.create_credential(
            actor=Actor.system("tests"),
            name="t",
            permissions=["people.view"],
            expires_at=now + timedelta(days=1),
            now=now,
        ).secret
    with School("", secret, http=http(live, school)) as client:
        assert len(list(every(client.list_users))) >= 5
        with pytest.raises(Problem) as refused:
            client.list_campuses()
        assert refused.value.status == 403


def test_a_visitor_at_the_platform(live):
    with Platform("", http=http(live)) as client, pytest.raises(Problem) as refused:
        client.list_orgs()
    assert refused.value.code == "not-signed-in"
