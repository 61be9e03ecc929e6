"""`/metrics`: for who has the token, with a bounded number of series, whatever people and schools do (OPS-1)."""

import json
import os
import subprocess
import sys
import time
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from apps.directory.models import DirectoryRun
from apps.integrations.models import SchoolState
from apps.ops import metrics, probes
from apps.ops.tasks import heartbeat
from apps.tenants import jobs
from apps.tenants.context import Tenancy, activated, platform
from apps.tenants.models import School
from tests.conftest import client_for

TOKEN = "a-token-of-the-tests-only"


@pytest.fixture(autouse=True)
def _anew(settings):
    settings.METRICS_TOKEN = TOKEN
    metrics.request_metrics.cache_clear()
    metrics.forget()
    probes.forget()
    yield
    metrics.forget()
    probes.forget()


def ask(**headers) -> Client:
    return Client(headers={"host": "10.0.0.7:8000", **headers}).get("/metrics")


def samples() -> dict[tuple[str, frozenset], float]:
    answer = ask(authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def value(name: str, **labels) -> float | None:
    return samples().get((name, frozenset(labels.items())))


@pytest.mark.parametrize("offered", ["", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}é"])
def test_without_the_token_there_is_nothing(offered):
    assert ask(**({"authorization": offered} if offered else {})).status_code == 404


def test_without_a_token_in_the_settings_there_is_nothing(settings):
    settings.METRICS_TOKEN = ""
    for offered in ("Bearer ", "Bearer", f"Bearer {TOKEN}"):
        assert ask(authorization=offered).status_code == 404


def test_nothing_is_counted_while_off(client, settings):
    settings.METRICS_TOKEN = ""
    client.get("/sign-in/")
    heartbeat.apply(headers={})
    settings.METRICS_TOKEN = TOKEN
    assert not [key for key in samples() if key[0] in ("campanile_requests_total", "campanile_jobs_total")]


def test_requests_are_counted_by_route(client):
    for _ in range(3):
        client.get("/sign-in/")
    client.get("/nowhere/")
    counted = {"route": "accounts:sign_in", "method": "GET"}
    assert value("campanile_requests_total", **counted, status="2xx") == 3
    assert value("campanile_request_seconds_count", **counted) == 3
    assert value("campanile_requests_total", route="none", method="GET", status="4xx") == 1


def test_what_people_send_makes_no_new_series(client, lumiere):
    client.get("/people/1/")
    client.get("/nowhere/")
    client.generic("BREW", "/nowhere/")
    before = set(samples())
    for number in range(50):
        client.get(f"/people/{uuid.uuid4()}/?page={number}")
        client.get(f"/nowhere/{number}/")
        client.generic(f"BREW{number}", "/nowhere/")
    new = {(name, tuple(labels)) for name, labels in set(samples()) - before if name.startswith("campanile_request")}
    assert len(new) <= 2 * (len(metrics.BUCKETS) + 4), "at most the route of a person, once"


def test_requests_name_no_school(client, curie):
    client.get("/sign-in/")
    client_for(curie).get("/sign-in/")
    assert {"lumiere", "curie"}.isdisjoint(
        str(labels) for name, pairs in samples() if name.startswith("campanile_request") for _, labels in pairs
    )


def test_jobs_are_counted_by_task_and_outcome(db):
    for _ in range(2):
        heartbeat.apply(headers={})
    assert value("campanile_jobs_total", task="ops.heartbeat", outcome="done", school="platform") == 2
    assert value("campanile_job_seconds_total", task="ops.heartbeat") >= 0


def test_calls_to_providers_are_counted_and_breakers_shown(db):
    from apps.integrations import http
    from tests.integrations import faults

    limits, rule = http.Limits(tries=1), http.Rule(minimum=5, pauses=(100,))
    with faults.FaultServer() as server, http.client("kind", limits=limits) as web:
        web.get(server.url)
    with faults.FaultServer(faults.reset) as server, http.client("broken", limits=limits, rule=rule) as web:
        for _ in range(7):
            with pytest.raises(http.CircuitOpen if _ > 4 else Exception):
                web.get(server.url)
    assert value("campanile_calls_total", provider="kind", outcome="2xx") == 1
    assert value("campanile_breakers", provider="kind", state="closed") == 1
    assert sum(count for (name, labels), count in samples().items() if name == "campanile_calls_total") == 6
    assert value("campanile_breakers", provider="broken", state="open") == 1
    assert value("campanile_call_seconds_total", provider="broken") > 0


def test_three_hundred_schools_are_a_bounded_number_of_series(db, settings, monkeypatch):
    settings.METRICS_MAX_SCHOOLS = 5
    with platform():
        School.objects.bulk_create(
            School(slug=f"many{n}", schema_name=f"s_many{n}", name=f"Many {n}", status="active", ready=True)
            for n in range(300)
        )
        slugs = list(School.objects.values_list("slug", flat=True))
    monkeypatch.setattr(metrics, "_figures_of", lambda school: (60.0, 1))
    for slug in slugs:
        metrics.note_job(task="directory.sweep", outcome="done", seconds=0.1, school=Tenancy("s", slug=slug))
    found = samples()
    jobs = {dict(labels)["school"]: count for (name, labels), count in found.items() if name == "campanile_jobs_total"}
    assert len(jobs) == 6
    assert jobs["other"] == len(slugs) - 5
    runs = [labels for name, labels in found if name == "campanile_directory_run_age_seconds"]
    assert len(runs) == 6
    assert found["campanile_schools", frozenset()] == len(slugs)
    assert found["campanile_mail_waiting", frozenset()] == len(slugs)


def test_the_age_of_the_last_run(lumiere, curie):
    from django.utils import timezone

    then = timezone.now() - timedelta(hours=2)
    for state, minutes in (("done", 0), ("failed", 60)):
        at = then + timedelta(minutes=minutes)
        with activated(lumiere):
            DirectoryRun.objects.create(
                state=state, tenant_id="t", requested_by="x", created_at=at, started_at=at, finished_at=at
            )
    assert 7200 <= value("campanile_directory_run_age_seconds", school="lumiere") < 7260
    assert value("campanile_directory_run_age_seconds", school="curie") is None


def test_parts_and_queues(db):
    found = samples()
    assert {dict(labels)["part"] for name, labels in found if name == "campanile_up"} == set(probes.READY)
    assert {dict(labels)["queue"] for name, labels in found if name == "campanile_queue_length"} == set(metrics.QUEUES)


def test_without_redis_the_rest_is_still_told(db, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert value("campanile_up", part="redis") == 0
    assert value("campanile_up", part="database") == 1


PROCESS = """
import django; django.setup()
from django.test import Client
from django.utils import timezone
from django.conf import settings
settings.METRICS_TOKEN = {token!r}
from apps.ops import metrics
metrics.request_metrics()[1].labels("one", "GET", "2xx").inc()
print(metrics._requests().decode())
"""


def test_processes_are_counted_together(tmp_path):
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    told = ""
    for _ in range(2):
        told = subprocess.run(
            [sys.executable, "-c", PROCESS.format(token=TOKEN)],
            env=environment, capture_output=True, text=True, check=True, timeout=60,
        ).stdout  # fmt: skip
    assert 'campanile_requests_total{method="GET",route="one",status="2xx"} 2.0' in told


def test_how_long_the_oldest_job_and_the_oldest_event_wait(db, lumiere, monkeypatch):
    def waiting():
        found = samples()
        return {dict(labels)["queue"]: value for (name, labels), value in found.items() if name == OLDEST}

    monkeypatch.setattr(metrics, "QUEUES", ("nobody-listens",))
    assert waiting() == {"nobody-listens": 0.0}
    sent = {"headers": {jobs.ASKED_AT: time.time() - 90}}
    for at in (90, 5):  # the newer one came later
        sent["headers"][jobs.ASKED_AT] = time.time() - at
        with probes._broker() as channel:
            channel.client.lpush("nobody-listens", json.dumps(sent))
    probes.forget()
    try:
        assert 89 < waiting()["nobody-listens"] < 120
    finally:
        with probes._broker() as channel:
            channel.client.delete("nobody-listens")
    with platform():
        SchoolState.objects.create(
            school_id=lumiere.pk, state="error", lag=700, waiting=3, dead=2, looked_at=timezone.now()
        )
    assert value("campanile_events_oldest_seconds") == 700.0
    assert (value("campanile_events_waiting"), value("campanile_events_given_up")) == (3.0, 2.0)


OLDEST = "campanile_queue_oldest_seconds"
