"""What Microsoft announces: believed only with the secret, written down before the answer, read in one run."""

import itertools
import json
import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.directory.models import DirectoryRun, GroupNotice, GroupSubscription
from apps.directory.services import subscriptions
from apps.directory.services.subscriptions import digest
from apps.integrations.models import InboundEvent
from apps.integrations.services import draining
from apps.tenants.context import activated, platform
from apps.tenants.models import HookAddress, School

TOKEN, SECRET, GRAPH_ID = (
    "an-unguessable-address",
    "a-secret-of-the-subscription",
    "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
)
URL = f"/hooks/microsoft/{TOKEN}/"
NOTHING = b"There is nothing at this address.\n"


@pytest.fixture
def subscribed(world):
    """A subscription as it stands after Microsoft has answered."""
    world.standard()
    with platform():
        HookAddress.objects.create(digest=digest(TOKEN), school=world.school, purpose="graph")
    world.subscription = GroupSubscription.objects.create(
        tenant_id=world.tid, group_id=world.g_paris, graph_id=GRAPH_ID, address=digest(TOKEN),
        client_state=digest(SECRET), state="active", created_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=7),
    )  # fmt: skip
    return world


_numbers = itertools.count(1)


def entry(world, **changes):
    made = {
        "id": f"n{next(_numbers)}", "subscriptionId": GRAPH_ID, "clientState": SECRET, "tenantId": world.tid,
        "changeType": "updated",
        "subscriptionExpirationDateTime": "2026-12-18T00:00:00Z", "resource": f"Groups/{world.g_paris}",
        "resourceData": {"@odata.type": "#Microsoft.Graph.Group", "id": world.g_paris},
    }  # fmt: skip
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def post(client, *entries, url=URL, body=None):
    content = json.dumps({"value": list(entries)}) if body is None else body
    return client.post(url, content, content_type="application/json")


def notices():
    draining.drain()  # from the inbox, where they are kept before Microsoft is answered
    return dict(GroupNotice.objects.values_list("kind", "count"))


def carried_out(world):
    draining.drain()
    run = subscriptions.act(now=timezone.now())
    return world.carry_out(run) if run else None


# --- the handshake ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["simple", "Validation: x <script>alert(1)</script> &+% é", "a" * 2048])
def test_the_handshake_echoes_the_token_as_plain_text(subscribed, platform_client, token):
    answer = platform_client.post(URL, query_params={"validationToken": token}, content_type="text/plain")
    assert (answer.status_code, answer.content.decode()) == (200, token)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("token", ["", "a" * 2049])
def test_a_token_that_is_none_is_refused(subscribed, platform_client, token):
    assert platform_client.post(URL, query_params={"validationToken": token}).status_code == 400


def test_an_unknown_address_looks_like_any_other_page_that_is_not_there(subscribed, platform_client):
    for path in ("/hooks/microsoft/another/", "/hooks/microsoft/%00/", f"/hooks/microsoft/{digest(TOKEN)}/"):
        for answer in (
            post(platform_client, entry(subscribed), url=path),
            post(platform_client, url=path, body="{"),
            platform_client.post(path, query_params={"validationToken": "x"}),
        ):
            assert (answer.status_code, answer.content) == (404, NOTHING)
    assert platform_client.get(URL).status_code == 405
    assert notices() == {}


def test_the_school_answers_only_while_it_is_open(subscribed, platform_client):
    with platform():
        School.objects.filter(pk=subscribed.school.pk).update(ready=False)
    assert post(platform_client, entry(subscribed)).status_code == 404
    assert notices() == {}


def test_a_schools_own_host_knows_nothing_of_it(subscribed, client):
    assert post(client, entry(subscribed)).status_code == 404


# --- notifications ---------------------------------------------------------------------------------------


def test_genuine_notifications_are_one_row_that_counts(subscribed, platform_client):
    assert post(platform_client, *[entry(subscribed) for _ in range(3)]).status_code == 202
    assert post(platform_client, entry(subscribed)).status_code == 202
    assert InboundEvent.objects.filter(service="microsoft-graph", state="waiting").count() == 4
    assert SECRET not in repr(list(InboundEvent.objects.values())), "what is kept opens nothing"
    assert notices() == {"changed": 4}
    subscribed.subscription.refresh_from_db()
    assert subscribed.subscription.heard_at


@pytest.mark.parametrize(
    "wrong",
    [
        {"clientState": "guessed"},
        {"clientState": None},
        {"clientState": ["x"]},
        {"clientState": "\ud800"},
        {"subscriptionId": "00000000-0000-4000-8000-000000000000"},
        {"subscriptionId": None},
        {"tenantId": "22222222-2222-4222-8222-222222222222"},
    ],
)
def test_a_wrong_one_is_answered_alike_and_does_nothing(subscribed, platform_client, wrong, caplog):
    good = post(platform_client, entry(subscribed))
    assert notices() == {"changed": 1}
    GroupNotice.objects.all().delete()
    with caplog.at_level(logging.WARNING):
        answer = post(platform_client, entry(subscribed, **wrong))
    assert (answer.status_code, answer.content) == (good.status_code, good.content) == (202, b"")
    assert set(answer.headers) == set(good.headers)
    assert notices() == {}
    assert "wrong secret" in caplog.text and "guessed" not in caplog.text and SECRET not in caplog.text


def test_what_is_delivered_twice_counts_once(subscribed, platform_client):
    same = entry(subscribed)
    for _ in range(3):
        assert post(platform_client, same, same).status_code == 202
    assert post(platform_client, entry(subscribed, id=None), entry(subscribed, id=None)).status_code == 202
    assert notices() == {"changed": 3}, "one with an id, and two that may be two changes"


def test_good_ones_among_wrong_ones_count(subscribed, platform_client):
    assert post(platform_client, entry(subscribed, clientState="x"), entry(subscribed)).status_code == 202
    assert notices() == {"changed": 1}


BODIES = [
    "", "{", "null", "[]", "7", '"x"', "{}", '{"value": null}', '{"value": {}}', '{"value": []}', "[" * 5000,
    '{"value": ' + "[" * 5000, b"\xff\xfe", b"\x00", '{"value": [' + ",".join(["{}"] * 1001) + "]}",
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_what_is_no_notification_is_refused(subscribed, platform_client, body):
    assert post(platform_client, body=body).status_code == 400
    assert notices() == {}


@pytest.mark.parametrize("item", ["null", "7", "[]", "{}", '{"subscriptionId": 7, "clientState": {"a": 1}}'])
def test_an_entry_that_is_none_does_nothing(subscribed, platform_client, item):
    assert post(platform_client, body='{"value": [' + item + "]}").status_code == 202
    assert notices() == {}


def test_a_large_body_is_refused_before_it_is_read(subscribed, platform_client):
    body = json.dumps({"value": [entry(subscribed)], "padding": "x" * 300_000})
    assert post(platform_client, body=body).status_code == 413
    assert notices() == {}


def test_the_address_of_one_school_writes_into_no_other(subscribed, curie, platform_client):
    post(platform_client, entry(subscribed))
    with activated(curie):
        assert notices() == {}


# --- what they lead to -----------------------------------------------------------------------------------


def test_a_burst_is_read_in_one_run(subscribed, platform_client):
    subscribed.run()
    newcomer = subscribed.people(1)[0]
    subscribed.add(subscribed.g_paris, newcomer)
    for _ in range(20):
        post(platform_client, entry(subscribed))
    run = carried_out(subscribed)
    assert (run.trigger, run.requested_by, run.state) == ("notice", "Microsoft", "done")
    assert (newcomer, "Paris", "member") in subscribed.places()
    assert carried_out(subscribed) is None and notices() == {}


def test_what_comes_during_a_run_is_read_after_it(subscribed, platform_client):
    run = subscribed.request()
    post(platform_client, entry(subscribed))
    draining.drain()
    assert subscriptions.act(now=timezone.now()) is None
    assert notices() == {"changed": 1}, "it waits"
    subscribed.carry_out(run)
    assert carried_out(subscribed).state == "done"
    assert DirectoryRun.objects.count() == 2


def test_an_announcement_does_not_push_a_held_run_aside(subscribed, platform_client):
    subscribed.standard(students=20)
    subscribed.run()
    subscribed.remove(subscribed.g_paris, *subscribed.students[:7])
    held = subscribed.run()
    assert held.state == "held"
    post(platform_client, entry(subscribed))
    assert carried_out(subscribed) is None
    held.refresh_from_db()
    assert held.state == "held"


@pytest.mark.parametrize("event", ["missed", "subscriptionRemoved"])
def test_what_was_missed_is_read(subscribed, platform_client, event):
    post(platform_client, entry(subscribed, lifecycleEvent=event))
    assert carried_out(subscribed).state == "done"
    subscribed.subscription.refresh_from_db()
    assert (subscribed.subscription.state == "asked") is (event == "subscriptionRemoved")
    assert notices() == {}


def test_a_removed_subscription_has_no_address_any_more(subscribed, platform_client):
    post(platform_client, entry(subscribed, lifecycleEvent="subscriptionRemoved"))
    draining.drain()
    subscriptions.act(now=timezone.now())
    assert post(platform_client, entry(subscribed)).status_code == 404


def test_to_authorise_again_is_due_at_once_and_reads_nothing(subscribed, platform_client):
    now = timezone.now()
    assert not subscriptions._due(now).exists()
    post(platform_client, entry(subscribed, lifecycleEvent="reauthorizationRequired"))
    assert carried_out(subscribed) is None
    assert subscriptions._due(timezone.now()).filter(pk=subscribed.subscription.pk).exists()
