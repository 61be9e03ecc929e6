"""Schools: their own settings on their host, their life on the platform's."""

import uuid

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from apps.tenants.names import schema_of
from tests.api.conftest import machine, platform_program, program
from tests.conftest import drop_school
from tests.people import auditor
from tests.support.conftest import superadmin

WHY = {"reason": "The contract ended"}


def test_a_school_sees_and_changes_itself(lumiere, desk):
    (own,) = desk.get_("orgs").json()["results"]
    assert own["id"] == str(lumiere.pk) and own["slug"] == "lumiere"
    path = f"orgs/{lumiere.pk}"
    seen = desk.get_(path)
    changed = desk.change(path, {"name": "Lumière 2", "hue": 20, "language": "en"}, seen["ETag"])
    assert changed.status_code == 200 and changed.json()["name"] == "Lumière 2"
    assert desk.change(path, {"hue": 21}, seen["ETag"]).status_code == 412
    assert AuditEvent.objects.get(act="school.settings_changed").surface == "api"


@pytest.mark.parametrize(
    "body",
    [{"name": ""}, {"name": "x\ny"}, {"time_zone": "Mars/Base"}, {"hue": 360}, {"hue": "20x"}, {"language": "de"},
     {"status": "active"}, {"plan": "free"}, {"slug": "x"}],
)  # fmt: skip
def test_what_a_school_cannot_be(lumiere, desk, body):
    assert desk.change(f"orgs/{lumiere.pk}", body).status_code == 422
    with platform():
        assert School.objects.get(pk=lumiere.pk).name == lumiere.name


def test_another_school_is_not_there(lumiere, curie, desk):
    assert desk.get_(f"orgs/{curie.pk}").status_code == 404
    assert desk.change(f"orgs/{curie.pk}", {"hue": 1}).status_code == 404
    assert program(lumiere, auditor()).get_("orgs").status_code == 403
    assert machine(lumiere, "school.settings").get_(f"orgs/{lumiere.pk}").status_code == 200


# --- on the platform ---------------------------------------------------------------------------------------


def test_superadmins_find_schools(lumiere, curie, console):
    slugs = [row["slug"] for row in console.get_("orgs?limit=200").json()["results"]]
    assert {"lumiere", "curie"} <= set(slugs)
    assert [row["slug"] for row in console.get_("orgs?q=curie").json()["results"]] == ["curie"]
    assert console.get_("orgs?status=cancelled").json()["results"] == []
    assert console.get_("orgs/018f3b5e-0000-7000-8000-000000000000").status_code == 404


def test_the_life_of_a_school(lumiere, console):
    path = f"orgs/{lumiere.pk}"
    seen = console.get_(path)
    assert console.change(path, {"plan": "federation"}, seen["ETag"]).json()["plan"] == "federation"
    assert console.change(path, {"plan": "x"}, seen["ETag"]).status_code == 412
    assert console.send(f"{path}/suspension", WHY).json()["status"] == "suspended"
    assert console.send(f"{path}/resumption", WHY).json()["status"] == "active"
    assert console.delete_(path).status_code == 422, "a reason is needed"
    assert console.delete_(f"{path}?reason=left", if_match=console.get_(path)["ETag"]).status_code == 204
    assert console.get_(path).json()["status"] == "cancelled"
    for act in ("suspension", "resumption"):
        assert console.send(f"{path}/{act}", WHY).status_code == 409, "what is over is over"
    assert console.send(f"{path}/owner-invitation").status_code == 409
    acts = {"school.suspended", "school.resumed", "school.cancelled"}
    with activated(lumiere):
        assert acts <= set(AuditEvent.objects.values_list("act", flat=True))
    with platform():
        assert acts <= set(AuditEvent.objects.filter(surface="api").values_list("act", flat=True))


def test_whoever_is_no_superadmin_is_refused(db, settings, lumiere):
    staff = superadmin("lea@platform.example")
    desk = platform_program(settings, staff)
    with platform():
        User.objects.filter(pk=staff.pk).update(is_superuser=False)
    assert desk.get_("orgs").status_code == 403
    assert platform_program(settings).get_("orgs").status_code == 401


@pytest.fixture
def newton(django_db_setup):
    """Its tables are committed by a connection of their own; they go when the test's transaction is over."""
    slug = f"n{uuid.uuid4().hex[:8]}"
    yield slug
    drop_school(School(slug=slug, schema_name=schema_of(slug)))


def test_a_school_is_made_and_made_again(newton, console):
    """Its tables are made outside of the request's transaction, also when the request has an idempotency key."""
    body = {"slug": newton, "name": "Newton", "owner_email": "owner@newton.example"}
    made = console.send("orgs", body, idempotency_key="newton-1")
    assert made.status_code == 201 and made.json()["ready"]
    assert console.send("orgs", body, idempotency_key="newton-1").content == made.content
    assert console.send("orgs", body).json() == made.json(), "the same again changes nothing"
    other = console.send("orgs", {**body, "owner_email": "other@newton.example"})
    assert (other.status_code, other.json()["code"]) == (409, "school-exists")
    assert console.send("orgs", {**body, "slug": "www"}).status_code == 422
    assert console.send(f"orgs/{made.json()['id']}/owner-invitation").status_code == 200
