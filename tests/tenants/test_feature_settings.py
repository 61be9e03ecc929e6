"""What a school sets for itself: declared, typed, stored as data, with defaults from the plan (TEN-1)."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from apps.accounts.models import Session
from apps.accounts.permissions import SCHOOL_SETTINGS
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Invalid
from apps.directory.rules import hold_threshold
from apps.tenants import features
from apps.tenants.context import NoSchool, activated, platform
from apps.tenants.features import UnknownSetting, setting, value
from apps.tenants.models import School
from apps.tenants.services.features import change_rules, store
from tests.people import acting, admin, auditor, person
from tests.tenants.conftest import fresh

PERCENT, COUNT = "directory.hold_percent", "directory.hold_count"


@pytest.fixture
def declared(monkeypatch):
    """Declare settings that are forgotten after the test."""
    monkeypatch.setattr(features, "REGISTRY", dict(features.REGISTRY))

    def declare(key, **facts):
        return setting(key, **{"type": int, "default": 1, "label": key, "permission": SCHOOL_SETTINGS} | facts)

    return declare


def change(school, values, user=None):
    return change_rules(actor=acting(user or admin()), school_id=school.pk, values=values)


def keep(school, settings):
    with platform():
        School.objects.filter(pk=school.pk).update(settings=settings)


def test_without_an_own_value_the_default_holds(lumiere):
    assert (value(PERCENT), value(PERCENT, lumiere), value(COUNT)) == (10, 10, 5)
    assert value("audit.retention_days") == 1095


def test_the_plan_has_its_own_default(lumiere, declared):
    declared("tests.most", default=3, plans={"trial": 1})
    assert value("tests.most") == 3
    with platform():
        School.objects.filter(pk=lumiere.pk).update(plan="trial")
    assert value("tests.most") == 1
    change(lumiere, {"tests.most": 7})
    assert value("tests.most") == 7, "the school's own value comes first"


def test_what_a_school_stores_holds_for_it_alone(lumiere, curie):
    assert change(lumiere, {PERCENT: 25}) == {PERCENT: [10, 25]}
    assert value(PERCENT) == 25
    assert hold_threshold().percent == 25
    with activated(curie):
        assert value(PERCENT) == 10
    assert fresh(lumiere).settings == {"directory": {"hold_percent": 25}}, "a default is not written down"


def test_none_goes_back_to_the_default_and_leaves_nothing(lumiere):
    keep(lumiere, {"sign_in": {"password": False}})
    change(lumiere, {PERCENT: 25})
    change(lumiere, {PERCENT: None})
    assert value(PERCENT) == 10
    assert fresh(lumiere).settings == {"sign_in": {"password": False}}


def test_a_change_is_audited_once(lumiere):
    change(lumiere, {PERCENT: 25, COUNT: 5})
    change(lumiere, {PERCENT: 25})
    event = AuditEvent.objects.get(act="school.rules_changed")
    assert event.changes == {PERCENT: [10, 25]}, "what stays the same is not a change"


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({PERCENT: 0}, {PERCENT}),
        ({PERCENT: 101}, {PERCENT}),
        ({PERCENT: "20"}, {PERCENT}),
        ({PERCENT: True}, {PERCENT}),
        ({PERCENT: 20.0}, {PERCENT}),
        ({"audit.retention_days": 364}, {"audit.retention_days"}),
        ({"directory.nothing": 1}, {"directory.nothing"}),
        ({"": 1}, {""}),
        ({COUNT: 7, PERCENT: 0}, {PERCENT}),
        ({"sign_in.password": False}, {"sign_in.password"}),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(lumiere, values, fields):
    with pytest.raises(Invalid) as refused:
        change(lumiere, values)
    assert refused.value.fields.keys() == fields
    assert fresh(lumiere).settings == {}
    assert not AuditEvent.objects.filter(act="school.rules_changed").exists()


def test_reading_an_unknown_key_is_a_programming_error(lumiere):
    with pytest.raises(UnknownSetting):
        value("directory.nothing")


def test_outside_of_a_school_there_is_no_value(db):
    with platform(), pytest.raises(NoSchool):
        value(PERCENT)


def test_only_who_may_change_the_settings(lumiere):
    for someone in (auditor(), person()):
        with pytest.raises(Forbidden):
            change(lumiere, {PERCENT: 25}, someone)
    assert value(PERCENT) == 10


@pytest.mark.parametrize(
    "stored", [{"directory": {"hold_percent": 0}}, {"directory": {"hold_percent": "ten"}}, {"directory": 3}, [], None]
)
def test_what_is_stored_and_makes_no_sense_counts_as_nothing(lumiere, stored):
    lumiere.settings = stored
    assert value(PERCENT, lumiere) == 10


@pytest.mark.parametrize("key", [PERCENT, "nogroup", "group."])
def test_a_key_is_declared_once_and_has_a_group(declared, key):
    with pytest.raises(ValueError, match=key):
        declared(key)


def test_a_default_outside_of_its_range_cannot_be_declared(declared):
    with pytest.raises(ValueError, match="default"):
        declared("tests.most", minimum=5, plans={"trial": 1}, default=6)


def test_the_next_request_sees_it(lumiere, client, django_capture_on_commit_callbacks):
    """A session ends after the school's own time without use, not after the platform's."""
    user, boss = person(), admin()
    client.force_login(user)
    Session.objects.update(last_seen_at=timezone.now() - timedelta(minutes=10))
    assert client.get("/account/").status_code == 200
    Session.objects.update(last_seen_at=timezone.now() - timedelta(minutes=10))
    with django_capture_on_commit_callbacks(execute=True):
        change(lumiere, {"sessions.idle_minutes": 5}, boss)
    assert client.get("/account/").status_code == 302


def test_two_changes_at_once_both_stay(new_school):
    school = new_school()

    def write(key, number):
        try:
            with activated(school):
                for step in range(10):
                    store(school_id=school.pk, values={key: number + step})
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=pair) for pair in ((PERCENT, 20), (COUNT, 40))]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with activated(school):
        assert (value(PERCENT), value(COUNT)) == (29, 49)
