"""GET /api/v1/integrations/status: one school's services, and on the platform those of all schools (INT-7)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.integrations.http import gate
from apps.integrations.http.gate import Rule
from apps.integrations.models import InboundEvent, SchoolState
from apps.integrations.services import draining, health, watching
from apps.integrations.services.figures import Figures
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from tests.integrations.senders import event, person
from tests.people import admin
from tests.people import person as somebody

RULE = Rule(at_once=3, waits=0.0, minimum=5, share=50, half_window=3600, pauses=(100, 200))
URL = "/api/v1/integrations/status"


@pytest.fixture
def boss(client):
    client.force_login(admin())
    return client


def of(answer, service="user-service"):
    return next(one for one in answer.json()["services"] if one["service"] == service)


def test_a_school_sees_each_service_with_its_figures_and_what_to_do(boss, sender):
    assert of(boss.get(URL))["state"] == "healthy", "it has a secret and nothing is wrong"
    sender.post(event("user.created", person(1)))
    draining.drain()
    well = of(boss.get(URL))
    assert (well["state"], well["advice"], well["received"], well["error_rate"]) == ("healthy", "", 1, 0.0)
    assert well["last_success_at"] and well["last_event_id"].startswith("evt_")
    sender.post(event("user.created", person(2, email="b@elsewhere.example")))
    sender.post(event("user.updated", {"external_id": "P9", "given_name": "Zoé"}))
    draining.drain()
    answer = boss.get(URL)
    ill = of(answer)
    assert (ill["state"], ill["code"], ill["dead"], ill["waiting"], ill["retrying"]) == ("degraded", "dead", 1, 1, 1)
    assert ill["error_rate"] == 0.5 and ill["advice"]
    assert answer.json()["state"] == "degraded"


def test_who_may_not_see_it_does_not(client, sender):
    assert client.get(URL).status_code == 401
    client.force_login(somebody())
    assert client.get(URL).status_code == 403


def test_the_breaker_of_a_provider_is_told(boss):
    def called(provider, outcome, times):
        for _ in range(times):
            entry = gate.GATE.enter(provider, "", RULE, lease=30)
            if entry.said == "go":
                gate.GATE.leave(entry, provider, "", RULE, outcome)

    called("microsoft-graph", "bad", 6)
    called("microsoft-login", "good", 1)
    answer = boss.get(URL)
    graph = of(answer, "microsoft-graph")
    assert (graph["state"], graph["code"], graph["breaker"]) == ("error", "breaker-open", "open")
    assert of(answer, "microsoft-login")["state"] == "healthy" and answer.json()["state"] == "error"
    assert "state=dead" not in boss.get("/integrations/").content.decode()


def test_on_the_platform_all_schools_stand_in_one_answer(console, lumiere, curie, sender):
    sender.post(event("user.created", person(2, email="b@elsewhere.example")))
    draining.drain()
    for school in (lumiere, curie):
        with activated(school):
            watching.watch(now=timezone.now())
    with platform():
        said = console.get(URL).json()
        found = {one["organization"]: one for one in said["results"]}
        assert (found["lumiere"]["state"], found["curie"]["state"]) == ("degraded", "unused")
        ill = next(one for one in found["lumiere"]["services"] if one["service"] == "user-service")
        assert (ill["code"], ill["dead"]) == ("dead", 1) and ill["advice"]
        only = console.get(URL + "?state=degraded").json()
        assert [one["organization"] for one in only["results"]] == ["lumiere"]
        assert console.get(URL + "?state=wonderful").status_code == 422


def test_a_thousand_schools_cost_no_more_statements_than_two(console, lumiere):
    with platform():

        def statements(path):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                assert console.get(path).status_code == 200
            return len(seen)

        few = {path: statements(path) for path in (URL + "?limit=200", "/integrations/schools/")}
        schools = [
            School(name=f"École {n}", slug=f"many{n}", schema_name=f"s_many{n}", ready=True, status="active")
            for n in range(1000)
        ]
        School.objects.bulk_create(schools)
        SchoolState.objects.bulk_create(
            SchoolState(school_id=one.pk, state="degraded", dead=n, looked_at=timezone.now())
            for n, one in enumerate(schools)
        )
        for path, before in few.items():
            assert statements(path) <= before + 1, path


@pytest.mark.parametrize(
    ("figures", "more", "expected"),
    [
        ({}, {}, ("healthy", "")),
        ({"lag": 301}, {}, ("error", "late")),
        ({"lag": 299}, {}, ("healthy", "")),
        ({"good": 2, "bad": 3}, {}, ("error", "failing")),
        ({"good": 0, "bad": 1, "dead": 1}, {}, ("degraded", "dead")),
        ({"conflicts": 1}, {}, ("degraded", "conflict")),
        ({}, {"silent": True}, ("degraded", "silent")),
        ({}, {"keyless": True}, ("degraded", "no-secret")),
        ({}, {"breaker": "half-open"}, ("degraded", "breaker-trying")),
        ({"retrying": 1, "waiting": 1}, {}, ("degraded", "retrying")),
        ({"dead": 1, "lag": 400}, {}, ("error", "late")),
    ],
)
def test_state_and_reason(figures, more, expected):
    assert health.judge(Figures("x", **figures), **more) == expected


def lag(now):
    return next(one for one in health.look(now) if one.service == "user-service").figures.lag


def test_what_is_late_is_what_could_have_been_tried(sender):
    now = timezone.now()
    sender.post(event("user.updated", {"external_id": "P1", "given_name": "Zoé"}))
    InboundEvent.objects.update(due_at=now + timedelta(minutes=30), received_at=now - timedelta(hours=3))
    sender.post(event("user.created", person(1)))
    assert lag(now + timedelta(seconds=200)) <= 201, "a pause before a retry is no lag"
    InboundEvent.objects.update(due_at=now - timedelta(hours=1))
    assert 3590 < lag(now) < 3700
