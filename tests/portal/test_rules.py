"""The rules on the page of settings: the school's own values, or its plan's defaults."""

import pytest

from apps.tenants.context import platform
from apps.tenants.features import value
from apps.tenants.models import School
from tests.people import auditor

PERCENT = "directory.hold_percent"


def own_settings(school):
    with platform():
        return School.objects.get(pk=school.pk).settings


def test_the_page_offers_every_rule_with_its_default(office, lumiere):
    page = office.get("/settings/").content.decode()
    for key in (PERCENT, "directory.hold_count", "profile.photo", "sessions.idle_minutes"):
        assert f'name="{key}"' in page
    assert "Left empty: 10." in page
    assert "sign_in.password" not in page, "has its own page, which makes sure that nobody is locked out"


def test_a_rule_is_saved_and_shown(office, lumiere, django_capture_on_commit_callbacks):
    office.get("/settings/")
    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post("/settings/rules/", {PERCENT: "25"})
    assert answer.status_code == 302
    assert value(PERCENT) == 25
    assert own_settings(lumiere) == {"directory": {"hold_percent": 25}}
    assert 'value="25"' in office.get("/settings/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        office.post("/settings/rules/", {PERCENT: ""})
    assert value(PERCENT) == 10
    assert own_settings(lumiere) == {}


@pytest.mark.parametrize("wrong", ["0", "101", "ten", "1.5", "9" * 40, "\x00"])
def test_what_makes_no_sense_is_refused_beside_its_field(office, lumiere, wrong):
    answer = office.post("/settings/rules/", {PERCENT: wrong, "directory.hold_count": "7"})
    assert answer.status_code == 422
    assert answer.context["rules_form"].errors.keys() == {PERCENT}
    assert own_settings(lumiere) == {}


def test_what_is_not_offered_cannot_be_sent(office, lumiere):
    office.post("/settings/rules/", {"sign_in.password": "false", "made.up": "1"})
    assert own_settings(lumiere) == {}


def test_who_may(lumiere, as_person, manager, student):
    for someone in (auditor(), manager, student):
        assert as_person(someone).post("/settings/rules/", {PERCENT: "25"}).status_code == 403
    assert own_settings(lumiere) == {}
