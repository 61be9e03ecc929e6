"""Whose language a page speaks: the person's, this browser's, the school's, and on the platform the browser's wish."""

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from tests.conftest import client_for
from tests.people import person


def language(client, path="/sign-in/", **headers) -> str:
    return client.get(path, headers=headers)["Content-Language"]


def test_a_school_speaks_its_own_language_to_visitors(lumiere):
    assert language(client_for(lumiere), **{"accept-language": "en"}) == "fr"


def test_a_browser_keeps_its_choice(lumiere):
    client = client_for(lumiere)
    answer = client.post(
        "/set-language/", {"language": "en"}, headers={"referer": f"http://{client.host}/sign-in/?x=1"}
    )
    assert answer["Location"] == f"http://{client.host}/sign-in/?x=1"
    cookie = client.cookies["__Host-language"]
    assert cookie["secure"] and cookie["httponly"] and not cookie["domain"]
    assert language(client) == "en"


def test_a_persons_choice_follows_them(lumiere):
    user = person()
    client = client_for(lumiere)
    client.force_login(user)
    for _ in range(2):
        client.post("/set-language/", {"language": "en"})
    assert User.objects.get(pk=user.pk).locale == "en"
    elsewhere = client_for(lumiere)
    elsewhere.cookies["__Host-language"] = "fr"
    elsewhere.force_login(user)
    assert language(elsewhere, "/account/") == "en"
    assert AuditEvent.objects.filter(act="person.profile_changed").count() == 1


@pytest.mark.parametrize("wrong", ["xx", "", "en; drop", "../fr"])
def test_an_unknown_language_changes_nothing(lumiere, wrong):
    client = client_for(lumiere)
    client.post("/set-language/", {"language": wrong})
    assert language(client) == "fr"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_choosing_a_language_leads_nowhere_else(lumiere, evil):
    sent = {"language": "en", "next": evil}
    assert client_for(lumiere).post("/set-language/", sent, headers={"referer": evil})["Location"] == "/"


@pytest.mark.parametrize(
    ("wish", "answer"), [("fr-CA,en;q=0.5", "fr"), ("de,en", "en"), ("", "en"), ("*", "en"), ("x" * 600, "en")]
)
def test_the_platform_speaks_the_browsers_language(platform_client, wish, answer):
    assert language(platform_client, **{"accept-language": wish}) == answer
