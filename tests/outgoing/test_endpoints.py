"""To whom is sent, who decides it, and what of it is kept secret (INT-9)."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Invalid, NotVisible, StepUpRequired
from apps.outgoing.catalogue import Nothing
from apps.outgoing.models import EndpointSecret, WebhookEndpoint
from apps.outgoing.services import endpoints, publishing, secrets
from apps.tenants.context import activated
from tests.people import acting, admin, auditor, person

URL = "https://hooks.example.org/in/T0PS3CRET"


def proven(user, ago=timedelta(0)):
    """At a browser where the person proved some time ago who they are."""
    return replace(acting(user), session_id=uuid4(), proven_at=timezone.now() - ago)


def make(actor, **facts):
    facts = {"name": "Timetable", "url": URL, "kinds": ["user.created"], **facts}
    return endpoints.create_endpoint(actor=actor, now=timezone.now(), **facts)


def test_only_administrators_with_a_fresh_proof(lumiere):
    for refused in (acting(person()), acting(auditor())):
        with pytest.raises(Forbidden):
            make(refused)
    boss = admin()
    stale = proven(boss, timedelta(hours=2))
    with pytest.raises(StepUpRequired):
        make(stale)
    made = make(proven(boss))
    assert made.row.endpoint.is_enabled
    endpoint_id = made.row.endpoint_id
    with pytest.raises(StepUpRequired):
        endpoints.change_endpoint(actor=stale, endpoint_id=endpoint_id, name="x", url=URL, kinds=[], now=timezone.now())
    with pytest.raises(StepUpRequired):
        secrets.rotate(actor=stale, endpoint_id=endpoint_id, now=timezone.now())
    for act in (endpoints.pause_endpoint, endpoints.enable_endpoint, endpoints.send_test, endpoints.delete_endpoint):
        with pytest.raises(Forbidden):
            act(actor=acting(auditor()), endpoint_id=endpoint_id, now=timezone.now())


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "https://localhost/", "https://127.0.0.1/", "https://2130706433/", "https://[::1]/",
        "https://example.org:22/", "https://user:pass@example.org/", "ftp://example.org/", "nonsense", "", "https://intern",
        "https://metadata.internal/", "https://" + "a" * 2001,
    ],
)  # fmt: skip
def test_addresses_that_are_refused_say_what_to_write(lumiere, url):
    with pytest.raises(Invalid) as refused:
        make(proven(admin()), url=url)
    assert refused.value.fields["url"]
    assert not WebhookEndpoint.objects.exists()


def test_every_fault_is_told_at_once(lumiere):
    with pytest.raises(Invalid) as refused:
        make(proven(admin()), name=" ", url="x", kinds=["no.such"])
    assert set(refused.value.fields) == {"name", "url", "kinds"}


def test_a_school_has_at_most_twenty(lumiere):
    WebhookEndpoint.objects.bulk_create(WebhookEndpoint(name=str(n), url=URL) for n in range(20))
    with pytest.raises(endpoints.TooMany):
        make(proven(admin()))


def test_acts_are_safe_to_repeat_and_written_down_once(lumiere):
    boss, now = proven(admin()), timezone.now()
    made = make(boss)
    endpoint_id = made.row.endpoint_id
    for _again in range(2):
        endpoints.pause_endpoint(actor=boss, endpoint_id=endpoint_id, now=now)
    for _again in range(2):
        endpoints.enable_endpoint(actor=boss, endpoint_id=endpoint_id, now=now)
    for _again in range(2):
        endpoints.change_endpoint(
            actor=boss, endpoint_id=endpoint_id, name="Other", url=f"{URL}2", kinds=["user.created"], now=now
        )
    endpoints.delete_endpoint(actor=boss, endpoint_id=endpoint_id, now=now)
    with pytest.raises(NotVisible):
        endpoints.delete_endpoint(actor=boss, endpoint_id=endpoint_id, now=now)
    told = AuditEvent.objects.filter(act__startswith="webhook.").values_list("act", flat=True)
    wanted = ("created", "paused", "enabled", "changed", "deleted")
    assert sorted(told) == sorted(f"webhook.endpoint_{what}" for what in wanted)


def test_neither_secret_nor_path_is_readable_where_it_must_not(lumiere):
    made = make(proven(admin()))
    secrets.rotate(actor=proven(admin()), endpoint_id=made.row.endpoint_id, now=timezone.now())
    trail = json.dumps(list(AuditEvent.objects.values("changes", "data", "target_label", "search")), default=str)
    assert "T0PS3CRET" not in trail and made.secret[6:] not in trail
    with connection.cursor() as cursor:
        cursor.execute("select secret::text from outgoing_endpointsecret")
        assert made.secret[6:] not in str(cursor.fetchall())


def test_a_secret_of_one_school_signs_nothing_of_another(world, lumiere, curie):
    """It is a row of its school: nothing of another is signed with it, and it cannot be read from there."""
    made = world.endpoint()
    publishing.publish("campus.created", Nothing(), happened_at=timezone.now())
    with activated(curie):
        other = world.endpoint("library")
        assert not EndpointSecret.objects.filter(pk=made.row.pk).exists()
        assert secrets.signing_keys({made.row.endpoint_id}, world.now) == {}
        publishing.publish("campus.created", Nothing(), happened_at=timezone.now())
        world.deliver()
    world.deliver()
    (mine,), (theirs,) = world.heard("timetable"), world.heard("library")
    assert (mine["said"]["organization"], theirs["said"]["organization"]) == ("lumiere", "curie")
    Webhook(made.secret).verify(mine["body"].encode(), mine["headers"])
    Webhook(other.secret).verify(theirs["body"].encode(), theirs["headers"])
    with pytest.raises(WebhookVerificationError):
        Webhook(made.secret).verify(theirs["body"].encode(), theirs["headers"])


def test_a_test_goes_to_one_endpoint_whatever_it_listens_to(world):
    made = world.endpoint("timetable", ["user.created"])
    world.endpoint("library")
    boss = acting(admin())
    world.deliver()
    before = len(world.heard("library"))
    endpoints.send_test(actor=boss, endpoint_id=made.row.endpoint_id, now=world.now)
    world.deliver()
    assert world.types("timetable")[-1] == "webhook.test"
    assert len(world.heard("library")) == before
    endpoints.pause_endpoint(actor=boss, endpoint_id=made.row.endpoint_id, now=world.now)
    with pytest.raises(endpoints.NotEnabled):
        endpoints.send_test(actor=boss, endpoint_id=made.row.endpoint_id, now=world.now)
