"""`make bench-webhooks`: events per second accepted durably, how fast a backlog drains, and the lag between the two.

intake   through the whole way of a request, middleware included, with a signed body
    naive   a DRF view that checks the same signature, `get_or_create` and one Celery message for each event
    ours    the webhook of the user service: one statement for a request
    limit   the same rows, as one INSERT statement for each request, by psycopg on an open connection
drain    a backlog of reports of the communication service, with their effect on the log of messages
    naive   one transaction for each event: read it, update the message, mark it
    ours    claimed, applied and marked in rounds
lag      a real web process is not needed: intake here at a steady rate, a real worker on the other side of Redis

State of the disk: the servers of the benchmarks write and flush as real ones do.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import schools
from bench.measure import WrongAnswer, figure, interleaved, ratio, report

HOST = "lumiere.campanile.localhost"
_numbers = itertools.count(1)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench webhooks")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--singles", type=int, default=200, help="requests of one event per round")
    parser.add_argument("--batches", type=int, default=20, help="requests of a hundred events per round")
    parser.add_argument("--backlog", type=int, default=5_000, help="events per round of draining")
    parser.add_argument("--seconds", type=int, default=10, help="of steady intake for the lag")
    parser.add_argument("--rate", type=int, default=150, help="events a second for the lag")
    options = parser.parse_args(arguments)
    with schools.platform_with(2):
        measure(options)
    return 0


def measure(options: argparse.Namespace) -> None:
    from apps.tenants.context import activated
    from apps.tenants.models import School

    school = School.objects.get(slug="lumiere")
    with activated(school):
        quiet()
        secret = secret_of("user-service")
        intake(options, secret, batch=1, requests=options.singles, name="single")
        intake(options, secret, batch=100, requests=options.batches, name="batch")
        repeated(options, secret)
        drain(options)
        lag(options)


def quiet() -> None:
    import logging

    logging.disable(logging.WARNING)


def secret_of(service: str) -> str:
    from apps.integrations.models import WebhookSecret
    from apps.integrations.signatures import new_secret

    row = WebhookSecret(service=service, hint="bench")
    row.secret = secret = new_secret()
    row.save(force_insert=True)
    return secret


# --- intake ------------------------------------------------------------------------------------------------


def events(number: int) -> list[dict[str, Any]]:
    found = []
    for _ in range(number):
        n = next(_numbers)
        data = {"external_id": f"P{n}", "email": f"p{n}@lumiere.example", "given_name": "Noé", "family_name": f"N{n}"}
        found.append({"id": f"evt_{n}", "type": "user.created", "occurred_at": "2026-11-20T10:00:00Z", "data": data})
    return found


def signed(path: str, secret: str, body: bytes) -> dict[str, Any]:
    """The environment of one request, as a web server would hand it over."""
    import io

    from apps.integrations.signatures import sign

    now, message = int(time.time()), f"msg_{next(_numbers)}"
    return {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "SERVER_NAME": HOST, "SERVER_PORT": "80", "HTTP_HOST": HOST,
        "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr, "QUERY_STRING": "",
        "HTTP_WEBHOOK_ID": message, "HTTP_WEBHOOK_TIMESTAMP": str(now),
        "HTTP_WEBHOOK_SIGNATURE": sign(secret, message_id=message, timestamp=now, body=body),
    }  # fmt: skip


def sender(path: str, secret: str) -> Callable[[bytes], int]:
    from django.core.handlers.wsgi import WSGIHandler

    application = WSGIHandler()

    def send(body: bytes) -> int:
        said: list[str] = []
        answer = application(signed(path, secret, body), lambda status, headers: said.append(status))
        b"".join(answer)
        answer.close()
        return int(said[0][:3])

    return send


def naive_view(secret: str) -> Any:
    from celery import current_app
    from django.http import JsonResponse
    from django.utils import timezone
    from rest_framework import serializers

    from apps.core.api.doors import ApiView, api_public
    from apps.integrations.models import InboundEvent
    from apps.integrations.signatures import Signed, verify

    class Data(serializers.Serializer):
        external_id = serializers.CharField(max_length=120)
        email = serializers.EmailField()
        given_name = serializers.CharField(max_length=100)
        family_name = serializers.CharField(max_length=100)

    class Sent(serializers.Serializer):
        id = serializers.CharField(max_length=200)
        type = serializers.CharField(max_length=100)
        occurred_at = serializers.DateTimeField()
        data = Data()

    class Naive(ApiView):
        authentication_classes: list[type] = []

        def post(self, request: Any) -> Any:
            http = request._request
            verify(Signed.of(http.headers), http.body, [(1, secret)], now=time.time())
            sent = json.loads(http.body)
            for one in sent if isinstance(sent, list) else [sent]:
                form = Sent(data=one)
                form.is_valid(raise_exception=True)
                row, new = InboundEvent.objects.get_or_create(
                    service="naive", event_id=one["id"],
                    defaults={"kind": one["type"], "body": json.dumps(one), "body_hash": "", "state": "discarded",
                              "received_at": timezone.now()},
                )  # fmt: skip
                if new:
                    current_app.send_task("bench.nobody", kwargs={"pk": row.pk}, queue="bench-nobody", retry=False)
            return JsonResponse({}, status=202)

    return api_public("a benchmark")(Naive)


def intake(options: argparse.Namespace, secret: str, *, batch: int, requests: int, name: str) -> None:
    from django.urls import path

    from config.urls import school as urls

    if not any(getattr(one, "name", "") == "bench-naive" for one in urls.urlpatterns):
        urls.urlpatterns.insert(0, path("api/v1/webhooks/naive", naive_view(secret), name="bench-naive"))
    ours, naive = sender("/api/v1/webhooks/user-service", secret), sender("/api/v1/webhooks/naive", secret)
    raw = raw_inserts()

    def through(send: Callable[[bytes], int]) -> Callable[[], int]:
        def one_round() -> int:
            bodies = [json.dumps(events(batch) if batch > 1 else events(1)[0]).encode() for _ in range(requests)]
            began = time.perf_counter()
            statuses = [send(body) for body in bodies]
            one_round.seconds = time.perf_counter() - began  # type: ignore[attr-defined]
            return statuses.count(202)

        return one_round

    def limit() -> int:
        return sum(raw(events(batch)) == batch for _ in range(requests))

    ways = {"naive": through(naive), "ours": through(ours), "limit": limit}
    times = interleaved(ways, rounds=options.rounds, check=lambda _name, accepted: accepted == requests)
    print(f"{requests} requests of {batch} signed event(s)")
    report(times)
    for way, measured in times.items():
        figure(f"webhooks.{name}.{way}", requests * batch / measured.median, "events/s")
    ratio(f"webhooks.{name}.naive_to_ours", times["naive"], times["ours"])
    ratio(f"webhooks.{name}.ours_of_limit", times["limit"], times["ours"])


def raw_inserts() -> Callable[[list[dict[str, Any]]], int]:
    """One INSERT of these rows by a bare connection: what the database alone allows."""
    import psycopg
    from django.utils import timezone

    from apps.integrations.services.intake import INSERT
    from apps.tenants import database

    connection = psycopg.connect(database.owner_dsn(), autocommit=True)
    connection.execute("set search_path = s_lumiere, extensions")

    def insert(rows: list[dict[str, Any]]) -> int:
        bodies = [json.dumps(row) for row in rows]
        given = {
            "service": "limit", "now": timezone.now(), "request_id": "", "secret_id": None,
            "ids": [row["id"] for row in rows], "kinds": [row["type"] for row in rows], "lanes": [""] * len(rows),
            "abouts": [""] * len(rows), "bodies": bodies, "hashes": ["x" * 64] * len(rows),
            "times": [timezone.now()] * len(rows),
        }  # fmt: skip
        statement = INSERT.replace("'waiting'", "'discarded'")
        return len(connection.execute(statement, given).fetchall())

    return insert


def repeated(options: argparse.Namespace, secret: str) -> None:
    """The same batch again and again, beside new ones of the same size."""
    send = sender("/api/v1/webhooks/user-service", secret)
    known = json.dumps(events(100)).encode()
    send(known)
    ways = {
        "new": lambda: [send(json.dumps(events(100)).encode()) for _ in range(options.batches)].count(202),
        "known": lambda: [send(known) for _ in range(options.batches)].count(200),
    }
    times = interleaved(ways, rounds=options.rounds, check=lambda _name, good: good == options.batches)
    report(times)
    ratio("webhooks.duplicates_to_new", times["known"], times["new"])
    _forget()


def _forget() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("delete from integrations_inboundevent")
        cursor.execute("delete from notifications_communicationlog")


# --- draining ----------------------------------------------------------------------------------------------


def backlog(number: int) -> None:
    from django.utils import timezone

    from apps.integrations.contract import SERVICES
    from apps.integrations.reading import read
    from apps.integrations.services.intake import accept
    from apps.notifications.models import CommunicationLog

    _forget()
    logs = [
        CommunicationLog(template="invitation", cause=f"b{n}", to="a@b.example", language="fr", subject="x")
        for n in range(number)
    ]
    CommunicationLog.objects.bulk_create(logs, batch_size=1000)
    for start in range(0, number, 1000):
        sent = [
            {"id": f"evt_{next(_numbers)}", "type": "message.delivered", "occurred_at": timezone.now().isoformat(),
             "data": {"message_id": str(log.pk)}}
            for log in logs[start : start + 1000]
        ]  # fmt: skip
        items, _batch = read(json.dumps(sent).encode(), SERVICES["communication-service"])
        accept("communication-service", items, now=timezone.now())


def drain(options: argparse.Namespace) -> None:
    from django.db import transaction
    from django.utils import timezone

    from apps.integrations.models import InboundEvent
    from apps.integrations.services import draining
    from apps.notifications.models import CommunicationLog

    def ours(number: int) -> float:
        backlog(number)
        began = time.perf_counter()
        while InboundEvent.objects.filter(state="waiting").exists():
            draining.drain(seconds=60)
        return time.perf_counter() - began

    def naive(number: int) -> float:
        backlog(number)
        keys = list(InboundEvent.objects.values_list("pk", flat=True))
        began = time.perf_counter()
        for pk in keys:
            with transaction.atomic():
                event = InboundEvent.objects.select_for_update().get(pk=pk)
                log = CommunicationLog.objects.get(pk=json.loads(event.body)["data"]["message_id"])
                log.state, log.delivered_at = "delivered", timezone.now()
                log.save(update_fields=["state", "delivered_at"])
                event.state, event.finished_at, event.due_at = "processed", timezone.now(), None
                event.save(update_fields=["state", "finished_at", "due_at"])
        return time.perf_counter() - began

    few = max(200, options.backlog // 20)
    rates: dict[str, list[float]] = {"naive": [], "ours": []}
    for _round in range(options.rounds):
        rates["naive"].append(few / naive(few))
        rates["ours"].append(options.backlog / ours(options.backlog))
        if CommunicationLog.objects.filter(state="delivered").count() != options.backlog:
            raise WrongAnswer("not every message is delivered")
    middle = {name: statistics.median(found) for name, found in rates.items()}
    print(f"a backlog of {options.backlog} events with effect (naive: {few})")
    for name, found in middle.items():
        figure(f"webhooks.drain.{name}", found, "events/s")
    print(f"ratio webhooks.drain.ours_to_naive {middle['ours'] / middle['naive']:.2f}", flush=True)
    _forget()


def delivered(log: Any) -> bytes:
    from django.utils import timezone

    said = {"id": f"evt_{next(_numbers)}", "type": "message.delivered", "occurred_at": timezone.now().isoformat()}
    return json.dumps({**said, "data": {"message_id": str(log.pk)}}).encode()


# --- lag ---------------------------------------------------------------------------------------------------


def lag(options: argparse.Namespace) -> None:
    """From the row's moment of arrival to the moment when its effect was committed, at a steady rate.

    Reports about messages: with the effects of the user service two busy cores do not keep up with the rate.
    """
    from django.conf import settings

    from apps.integrations.models import InboundEvent
    from apps.notifications.models import CommunicationLog
    from tests.live import database_url

    environment = {
        **os.environ,
        "DATABASE_URL": database_url("default"),
        "DATABASE_OWNER_URL": database_url("owner"),
        "TEST_RUN": settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"].rstrip(":"),  # the same queues as ours
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-Q", "integration", "-c", "1", "-l", "ERROR"]
    worker = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _forget()
        send = sender("/api/v1/webhooks/communication-service", secret_of("communication-service"))
        logs = [
            CommunicationLog(template="invitation", cause=f"l{n}", to="a@b.example", language="fr", subject="x")
            for n in range(options.rate * options.seconds + 1)
        ]
        CommunicationLog.objects.bulk_create(logs, batch_size=1000)
        send(delivered(logs.pop()))
        until = time.monotonic() + 60
        while InboundEvent.objects.filter(state="waiting").exists() and time.monotonic() < until:
            time.sleep(0.1)  # the worker has started
        InboundEvent.objects.all().delete()
        began, sent = time.monotonic(), 0
        while (now := time.monotonic() - began) < options.seconds:
            if sent < now * options.rate:
                if send(delivered(logs.pop())) != 202:
                    raise WrongAnswer("not accepted")
                sent += 1
            else:
                time.sleep(0.001)
        until = time.monotonic() + 120
        while InboundEvent.objects.filter(state="waiting").exists() and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        worker.terminate()
        worker.wait()
    rows = InboundEvent.objects.filter(state="processed").values_list("received_at", "finished_at")
    waits = sorted((finished - received).total_seconds() * 1000 for received, finished in rows)
    if len(waits) != sent:
        outcomes = set(InboundEvent.objects.values_list("state", "outcome"))
        raise WrongAnswer(f"{len(waits)} of {sent} were applied: {outcomes}")
    print(f"{sent / options.seconds:.0f} events a second for {options.seconds} s (asked for: {options.rate})")
    figure("webhooks.lag.p50", waits[len(waits) // 2], "ms")
    figure("webhooks.lag.p99", waits[len(waits) * 99 // 100], "ms")
    _forget()


__all__ = ["main"]
