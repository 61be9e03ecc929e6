"""Django's admin shows and never writes: forged forms, formsets, inlines and actions change no row (Z4)."""

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.tenants.admin import site
from apps.tenants.context import platform
from apps.tenants.models import FleetState, Host, JobRun, ProviderBinding, School
from tests.support.conftest import desk, sam  # noqa: F401 - fixtures

WATCHED = (School, Host, ProviderBinding, FleetState, JobRun, User)


def rows() -> list:
    with platform():
        return [sorted(str(sorted(row.items(), key=str)) for row in model.objects.values()) for model in WATCHED]


def forgeries(school, host, state, run):
    change, many = f"/admin/tenants/school/{school.pk}/change/", "/admin/tenants/school/"
    formset = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}
    inline = {f"hosts-{name}": value for name, value in formset.items()}
    inline |= {"hosts-0-id": str(host.pk), "hosts-0-tenant": str(school.pk), "hosts-0-domain": "evil.example"}
    added = {**inline, "hosts-TOTAL_FORMS": "2", "hosts-1-domain": "new.example", "hosts-1-tenant": str(school.pk)}
    listed = {f"form-{name}": value for name, value in formset.items()}
    listed |= {"form-0-id": str(school.pk), "form-0-name": "Stolen", "form-0-status": "cancelled"}
    deletion = {"action": "delete_selected", "_selected_action": [str(school.pk)], "post": "yes", "index": "0"}
    return {
        "change": (change, {"name": "Stolen", "status": "cancelled", "plan": "x", "_save": "1"}),
        "inline changed": (change, {**inline, "_save": "1"}),
        "inline added": (change, {**added, "_save": "1"}),
        "inline deleted": (change, {**inline, "hosts-0-DELETE": "on", "_save": "1"}),
        "saved as new": (change, {"name": "Copy", "_saveasnew": "1"}),
        "list": (many, {**listed, "_save": "Save"}),
        "delete action": (many, deletion),
        "delete": (f"/admin/tenants/school/{school.pk}/delete/", {"post": "yes"}),
        "state change": (f"/admin/tenants/fleetstate/{state}/change/", {"state": "failed", "_save": "1"}),
        "state list": ("/admin/tenants/fleetstate/", {**deletion, "_selected_action": [state]}),
        "state added": ("/admin/tenants/fleetstate/add/", {"schema": "evil", "fingerprint": "x", "state": "done"}),
        "state deleted": (f"/admin/tenants/fleetstate/{state}/delete/", {"post": "yes"}),
        "run change": (f"/admin/tenants/jobrun/{run}/change/", {"outcome": "done", "_save": "1"}),
        "run list": ("/admin/tenants/jobrun/", {**deletion, "_selected_action": [run]}),
        "run added": ("/admin/tenants/jobrun/add/", {"job": "evil", "outcome": "done", "counts": "{}"}),
        "run deleted": (f"/admin/tenants/jobrun/{run}/delete/", {"post": "yes"}),
    }


KINDS = (
    "change", "inline changed", "inline added", "inline deleted", "saved as new", "list", "delete action", "delete",
    "state change", "state list", "state added", "state deleted",
    "run change", "run list", "run added", "run deleted",
)  # fmt: skip


@pytest.fixture(params=["superadmin", "staff only"])
def console(request, desk, sam):  # noqa: F811
    if request.param == "staff only":
        with platform():
            User.objects.filter(pk=sam.pk).update(is_superuser=False, is_staff=True)
    return desk


@pytest.mark.parametrize("kind", KINDS)
def test_a_forged_form_writes_nothing(console, lumiere, kind):
    with platform():
        host, state = Host.objects.filter(tenant=lumiere).first(), FleetState.objects.first().schema
        run = JobRun.objects.create(job="files.sweep", school=lumiere, outcome="failed", started_at=timezone.now()).pk
    path, form = forgeries(lumiere, host, state, run)[kind]
    before = rows()
    assert console.post(path, form).status_code < 500
    assert rows() == before


def test_every_table_of_the_admin_is_forged_above():
    """A control: a table that is registered later needs its forgeries."""
    assert {model._meta.model_name for model in site._registry} == {"school", "fleetstate", "jobrun"}
