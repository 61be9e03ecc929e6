"""Subscriptions at Microsoft, over the wire: the simulator calls the running product, which answers and reads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.directory.models import DirectoryRun, GroupMapping, GroupNotice, GroupSubscription
from apps.directory.services import mappings, subscriptions
from apps.microsoft.subscriptions import GraphSubscriptions
from apps.tenants.context import platform
from apps.tenants.models import HookAddress
from apps.tenants.services.features import store
from tests.directory.world import ADMIN
from tests.live import wait_until


@pytest.fixture
def linked(live, lasting_world, settings, no_worker):
    """Groups are mapped; nobody works but this test."""
    settings.PLATFORM_PORT = str(live.port)
    lasting_world.standard()
    return lasting_world


def maintain(world, now=None):
    def client(tenant_id):
        return GraphSubscriptions(tenant_id, tokens=world.tokens)

    return subscriptions.maintain(now=now or timezone.now(), make_client=client)


def groups(world) -> set[str]:
    return {one["resource"].rpartition("/")[2] for one in world.sim.subscriptions(world.tid)}


def test_each_mapped_group_is_subscribed_once(linked):
    assert maintain(linked)["made"] == 2
    assert groups(linked) == {linked.g_paris, linked.g_lyon}
    assert maintain(linked) == {"made": 0, "renewed": 0, "ended": 0, "failed": 0}
    assert len(linked.sim.subscriptions(linked.tid)) == 2
    row = GroupSubscription.objects.first()
    at_microsoft = {one["id"]: one for one in linked.sim.subscriptions(linked.tid)}[row.graph_id]
    kept = repr(list(GroupSubscription.objects.values()))
    with platform():
        kept += repr(list(HookAddress.objects.values()))
    assert at_microsoft["clientState"] not in kept, "the secret is not kept"
    assert at_microsoft["notificationUrl"].rstrip("/").rpartition("/")[2] not in kept, "nor the address"
    assert len(at_microsoft["clientState"]) >= 43 and at_microsoft["lifecycleNotificationUrl"]


def test_renewed_at_half_of_its_life(linked):
    maintain(linked)
    before = set(GroupSubscription.objects.values_list("expires_at", flat=True))
    assert maintain(linked, timezone.now() + timedelta(days=3))["renewed"] == 0
    later = timezone.now() + timedelta(days=3.6)
    assert maintain(linked, later)["renewed"] == 2
    assert min(GroupSubscription.objects.values_list("expires_at", flat=True)) > max(before)


def test_paused_removed_and_switched_off_end_it(linked):
    maintain(linked)
    paused, removed = GroupMapping.objects.order_by("campus__name")
    mappings.change_mapping(
        actor=ADMIN, mapping_id=paused.pk, now=timezone.now(), role="staff", transitive=True, active=False
    )
    assert maintain(linked)["ended"] == 1
    assert groups(linked) == {linked.g_paris}
    store(school_id=linked.school.pk, values={"directory.notifications": False})
    assert maintain(linked)["ended"] == 1
    assert groups(linked) == set() and not GroupSubscription.objects.exists()
    with platform():
        assert not HookAddress.objects.filter(school=linked.school).exists()


def test_who_died_after_microsofts_answer_makes_no_second_one(linked):
    maintain(linked)
    GroupSubscription.objects.update(state="asked", graph_id="", expires_at=None)
    assert maintain(linked)["made"] == 2
    assert len(linked.sim.subscriptions(linked.tid)) == 2
    assert not GroupSubscription.objects.filter(graph_id="").exists()


def test_microsoft_away_is_tried_again_later_and_less_and_less_often(linked):
    linked.sim.fault("unavailable", tid=linked.tid, operation="subscriptions", times=None)
    now = timezone.now()
    assert maintain(linked, now)["failed"] == 2
    assert maintain(linked, now + timedelta(seconds=30))["failed"] == 0
    assert maintain(linked, now + timedelta(seconds=70))["failed"] == 2
    assert maintain(linked, now + timedelta(seconds=140))["failed"] == 0
    assert set(GroupSubscription.objects.values_list("error_code", "failures")) == {("graph-unavailable", 2)}
    linked.sim.clear_faults()
    assert maintain(linked, now + timedelta(hours=1))["made"] == 2


def test_an_address_that_microsoft_cannot_reach_is_said(linked, settings):
    settings.PLATFORM_PORT = "9"
    assert maintain(linked)["failed"] == 2
    assert set(GroupSubscription.objects.values_list("error_code", flat=True)) == {"graph-hook"}
    assert linked.sim.subscriptions(linked.tid) == []


def test_one_that_ended_without_a_word_is_found_and_what_was_missed_is_read(linked):
    maintain(linked)
    lost = GroupSubscription.objects.get(group_id=linked.g_paris)
    linked.sim.drop_subscription(lost.graph_id)
    assert maintain(linked, timezone.now() + timedelta(days=4))["ended"] == 1
    assert list(lost.notices.values_list("kind", flat=True)) == ["missed"]
    assert maintain(linked, timezone.now() + timedelta(days=4))["made"] == 1
    assert groups(linked) == {linked.g_paris, linked.g_lyon}
    run = subscriptions.act(now=timezone.now())
    assert linked.carry_out(run).state == "done"


@pytest.mark.slow
def test_a_change_at_microsoft_is_here_within_seconds(live, lasting_world):
    """Everything real: the worker subscribes, the simulator announces, the web process writes, the worker reads."""
    world = lasting_world
    world.standard()
    subscribed = GroupSubscription.objects.filter(state="active")
    wait_until(lambda: subscribed.count() == 2, seconds=60, message=live.log("worker"))
    world.sim.silent(False)
    newcomer = world.people(1)[0]
    world.add(world.g_paris, newcomer)
    wait_until(
        lambda: (newcomer, "Paris", "member") in world.places(),
        seconds=60,
        message=live.log("web") + live.log("worker"),
    )
    assert set(DirectoryRun.objects.values_list("trigger", flat=True)) == {"notice"}
    assert all(sent["status"] == 202 for sent in world.sim.sent_notifications())
    (paris,) = [one for one in world.sim.subscriptions(world.tid) if one["resource"].endswith(world.g_paris)]
    world.sim.notify(paris["id"], lifecycle="subscriptionRemoved")
    again = subscribed.exclude(graph_id=paris["id"]).filter(group_id=world.g_paris)
    wait_until(again.exists, seconds=60, message=live.log("worker"))
    moving = DirectoryRun.objects.exclude(state="done")
    wait_until(lambda: not GroupNotice.objects.exists() and not moving.exists(), message=live.log("worker"))
    assert DirectoryRun.objects.count() >= 2, "what may have been missed was read"
