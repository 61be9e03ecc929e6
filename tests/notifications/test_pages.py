"""The bell, what stands under it, preferences, the log, the texts, and how mail leaves."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.notifications import kinds
from apps.notifications.models import CommunicationLog, MailRoute, Preference, SuppressedAddress
from apps.tenants.context import platform
from tests.conftest import client_for
from tests.notifications.conftest import alert, message, tried
from tests.people import admin, auditor, person


@pytest.fixture
def boss(lumiere):
    return admin(given_name="Ada", locale="en")


@pytest.fixture
def page(lumiere, boss):
    client = client_for(lumiere)
    client.force_login(boss)
    return client


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def notices(user, count):
    for number in range(count):
        alert(f"notice:{user.pk}:{number}", user_id=user.pk, to=user.email, link=f"/directory/runs/?n={number}")
    return list(CommunicationLog.objects.notices(user.pk).order_by("created_at", "id"))


# --- the bell ----------------------------------------------------------------------------------------------


def test_the_bell_counts_with_one_indexed_query(page, boss, django_assert_num_queries):
    from apps.core.actor import Actor
    from apps.notifications.selectors import unread

    assert "nothing unread" in text_of(page.get("/notifications/"))
    notices(boss, 3)
    assert 'aria-label="Notifications: 3 unread"' in text_of(page.get("/people/"))
    old = [CommunicationLog(template="x", cause=f"old:{n}", user_id=boss.pk, channel="in-app") for n in range(3000)]
    CommunicationLog.objects.bulk_create(old)
    with django_assert_num_queries(1) as queries:
        assert unread(actor=Actor(label="x", user_id=boss.pk)) == 3
    assert "unread_notices" in explained(queries.captured_queries[0]["sql"])
    assert unread(actor=Actor(label="x", user_id=boss.pk, acting_for="y")) is None


def explained(statement) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_communicationlog")
        cursor.execute(f"EXPLAIN {statement[statement.index('SELECT') :]}")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_unread_comes_first_and_reading_leads_to_the_thing(page, boss):
    first, second, third = notices(boss, 3)
    CommunicationLog.objects.filter(pk=third.pk).update(unread=False, subject="An old story")
    answer = text_of(page.get("/notifications/"))
    assert answer.index(f"/notifications/{second.pk}/open/") < answer.index(f"/notifications/{first.pk}/open/")
    assert answer.index(f"/notifications/{first.pk}/open/") < answer.index("An old story")
    opened = page.post(f"/notifications/{first.pk}/open/")
    assert (opened.status_code, opened["Location"]) == (302, first.link)
    first.refresh_from_db()
    assert not first.unread and first.read_at
    only = page.post(f"/notifications/{second.pk}/open/", {"only": "read"})
    assert only["Location"] == "/notifications/"
    assert "nothing unread" in text_of(page.get("/notifications/"))


def test_all_are_read_at_once_and_only_ones_own(page, boss):
    other = person()
    notices(boss, 2)
    [theirs] = notices(other, 1)
    assert page.post(f"/notifications/{theirs.pk}/open/").status_code == 404
    page.post("/notifications/read/")
    assert not CommunicationLog.objects.notices(boss.pk).filter(unread=True).exists()
    theirs.refresh_from_db()
    assert theirs.unread


def test_long_lists_have_pages_by_position(page, boss):
    made = notices(boss, 65)
    for row in made[:10]:
        CommunicationLog.objects.filter(pk=row.pk).update(unread=False)
    seen, address = [], "/notifications/"
    for _ in range(5):
        answer = page.get(address).content.decode()
        seen += re.findall(r'class="notice"', answer)
        following = re.search(r'rel="next" href="([^"]+)"', answer)
        if not following:
            break
        address = following[1].replace("&amp;", "&")
        address = address if address.startswith("/") else f"/notifications/{address}"
    assert len(seen) == 65


def test_a_visitor_signs_in_first_and_the_platform_has_one_too(client, platform_client, settings):
    assert "/sign-in/" in client.get("/notifications/")["Location"]
    from tests.support.conftest import at_the_platform, superadmin

    desk = at_the_platform(superadmin())
    assert desk.get("/notifications/").status_code == 200
    assert desk.get("/notifications/preferences/").status_code == 200
    with platform():
        log = message("platform:page", to="boss@platform.example")
        alert("platform:failed")
        CommunicationLog.objects.filter(cause="platform:failed").update(state="failed")
        failed = CommunicationLog.objects.get(cause="platform:failed")
    assert "boss@platform.example" in text_of(desk.get("/messages/"))
    assert b"boss@platform.example" in b"".join(desk.get("/messages/?csv=messages").streaming_content)
    for path in (f"/messages/{log.pk}/", "/messages/texts/", "/messages/texts/invitation/"):
        assert desk.get(path).status_code == 200
    assert desk.get("/settings/mail/").status_code == 404, "the platform sends by its own server"
    assert desk.post(f"/messages/{failed.pk}/again/").status_code == 302
    with platform():
        assert CommunicationLog.objects.get(pk=failed.pk).state == "queued"


def test_a_link_is_a_path_of_this_host(lumiere, boss):
    for number, link in enumerate(("https://evil.example/", "//evil.example/", "javascript:alert(1)")):
        alert(f"link:{number}", user_id=boss.pk, to=boss.email, link=link)
    assert set(CommunicationLog.objects.notices(boss.pk).values_list("link", flat=True)) == {""}


# --- preferences -------------------------------------------------------------------------------------------


def test_preferences_are_a_form(page, boss):
    answer = text_of(page.get("/notifications/preferences/"))
    assert "Running the school" in answer and "cannot be switched off" in answer
    others = {
        f"{one.code}-{medium}": "now" for one in kinds.categories() for medium in ("email", "in-app") if one.optional
    }
    sent = {**others, "operations-email": "daily", "operations-in-app": "off"}
    assert page.post("/notifications/preferences/", sent).status_code == 302
    kept = Preference.objects.filter(category="operations").values_list("medium", "timing")
    assert set(kept) == {("email", "daily"), ("in-app", "off")}
    wrong = page.post("/notifications/preferences/", {**sent, "operations-email": "hourly"})
    assert wrong.status_code == 422


def test_a_member_has_them_too(lumiere):
    client = client_for(lumiere)
    client.force_login(person(locale="fr"))
    assert "Sécurité de votre compte" in client.get("/notifications/preferences/").content.decode()
    assert client.get("/notifications/").status_code == 200


# --- the log -----------------------------------------------------------------------------------------------


def test_the_log_names_whoever_was_told_inside_the_product(page, boss):
    """A notice has no address: it stands under somebody's bell. Who is not here any more has no page."""
    notices(boss, 1)
    gone = person("gone@lumiere.example")
    notices(gone, 1)
    gone.delete()
    text = text_of(page.get("/messages/?channel=in-app"))
    assert f'href="/people/{boss.pk}/">{boss.name}<' in text
    assert "Somebody who is not here any more" in text and f"/people/{gone.pk}/" not in text


def test_the_log_is_filtered_and_taken_away(page, lumiere):
    message("one", to="one@lumiere.example")
    failed = alert("two", to="two@lumiere.example")
    CommunicationLog.objects.filter(pk=failed.pk).update(state="failed", error="SMTPDataError 554")
    everything = text_of(page.get("/messages/"))
    assert "one@lumiere.example" in everything and "two@lumiere.example" in everything
    for narrowed in ("state=failed", "kind=directory_alert", "q=two@lumiere.example", "q=two", "q=TWO@LUMIERE.EXAMPLE"):
        answer = text_of(page.get(f"/messages/?{narrowed}"))
        assert "two@lumiere.example" in answer and "one@lumiere.example" not in answer, narrowed
    assert "No message matches" in text_of(page.get("/messages/?q=nobody@nowhere.example"))
    file = b"".join(page.get("/messages/?state=failed&csv=messages").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert [(row["to"], row["state"], row["reason"]) for row in rows] == [
        ("two@lumiere.example", "failed", "SMTPDataError 554")
    ]


def test_a_message_shows_its_history_and_never_its_secret(page, lumiere, microsoft):
    log = tried(message(to="one@lumiere.example"))
    waiting = message("two")
    assert "the-secret-of-the-link" not in text_of(page.get(f"/messages/{waiting.pk}/"))
    answer = text_of(page.get(f"/messages/{log.pk}/"))
    assert "Queued" in answer and "Sent" in answer and "Send again" not in answer
    page.post(f"/messages/{log.pk}/again/")
    log.refresh_from_db()
    assert log.state == "sent" and not AuditEvent.objects.filter(act="message.sent_again").exists()


def test_send_again_is_for_those_who_may(page, lumiere):
    log = alert(to="two@lumiere.example")
    CommunicationLog.objects.filter(pk=log.pk).update(state="failed")
    assert "Send again" in text_of(page.get(f"/messages/{log.pk}/"))
    reader = client_for(lumiere)
    reader.force_login(auditor(locale="en"))
    assert "Send again" not in text_of(reader.get(f"/messages/{log.pk}/"))
    assert reader.post(f"/messages/{log.pk}/again/").status_code == 403
    assert page.post(f"/messages/{log.pk}/again/").status_code == 302
    log.refresh_from_db()
    assert (log.state, log.attempts) == ("queued", 0)


def test_addresses_are_allowed_again(page, lumiere):
    found = SuppressedAddress.objects.create(address="gone@lumiere.example", reason="550 5.1.1")
    assert "gone@lumiere.example" in text_of(page.get("/messages/"))
    assert page.post(f"/messages/addresses/{found.pk}/lift/").status_code == 302
    assert "gone@lumiere.example" not in text_of(page.get("/messages/"))
    assert AuditEvent.objects.filter(act="message.address_lifted").exists()


# --- the texts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_text_is_shown_in_a_closed_frame(page, language):
    listed = text_of(page.get("/messages/texts/"))
    for code in kinds.REGISTRY:
        assert f"/messages/texts/{code}/" in listed
        around = page.get(f"/messages/texts/{code}/?language={language}")
        assert around.status_code == 200 and 'sandbox="allow-popups"' in text_of(around)
        assert "frame-src 'self'" in around["Content-Security-Policy"]
        framed = page.get(f"/messages/texts/{code}/page/?language={language}")
        policy = framed["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "sandbox allow-popups" in policy and "script-src" not in policy
        assert "frame-ancestors 'self'" in policy and "X-Frame-Options" not in framed
        assert f'lang="{language}"' in framed.content.decode() and "<script" not in framed.content.decode()
    assert page.get("/messages/texts/nothing/").status_code == 404


# --- how mail leaves ---------------------------------------------------------------------------------------


def test_the_way_of_the_mail_is_chosen(page, lumiere):
    assert "The platform's mail server" in page.get("/settings/mail/").content.decode().replace("&#x27;", "'")
    assert page.post("/settings/mail/", {"way": "microsoft", "mailbox": ""}).status_code == 422
    assert page.post("/settings/mail/", {"way": "pigeon", "mailbox": ""}).status_code == 422
    sent = {"way": "microsoft", "mailbox": "info@lumiere.example"}
    for _ in range(2):
        assert page.post("/settings/mail/", sent).status_code == 302
    assert MailRoute.objects.values_list("way", "mailbox").get() == ("microsoft", "info@lumiere.example")
    assert AuditEvent.objects.filter(act="school.mail_route_changed").count() == 1
    MailRoute.objects.update(fault="graph-forbidden: x", fault_at=timezone.now() - timedelta(hours=1))
    assert "graph-forbidden" in text_of(page.get("/settings/mail/"))


def test_a_test_message_goes_to_oneself(page, boss, microsoft):
    answer = page.post("/settings/mail/test/")
    log = CommunicationLog.objects.get(template="mail_test")
    assert answer["Location"] == f"/messages/{log.pk}/" and log.to == boss.email
    assert tried(log).state == "sent"
