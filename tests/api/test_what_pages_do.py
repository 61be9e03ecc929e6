"""Consents, promotions, own domains, messages, notifications, mail: what their pages do, by the API."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts.models import ConsentText, KeptAnswer
from apps.audit.models import AuditEvent
from apps.campuses.models import Campus, Promotion
from apps.notifications.models import CommunicationLog, MailRoute, OwnText, Preference, SuppressedAddress
from apps.tenants.context import platform
from apps.tenants.models import Host
from tests.api.conftest import machine, program
from tests.notifications.conftest import alert, message
from tests.people import admin, auditor

KEY = {"idempotency_key": "once"}
WORDS = {"title_fr": "Images", "title_en": "Pictures", "body_fr": "Des photos", "body_en": "Photographs"}


@pytest.fixture
def reader(lumiere):
    return program(lumiere, auditor())


def acts(*codes: str) -> int:
    return AuditEvent.objects.filter(act__in=codes).count()


def at(answer) -> str:
    return answer["Location"].removeprefix("/api/v1/")


def fields(answer) -> set[str]:
    assert answer.status_code == 422, answer.content
    return set(answer.json()["errors"])


# --- consents --------------------------------------------------------------------------------------------


def test_a_consent_text_is_published_once_per_key_and_read(desk):
    purpose = desk.get_("consent-purposes").json()["results"][0]
    assert purpose["version"] is None
    address = f"consent-purposes/{purpose['purpose']}/texts"
    made = desk.send(address, WORDS, **KEY)
    assert made.status_code == 201 and made.json()["version"] == 1
    assert desk.send(address, WORDS, **KEY).content == made.content
    assert ConsentText.objects.get().body_en == "Photographs" and acts("consent.published") == 1
    assert desk.send(address, {**WORDS, "title_en": "Photos"}).json()["version"] == 2
    assert [one["version"] for one in desk.get_(address).json()["results"]] == [2, 1]
    first = desk.get_(f"{address}?limit=1").json()
    second = desk.get_(f"{address}?limit=1&cursor={first['next']}").json()
    assert [one["version"] for one in second["results"]] == [1] and second["next"] is None
    assert desk.get_(at(made)).json()["title_en"] == "Pictures"
    assert desk.get_("consent-purposes").json()["results"][0]["version"] == 2
    assert fields(desk.send(address, {**WORDS, "body_fr": "  "})) == {"body_fr"}
    assert desk.send("consent-purposes/nothing/texts", WORDS).status_code == 404
    assert desk.get_(f"{address}/9").status_code == 404


def test_an_auditor_publishes_no_consent_text(reader):
    assert reader.get_("consent-purposes").status_code == 403
    assert reader.send("consent-purposes/photos/texts", WORDS).status_code == 403
    assert not ConsentText.objects.exists()


# --- promotions ------------------------------------------------------------------------------------------


def test_promotions_are_added_changed_moved_and_removed(desk):
    made = desk.send("promotions", {"name": "B1"}, **KEY)
    assert made.status_code == 201
    assert desk.send("promotions", {"name": "B1"}, **KEY).content == made.content
    assert fields(desk.send("promotions", {"name": "b1"})) == {"name"}
    second = desk.send("promotions", {"name": "B2"}).json()
    address = at(made)
    seen = desk.get_(address)
    body = {"turn": "move", "then": second["id"]}
    changed = desk.change(address, body, seen["ETag"])
    assert (changed.json()["name"], changed.json()["then"]) == ("B1", second["id"])
    assert Promotion.objects.get(name="B1").turn == "move"
    assert desk.change(address, {"name": "L1"}, seen["ETag"]).status_code == 412
    assert fields(desk.change(address, {"then": None})) == {"then"}
    moved = desk.send(f"promotions/{second['id']}/move", {"to": "up"})
    assert moved.json()["position"] == 0
    assert [one["name"] for one in desk.get_("promotions").json()["results"]] == ["B2", "B1"]
    assert desk.delete_(address, if_match='"old"').status_code == 412
    assert desk.delete_(address).status_code == 204 and not Promotion.objects.filter(name="B1").exists()
    assert desk.get_(address).status_code == desk.delete_(address).status_code == 404
    assert acts("promotion.created") == 2 and acts("promotion.removed") == 1 and acts("promotion.changed") == 2


def test_an_auditor_sees_promotions_and_changes_none(reader):
    Promotion.objects.create(name="B1")
    address = f"promotions/{Promotion.objects.get().pk}"
    assert reader.get_(address).status_code == 200
    for answer in (
        reader.send("promotions", {"name": "B2"}),
        reader.change(address, {"name": "B2"}),
        reader.send(f"{address}/move", {"to": "up"}),
        reader.delete_(address),
        reader.send("school-years", {"year": "2026-2027", "until": "2026-09-30"}),
    ):
        assert answer.status_code == 403
    assert Promotion.objects.get().name == "B1"


def test_the_school_year_is_turned_by_a_plan(desk):
    from apps.accounts.rules import school_day
    from apps.roster.services.rollover import school_year

    today = school_day(timezone.now())
    body = {"year": school_year(today), "until": str(today + timedelta(days=30))}
    assert desk.send("school-years", body).json()["code"] == "nothing-to-turn"
    Promotion.objects.create(name="B3", turn="leave")
    started = desk.send("school-years", body, **KEY)
    assert started.status_code == 202 and started.json()["kind"] == "rollover"
    assert desk.send("school-years", body, **KEY).content == started.content and acts("roster.requested") == 1
    assert desk.get_(at(started)).json()["label"] == body["year"]
    assert fields(desk.send("school-years", {**body, "year": "1999-2000"})) == {"year"}


# --- own domains -----------------------------------------------------------------------------------------


def test_a_domain_is_claimed_proven_and_given_up(desk, microsoft):
    made = desk.send("own-domains", {"domain": "https://Campus.Lumiere.example/"}, **KEY)
    assert made.status_code == 201 and made.json()["domain"] == "campus.lumiere.example"
    assert desk.send("own-domains", {"domain": "https://Campus.Lumiere.example/"}, **KEY).content == made.content
    record, address = made.json(), at(made)
    early = desk.send(f"{address}/check", idempotency_key="check")
    assert (early.status_code, early.json()["code"]) == (409, "proof-missing")
    microsoft.publish(record["record_name"], record["record_value"])
    checked = desk.send(f"{address}/check", idempotency_key="check")
    assert checked.json()["state"] == "verified", "the refusal kept nothing"
    assert desk.send(f"{address}/check", idempotency_key="check")["Idempotent-Replayed"] == "true"
    assert [one["state"] for one in desk.get_("own-domains").json()["results"]] == ["verified"]
    assert desk.delete_(address, if_match='"old"').status_code == 412
    assert desk.delete_(address, if_match=desk.get_(address)["ETag"]).status_code == 204
    assert desk.get_(address).status_code == desk.send(f"{address}/check").status_code == 404
    with platform():
        assert not Host.objects.filter(domain="campus.lumiere.example").exists()
    assert acts("own_domain.claimed", "own_domain.verified", "own_domain.removed") == 3


def test_a_domain_opens_only_a_campus_that_is_there(desk, reader):
    body = {"domain": "lyon.lumiere.example"}
    assert fields(desk.send("own-domains", {**body, "campus_id": str(uuid4())})) == {"campus_id"}
    campus = Campus.objects.create(name="Lyon", code="LYO")
    assert desk.send("own-domains", {**body, "campus_id": str(campus.pk)}).json()["campus_id"] == str(campus.pk)
    assert fields(desk.send("own-domains", {"domain": "127.0.0.1"})) == {"domain"}
    assert reader.get_("own-domains").status_code == reader.send("own-domains", body).status_code == 403


def test_no_transaction_waits_for_the_dns(desk, microsoft, monkeypatch):
    """What is asked outside is asked while nothing of the request is held open, key or not."""
    from django.db import connection

    from apps.tenants import proofs

    depth = []

    def look_up(*record):
        depth.append(len(connection.savepoint_ids) + connection.in_atomic_block)
        return proofs.Proof.MISSING

    address = at(desk.send("own-domains", {"domain": "campus.lumiere.example"}))
    monkeypatch.setattr(proofs, "look_up", look_up)
    desk.send(f"{address}/check")
    desk.send(f"{address}/check", idempotency_key="k")
    assert depth[0] == depth[1], "the key opens no transaction around it"
    assert not KeptAnswer.objects.filter(key="k").exists()
    assert desk.send(f"{address}/check", idempotency_key="x" * 300).status_code == 422


# --- messages --------------------------------------------------------------------------------------------


def given_up(cause="test:1") -> CommunicationLog:
    log = alert(cause)
    CommunicationLog.objects.filter(pk=log.pk).update(state="failed", error="refused", failed_at=timezone.now())
    return log


def test_messages_are_listed_read_and_sent_again(desk, reader):
    log = given_up()
    message("test:2", to="ada@lumiere.example")
    assert len(desk.get_("messages").json()["results"]) >= 2
    found = reader.get_("messages?state=failed").json()["results"]
    assert [(one["id"], one["reason"]) for one in found] == [(str(log.pk), "refused")]
    assert [one["to"] for one in desk.get_("messages?q=ada@lumiere.example").json()["results"]] == [
        "ada@lumiere.example"
    ]
    assert desk.get_("messages?state=unheard").status_code == 422
    address = f"messages/{log.pk}"
    assert "text" not in desk.get_(address).json()
    assert reader.send(f"{address}/again").status_code == 403
    again = desk.send(f"{address}/again", **KEY)
    assert again.status_code == 202 and again.json()["state"] == "queued"
    assert desk.send(f"{address}/again", **KEY).content == again.content and acts("message.sent_again") == 1
    CommunicationLog.objects.filter(pk=log.pk).update(state="sent")
    assert desk.send(f"{address}/again").json()["code"] == "cannot-send-again"
    assert desk.send(f"messages/{uuid4()}/again").status_code == 404


def test_an_address_is_written_to_again(desk, reader):
    row = SuppressedAddress.objects.create(address="back@lumiere.example", reason="unknown")
    address = f"suppressed-addresses/{row.pk}"
    assert reader.get_("suppressed-addresses").json()["results"][0]["address"] == "back@lumiere.example"
    assert reader.delete_(address).status_code == 403
    assert desk.delete_(address).status_code == desk.delete_(address).status_code == 204
    assert desk.get_("suppressed-addresses").json()["results"] == [] and acts("message.address_lifted") == 1
    assert desk.delete_(f"suppressed-addresses/{uuid4()}").status_code == 404


def test_the_school_says_it_in_its_own_words(desk, reader):
    kinds = desk.get_("message-kinds").json()["results"]
    fixed = next(one["kind"] for one in kinds if not one["adaptable"])
    address = "message-kinds/invitation/texts/en"
    seen = reader.get_(address)
    assert seen.json()["subject"] == "" and seen.json()["example_subject"]
    tried = desk.send(f"{address}/preview", {"subject": "Hello from {school}"}).json()
    assert tried["example_subject"] == "Hello from École Lumière" and not OwnText.objects.exists()
    changed = desk.change(address, {"subject": "Come to {school}"}, seen["ETag"])
    assert changed.json()["example_subject"] == "Come to École Lumière"
    assert desk.change(address, {"intro": "Hello"}, seen["ETag"]).status_code == 412
    assert desk.change(address, {"intro": "Hello"}).json()["subject"] == "Come to {school}"
    assert OwnText.objects.get().intro == "Hello" and acts("message.text_changed") == 2
    assert desk.change(address, {"subject": "", "intro": ""}).status_code == 200 and not OwnText.objects.exists()
    assert fields(desk.change(address, {"subject": "x" * 151})) == {"subject"}
    assert reader.change(address, {"subject": "x"}).status_code == 403
    assert desk.change(f"message-kinds/{fixed}/texts/en", {"subject": "x"}).status_code == 404
    assert desk.get_("message-kinds/invitation/texts/xx").status_code == 404


def test_the_way_of_the_mail_is_chosen_and_tried(desk, reader, lumiere):
    seen = desk.get_("mail-route")
    assert seen.json()["way"] == "platform"
    assert fields(desk.change("mail-route", {"way": "microsoft"})) == {"mailbox"}
    assert fields(desk.change("mail-route", {"mailbox": "nowhere"})) == {"mailbox"}
    body = {"way": "microsoft", "mailbox": "no-reply@lumiere.example"}
    assert desk.change("mail-route", body, seen["ETag"]).json()["mailbox"] == "no-reply@lumiere.example"
    assert desk.change("mail-route", {"way": "platform"}, seen["ETag"]).status_code == 412
    assert MailRoute.objects.get().way == "microsoft" and acts("school.mail_route_changed") == 1
    sent = desk.send("mail-route/test", **KEY)
    assert sent.status_code == 202 and sent.json()["to"] == desk.user.email
    assert desk.send("mail-route/test", **KEY).content == sent.content and acts("school.mail_tested") == 1
    assert desk.get_(at(sent)).json()["kind"] == sent.json()["kind"]
    assert reader.get_("mail-route").status_code == reader.send("mail-route/test").status_code == 403
    assert machine(lumiere, "messages.manage").send("mail-route/test").json()["code"] == "no-address"


# --- one's own notifications -----------------------------------------------------------------------------


def test_notifications_are_read_by_whom_they_are_for(lumiere, desk, reader):
    for number in range(3):
        alert(f"notice:{number}", user_id=desk.user.pk, to=desk.user.email)
    alert("notice:other", user_id=reader.user.pk, to=reader.user.email)
    page = desk.get_("notifications?limit=2").json()
    assert len(page["results"]) == 2 and page["next"]
    first = page["results"][0]["id"]
    assert reader.send(f"notifications/{first}/reading").status_code == 404
    read = desk.send(f"notifications/{first}/reading", **KEY)
    assert read.status_code == 200 and desk.send(f"notifications/{first}/reading", **KEY).content == read.content
    assert not CommunicationLog.objects.get(pk=first).unread
    assert len(desk.get_("notifications?unread=true").json()["results"]) == 2
    assert [one["id"] for one in desk.get_("notifications?unread=false").json()["results"]] == [first]
    assert desk.send("notifications/reading").json() == {"notifications": 2}
    assert len(reader.get_("notifications?unread=true").json()["results"]) == 1, "only one's own"
    assert program(lumiere).get_("notifications").status_code == 401
    assert machine(lumiere, "messages.view").get_("notifications").status_code == 404


def test_everybody_chooses_what_they_hear_of(lumiere, reader):
    seen = reader.get_("notification-preferences")
    optional = {one["category"]: one["optional"] for one in seen.json()["categories"]}
    assert optional["security"] is False and optional["operations"] is True
    body = {"categories": [{"category": "operations", "email": "daily"}]}
    changed = reader.change("notification-preferences", body, seen["ETag"]).json()
    mine = next(one for one in changed["categories"] if one["category"] == "operations")
    assert (mine["email"], mine["in_app"]) == ("daily", "now")
    assert reader.change("notification-preferences", body, seen["ETag"]).status_code == 412
    row = Preference.objects.get()
    assert (row.user_id, row.medium, row.timing) == (reader.user.pk, "email", "daily")
    assert acts("notifications.preferences_changed") == 1
    for wrong in ({"category": "security", "email": "off"}, {"category": "operations", "in_app": "daily"}):
        assert fields(reader.change("notification-preferences", {"categories": [wrong]})) == {"categories"}
    assert machine(lumiere, "messages.view").get_("notification-preferences").status_code == 404


def test_the_platform_has_messages_of_its_own(console, lumiere):
    with platform():
        log = message("platform:1", to="root@campanile.example")
        CommunicationLog.objects.filter(pk=log.pk).update(state="failed", error="refused")
    given_up("school:1")
    assert [one["id"] for one in console.get_("messages?state=failed").json()["results"]] == [str(log.pk)]
    assert console.get_(f"messages/{log.pk}").status_code == 200
    assert console.get_("suppressed-addresses").status_code == console.get_("message-kinds").status_code == 200
    assert console.get_("message-kinds/invitation/texts/fr").json()["subject"] == ""
    assert console.get_("notifications").status_code == 200
    assert console.get_("mail-route").status_code == 404, "a school's own affair"


# --- payments --------------------------------------------------------------------------------------------


def test_accounts_at_providers_and_subscriptions_are_read(reader, lumiere):
    from apps.payments.models import ProviderAccount, Subscription

    now = timezone.now()
    ProviderAccount.objects.create(provider="stripe", external_id="acct_1A", state="active", read_at=now)
    Subscription.objects.create(
        external_id="sub_1", plan="Lunch", status="active", amount=1200, currency="EUR", details_at=now,
        said_status="active", status_at=now,
    )  # fmt: skip
    assert reader.get_("payment-accounts").json()["results"][0]["account"] == "acct_1A"
    assert reader.get_("subscriptions?status=active&q=lunch").json()["results"][0]["number"] == "sub_1"
    assert reader.get_("subscriptions?status=expired").json()["results"] == []
    assert machine(lumiere, "people.view").get_("payment-accounts").status_code == 403


def test_an_administrator_may_all_of_it(lumiere):
    """A control for the refusals above: they are about the permission, not about the address."""
    desk = program(lumiere, admin())
    for path in ("consent-purposes", "promotions", "own-domains", "messages", "mail-route", "payment-accounts"):
        assert desk.get_(path).status_code == 200
