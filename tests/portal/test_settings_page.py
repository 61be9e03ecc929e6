"""How a school presents itself: who may change it, what is accepted, and what others see of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.audit.models import AuditEvent
from apps.tenants.context import platform
from apps.tenants.models import School
from tests.conftest import client_for
from tests.files.pictures import picture
from tests.people import auditor, owner

PNG = picture("PNG")
GOOD = {"name": "École Lumière", "locale": "fr", "time_zone": "Europe/Paris", "hue": "150"}


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def stored(school) -> School:
    with platform():
        return School.objects.get(pk=school.pk)


def test_a_new_colour_is_there_at_once(office, lumiere, django_capture_on_commit_callbacks):
    office.get("/")
    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post("/settings/", GOOD)
    assert answer.status_code == 302
    assert stored(lumiere).hue == 150
    assert "--hue: 150" in office.get("/theme.css").content.decode()
    event = AuditEvent.objects.get(act="school.settings_changed")
    assert event.changes["hue"][1] == 150
    assert "name" not in event.changes, "what stays the same is not a change"


def test_only_the_own_school_changes(office, lumiere, curie):
    before = stored(curie).hue
    office.post("/settings/", GOOD)
    assert stored(curie).hue == before


@pytest.mark.parametrize(
    "wrong",
    [{"hue": "360"}, {"hue": "-1"}, {"hue": "red"}, {"name": "  "}, {"name": "x" * 121}, {"time_zone": "Mars/Base"},
     {"time_zone": "../../etc/passwd"}, {"locale": "de"}],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_sentence(office, lumiere, wrong):
    before = stored(lumiere)
    answer = office.post("/settings/", GOOD | wrong)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == wrong.keys()
    after = stored(lumiere)
    assert (after.name, after.hue, after.time_zone, after.locale) == (
        before.name, before.hue, before.time_zone, before.locale,
    )  # fmt: skip


def test_who_may(lumiere, as_person, manager, student):
    assert as_person(owner()).get("/settings/").status_code == 200
    for someone in (auditor(), manager, student):
        assert as_person(someone).post("/settings/", GOOD).status_code == 403
        assert as_person(someone).post("/settings/logo/", {}).status_code == 403


# --- the logo --------------------------------------------------------------------------------------------


def test_a_logo_is_shown_to_visitors_of_this_school_only(
    office, client, lumiere, curie, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post("/settings/logo/", {"logo": SimpleUploadedFile("../../x.svg", PNG, "image/svg+xml")})
    assert answer.status_code == 302
    name = stored(lumiere).logo.name
    assert name.endswith(".webp"), "written anew"
    shown = client.get(f"/files/{name}")
    assert shown.status_code == 200
    assert b"".join(shown.streaming_content)[8:12] == b"WEBP"
    assert shown["Content-Type"] == "image/webp"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert client_for(curie).get(f"/files/{name}").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"<svg onload='alert(1)'/>",
        b"<html><script>1</script>",
        b"GIF89a" + b"0" * 50,
        b"RIFF0000WAVE" + b"0" * 50,
        b"x",
    ],
    ids=["svg", "html", "gif", "wave", "other"],
)
def test_what_is_no_picture_is_refused(office, lumiere, content):
    answer = office.post("/settings/logo/", {"logo": SimpleUploadedFile("logo.png", content, "image/png")})
    assert answer.status_code == 422
    assert not stored(lumiere).logo


def test_a_large_picture_is_refused(office, lumiere):
    answer = office.post("/settings/logo/", {"logo": SimpleUploadedFile("logo.png", PNG + b"0" * 5_000_000)})
    assert answer.status_code == 422


def test_no_file_is_an_error_beside_the_field(office):
    assert office.post("/settings/logo/", {}).status_code == 422


def test_a_removed_logo_is_gone(office, client, lumiere, django_capture_on_commit_callbacks):
    office.post("/settings/logo/", {"logo": SimpleUploadedFile("logo.png", PNG)})
    name = stored(lumiere).logo.name
    with django_capture_on_commit_callbacks(execute=True):
        office.post("/settings/logo/removal/")
    assert client.get(f"/files/{name}").status_code == 404
    assert not stored(lumiere).logo


@pytest.mark.parametrize("name", ["../settings.py", "..%2f..%2fetc%2fpasswd", "nothing.png", "%00.png"])
def test_no_other_file_can_be_named(client, name):
    assert client.get(f"/files/branding/{name}").status_code == 404
