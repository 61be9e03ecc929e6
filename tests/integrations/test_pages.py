"""The pages of connected services: what is shown, to whom, and what the forms do (INT-3, INT-7)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.audit.acts import TABLE_EXPORTED
from apps.audit.models import AuditEvent
from apps.campuses.models import ApprovedDomain
from apps.integrations.models import EventPlan, InboundEvent, WebhookSecret
from apps.integrations.services import draining, plans, watching
from apps.tenants.context import activated, platform
from tests.integrations.senders import Sender, event, person
from tests.people import admin, auditor, owner
from tests.people import person as somebody

State = InboundEvent.State
HTMX = {"hx-request": "true"}


@pytest.fixture
def boss(client):
    client.force_login(admin())
    return client


@pytest.fixture
def events(sender):
    """One of each: applied, given up, waiting, and a contradiction of the first."""
    first = event("user.created", person(1))
    sender.post(first)
    sender.post(event("user.created", person(2, email="b@elsewhere.example")))
    sender.post(event("user.updated", {"external_id": "P9", "given_name": "Zoé"}))
    draining.drain()
    sender.post({**first, "data": person(1, family_name="<script>alert(1)</script>")})
    return {row.kind + row.state: row for row in InboundEvent.objects.all()}


def test_the_overview_says_how_each_service_does_and_what_to_do(boss, events):
    page = boss.get("/integrations/").content.decode()
    assert 'id="service-user-service"' in page and events["user.updatedwaiting"].event_id in page
    assert "state=dead" in page and "state=conflict" in page and "state=waiting" in page


def test_with_nothing_connected_the_overview_leads_to_the_secrets(boss):
    page = boss.get("/integrations/").content.decode()
    assert "/integrations/secrets/" in page and 'id="service-user-service"' not in page


def test_events_are_narrowed_and_taken_away(boss, events):
    every = boss.get("/integrations/events/").content.decode()
    assert all(row.event_id in every for row in events.values())
    dead = events["user.createddead"]
    for query in ("state=dead", f"q={dead.event_id}", "q=b@elsewhere.example", "kind=user.created&state=dead"):
        page = boss.get(f"/integrations/events/?{query}").content.decode()
        assert dead.event_id in page and events["user.updatedwaiting"].event_id not in page, query
    assert "evt_" not in boss.get("/integrations/events/?since=2020-01-01&until=2020-01-02").content.decode()
    file = b"".join(boss.get("/integrations/events/?csv=events&state=dead").streaming_content).decode()
    assert dead.event_id in file and "body" not in file.splitlines()[0]
    assert AuditEvent.objects.filter(act=TABLE_EXPORTED).count() == 1


def test_many_events_come_page_by_page(boss, sender):
    sender.post([event("user.created", person(number)) for number in range(120)])
    seen, url = set(), "/integrations/events/"
    for _page in range(5):
        page = boss.get(url).content.decode()
        seen |= set(re.findall(r"evt_\d+", page))
        onward = re.search(r'href="([^"]*after=[^"]*)"', page)
        if onward is None:
            break
        url = "/integrations/events/" + onward[1].replace("&amp;", "&").removeprefix("/integrations/events/")
    assert len(seen) == 120


def test_the_content_is_shown_on_demand_safely_and_that_is_written_down(boss, events):
    known = events["user.createdprocessed"]
    page = boss.get(f"/integrations/events/{known.reference}/").content.decode()
    assert "person.1@lumiere.example" not in page
    assert not AuditEvent.objects.filter(act="integration.event_read").exists()
    page = boss.get(f"/integrations/events/{known.reference}/content/").content.decode()
    assert "person.1@lumiere.example" in page and "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
    assert AuditEvent.objects.filter(act="integration.event_read").count() == 1


def test_a_replay_is_shown_and_then_done(boss, events, people):
    dead = events["user.createddead"]
    shown = boss.get(f"/integrations/events/{dead.reference}/preview/")
    assert shown.status_code == 200 and "elsewhere.example" in shown.content.decode()
    assert boss.post(f"/integrations/events/{dead.reference}/replay/").status_code == 302
    assert InboundEvent.objects.get(pk=dead.pk).state == State.WAITING


def test_discard_offers_its_undo(boss, events):
    dead = events["user.createddead"]
    page = boss.post(f"/integrations/events/{dead.reference}/discard/", follow=True).content.decode()
    assert f"/integrations/events/{dead.reference}/restoration/" in page
    boss.post(f"/integrations/events/{dead.reference}/restoration/")
    assert InboundEvent.objects.get(pk=dead.pk).state == State.DEAD


def test_a_secret_is_shown_once_and_works(lumiere, client, people):
    client.force_login(owner())
    made = client.post("/integrations/secrets/user-service/new/")
    page = made.content.decode()
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{40,}", page)[0]
    assert made["Cache-Control"] == "no-store"
    assert "https://lumiere.campanile.localhost" in page or "http://lumiere.campanile.localhost" in page
    assert secret not in client.get("/integrations/secrets/").content.decode()
    sender = Sender(host="lumiere.campanile.localhost", secret=secret)
    assert sender.post(event("user.created", person(1))).status_code == 202
    row = WebhookSecret.objects.get()
    assert client.post(f"/integrations/secrets/{row.pk}/end/").status_code == 302
    assert sender.post(event("user.created", person(2))).status_code == 401


def test_rotation_leaves_both_good_for_a_day_and_a_third_is_refused(client, lumiere):
    client.force_login(owner())
    for _number in range(2):
        assert client.post("/integrations/secrets/user-service/new/").status_code == 200
    assert client.post("/integrations/secrets/user-service/new/", headers=HTMX).status_code == 409
    new, old = WebhookSecret.objects.order_by("-created_at")
    assert new.ends_at is None and old.ends_at > timezone.now()


def test_an_auditor_sees_but_finds_no_buttons(client, events):
    client.force_login(auditor())
    dead = events["user.createddead"]
    page = client.get(f"/integrations/events/{dead.reference}/").content.decode()
    assert "/replay/" not in page and "/discard/" not in page
    assert client.post(f"/integrations/events/{dead.reference}/discard/").status_code == 403
    assert client.get("/integrations/secrets/").status_code == 403


def test_others_see_nothing(client, events):
    assert client.get("/integrations/").status_code == 302
    client.force_login(somebody())
    assert client.get("/integrations/").status_code == 403


def test_an_address_of_another_schools_event_finds_nothing(boss, events, sender):
    known = events["user.createdprocessed"]
    other = InboundEvent(pk=known.pk, body_hash="0" * 64)
    assert boss.get(f"/integrations/events/{other.reference}/").status_code == 404
    assert boss.post(f"/integrations/events/{other.reference}/discard/").status_code == 404
    boss.post("/integrations/events/acts/", {"act": "replay", "ids": [other.reference]})
    assert work(EventPlan.objects.get()).state == "done" and EventPlan.objects.get().to_apply == 0


# --- many at once -----------------------------------------------------------------------------------------


def work(plan):
    plans.work_on(run_id=plan.pk)
    plan.refresh_from_db()
    return plan


def test_many_are_discarded_after_a_look_and_all_of_it_is_taken_back(boss, sender):
    sender.post([event("user.created", person(number, email=f"n{number}@elsewhere.example")) for number in range(7)])
    while draining.drain():
        pass
    assert InboundEvent.objects.filter(state=State.DEAD).count() == 7
    asked = boss.post("/integrations/events/acts/?state=dead", {"act": "discard", "all_matching": "1"})
    plan = work(EventPlan.objects.get())
    assert asked["Location"].endswith(f"/integrations/decisions/{plan.pk}/")
    assert (plan.state, plan.to_apply) == ("held", 7)
    assert InboundEvent.objects.filter(state=State.DEAD).count() == 7, "nothing before the confirmation"
    assert boss.get(f"/integrations/decisions/{plan.pk}/").status_code == 200
    boss.post(f"/integrations/decisions/{plan.pk}/confirmation/")
    assert work(plan).state == "done"
    assert InboundEvent.objects.filter(state=State.DISCARDED).count() == 7
    boss.post(f"/integrations/decisions/{plan.pk}/undo/")
    undo = work(EventPlan.objects.get(undoes=plan))
    assert undo.state == "held"
    boss.post(f"/integrations/decisions/{undo.pk}/confirmation/")
    assert work(undo).state == "done"
    assert InboundEvent.objects.filter(state=State.DEAD).count() == 7


def test_a_worker_that_dies_at_any_moment_is_followed_by_another(boss, sender):
    sender.post([event("user.created", person(number, email=f"n{number}@elsewhere.example")) for number in range(7)])
    while draining.drain():
        pass
    boss.post("/integrations/events/acts/?state=dead", {"act": "discard", "all_matching": "1"})
    plan = work(EventPlan.objects.get())
    boss.post(f"/integrations/decisions/{plan.pk}/confirmation/")
    died, now = 0, timezone.now()
    for round_ in range(40):
        now += timedelta(minutes=2)  # the lease of the one before is over
        left = iter(range(2 + round_ % 4))

        def clock(left=left, now=now):
            if next(left, None) is None:
                raise KeyboardInterrupt
            return now

        try:
            plans.work_on(run_id=plan.pk, clock=clock, chunk=2)
        except KeyboardInterrupt:
            died += 1
        plan.refresh_from_db()
        EventPlan.objects.filter(pk=plan.pk).update(attempts=0)  # so many deaths are given up otherwise
        if not plan.is_moving:
            break
    assert died > 2 and (plan.state, plan.applied) == ("done", 7)
    assert InboundEvent.objects.filter(state=State.DISCARDED).count() == 7
    assert AuditEvent.objects.filter(act="integration.events_ended").count() == 1


def test_many_are_replayed_after_a_rehearsal_that_counts_the_outcomes(boss, sender, people):
    campus = ApprovedDomain.objects.get().campus
    sender.post([event("user.created", person(number, email=f"n{number}@b.example")) for number in range(3)])
    sender.post([event("user.created", person(number, email=f"n{number}@c.example")) for number in range(3, 5)])
    while draining.drain():
        pass
    ApprovedDomain.objects.create(domain="b.example", campus=campus)
    picked = [row.reference for row in InboundEvent.objects.all()]
    boss.post("/integrations/events/acts/", {"act": "replay", "ids": picked})
    plan = work(EventPlan.objects.get())
    assert plan.state == "held" and plan.rehearsed == 5
    assert sorted(plan.outcomes) == [["dead", "invalid", 2], ["processed", "person-created", 3]]
    assert not people(), "the rehearsal leaves nothing"
    assert "Noé Numéro 1" in boss.get(f"/integrations/decisions/{plan.pk}/").content.decode()
    boss.post(f"/integrations/decisions/{plan.pk}/confirmation/")
    assert work(plan).state == "done" and plan.applied == 5
    while draining.drain():
        pass
    assert len(people()) == 3
    assert set(InboundEvent.objects.values_list("replays", flat=True)) == {1}
    refused = boss.post(f"/integrations/decisions/{plan.pk}/undo/", headers=HTMX)
    assert refused.status_code == 409


def test_what_nobody_selected_is_not_decided(boss, events):
    for sent in ({"act": "discard"}, {"act": "invented", "all_matching": "1"}, {"act": "replay"}):
        assert boss.post("/integrations/events/acts/", sent, headers=HTMX).status_code == 422
    assert not EventPlan.objects.exists()


# --- the platform -----------------------------------------------------------------------------------------


def test_superadmins_see_the_platforms_own_events_and_all_schools(console, lumiere, curie):
    for school in (lumiere, curie):
        with activated(school):
            watching.watch(now=timezone.now())
    with platform():
        for path in ("", "events/", "secrets/", "schools/"):
            assert console.get(f"/integrations/{path}").status_code == 200, path
        page = console.get("/integrations/schools/").content.decode()
        assert b"lumiere" in b"".join(console.get("/integrations/schools/?csv=school-states").streaming_content)
    assert lumiere.name in page and curie.name in page


def test_a_superadmin_makes_a_secret_of_the_platform_and_decides_about_its_events(console, lumiere):
    with platform():
        page = console.post("/integrations/secrets/user-service/new/").content.decode()
        secret = re.search(r"whsec_[A-Za-z0-9+/=]{40,}", page)[0]
    sender = Sender(host="campanile.localhost", secret=secret)
    assert sender.post(event("user.created", person(1), organization="lumiere")).status_code == 202
    with activated(lumiere):
        assert InboundEvent.objects.count() == 1
