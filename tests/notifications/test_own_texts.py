"""A school's own words around a text: shown before they are saved, filled in, and never where people are warned."""

import html
import re

import pytest

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, NotVisible
from apps.notifications import kinds
from apps.notifications.models import OwnText
from apps.notifications.services.own_texts import Words, change_text
from apps.tenants.context import activated, platform
from tests.conftest import client_for
from tests.notifications.conftest import URL, message
from tests.people import acting, admin, auditor

WORDS = Words("{name}, welcome to {school}", "Dear {name},\nbring <b>your card</b> to {school}. {url}")


def saved(words=WORDS, code="invitation", language="en"):
    change_text(actor=acting(admin()), code=code, language=language, words=words)


def test_they_open_the_message_and_its_text_stays(lumiere, curie):
    saved()
    log = message()
    assert log.subject == "Camille, welcome to École Lumière"
    assert log.text.startswith("Hello Camille,\n\nDear Camille,\nbring <b>your card</b> to École Lumière. {url}\n\n")
    assert "Dear Camille,<br>bring &lt;b&gt;your card&lt;/b&gt; to École Lumière. {url}" in log.html
    assert URL in log.text and URL in log.html, "our text is still there"
    assert "Dear" not in message("fr", language="fr").text, "only in that language"
    with activated(curie):
        assert "Dear" not in message("other").text, "only in that school"
    with platform():
        assert "Dear" not in message("platform").text


def test_empty_ones_go_back_to_ours_and_all_is_written_down(lumiere):
    plain = message("before").subject
    saved()
    saved()
    saved(Words())
    assert not OwnText.objects.exists() and message("after").subject == plain
    events = AuditEvent.objects.filter(act="message.text_changed").order_by("at")
    assert [event.changes["subject"] for event in events] == [["", WORDS.subject], [WORDS.subject, ""]]


def test_who_may_and_what(lumiere):
    with pytest.raises(Forbidden):
        change_text(actor=acting(auditor()), code="invitation", language="en", words=WORDS)
    for code, language in (("second_factor_changed", "en"), ("nothing", "en"), ("invitation", "de")):
        with pytest.raises(NotVisible):
            saved(code=code, language=language)
    OwnText.objects.create(kind="password_reset", language="en", subject="Nothing to see here")
    log = message(template="password_reset")
    assert "Nothing to see" not in log.subject, "not even by a row that should not be there"


def test_a_name_cannot_become_a_header_or_markup(lumiere):
    saved()
    context = {"name": "<i>x\nBcc: a@b", "school_name": "{name}", "url": URL, "hours": 1}
    log = message(context=context)
    assert "\n" not in log.subject and "<i>" not in log.html


@pytest.mark.parametrize("code", [code for code, one in kinds.REGISTRY.items() if one.adaptable])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_adaptable_text_begins_with_a_greeting(lumiere, code, language):
    """The opening lines go between the greeting and the text."""
    from apps.notifications.services.previewing import example_of

    text = example_of(kinds.known(code), language).text
    assert re.match(r"(Hello|Bonjour)[^\n]*,\n\n", text), text[:80]


def test_the_page_shows_before_it_saves(lumiere):
    client = client_for(lumiere)
    client.force_login(admin(locale="en"))
    form = {"language": "en", "subject": WORDS.subject, "intro": WORDS.intro}
    shown = client.post("/messages/texts/invitation/own/", {**form, "act": "preview"})
    page = shown.content.decode()
    assert shown.status_code == 200 and "Not saved yet" in page and "Camille, welcome to École Lumière" in page
    assert "frame-src 'self'" in shown["Content-Security-Policy"] and not OwnText.objects.exists()
    address = html.unescape(re.search(r'<iframe[^>]*src="([^"]+)"', page)[1])
    assert "Dear Camille," in client.get(address).content.decode()
    forged = re.sub(r"draft=[^&]+", "draft=x.y.z", address)
    assert "Dear Camille," not in client.get(forged).content.decode(), "only what this site signed"
    assert client.post("/messages/texts/invitation/own/", form).status_code == 302
    assert OwnText.objects.get().subject == WORDS.subject
    assert "Adapted" in client.get("/messages/texts/invitation/?language=en").content.decode()
    assert client.post("/messages/texts/invitation/own/", {**form, "subject": "x" * 200}).status_code == 422
    assert client.post("/messages/texts/unlock/own/", form).status_code == 404
    assert "cannot be changed" in client.get("/messages/texts/unlock/?language=en").content.decode()


def test_a_draft_of_one_school_opens_in_no_other(lumiere, curie):
    here = client_for(lumiere)
    here.force_login(admin(locale="en"))
    form = {"language": "en", "subject": WORDS.subject, "intro": WORDS.intro, "act": "preview"}
    page = here.post("/messages/texts/invitation/own/", form).content.decode()
    address = html.unescape(re.search(r'<iframe[^>]*src="([^"]+)"', page)[1])
    assert "Dear Camille," in here.get(address).content.decode()
    with activated(curie):
        there = client_for(curie)
        there.force_login(admin(locale="en"))
        answer = there.get(address)
    assert answer.status_code == 200 and "Dear Camille," not in answer.content.decode()
