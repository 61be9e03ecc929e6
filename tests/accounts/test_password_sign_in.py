"""Signing in with a password: who gets in, who does not, and that nobody learns who has an account."""

import pytest

from apps.accounts.models import Session, User
from apps.audit.models import AuditEvent
from tests.conftest import client_for
from tests.people import PASSWORD, person

SIGN_IN = "/sign-in/"


def attempt(client, email, password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"email": email, "password": password, **extra})


def is_signed_in(client) -> bool:
    return client.get("/account/").status_code == 200


def test_the_right_password_signs_in_and_is_written_down(client):
    user = person()
    answer = attempt(client, user.email)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)
    event = AuditEvent.objects.get(act="session.started")
    assert (event.actor_id, event.data["way"]) == (user.pk, "password")


def test_the_address_is_the_same_in_any_case(client):
    user = person("camille.moreau@lumiere.example")
    attempt(client, " Camille.MOREAU@Lumiere.Example ")
    assert is_signed_in(client)
    assert Session.objects.get(user=user)


@pytest.mark.parametrize("status", [User.Status.PENDING, User.Status.SUSPENDED, User.Status.DEPARTED])
def test_an_account_that_is_not_active_looks_like_one_that_does_not_exist(client, status):
    user = person(status=status)
    refused = attempt(client, user.email)
    unknown = attempt(client, "nobody@lumiere.example")
    wrong = attempt(client, person().email, "a wrong password")
    assert refused.status_code == unknown.status_code == wrong.status_code == 422
    assert bare(refused, user.email) == bare(unknown, "nobody@lumiere.example")
    assert not is_signed_in(client)


def bare(answer, email: str) -> str:
    """The page without what differs between any two answers: the token of the form and the typed address."""
    text = answer.content.decode().replace(email, "")
    tokens = {str(answer.context["csrf_token"])}
    for token in tokens:
        text = text.replace(token, "")
    return text


def test_an_unknown_address_costs_one_hash_like_a_known_one(client, monkeypatch):
    from apps.accounts.hashers import FastArgon2Hasher

    hashes = []
    encode = FastArgon2Hasher.encode
    verify = FastArgon2Hasher.verify
    monkeypatch.setattr(FastArgon2Hasher, "encode", lambda *a, **k: hashes.append("e") or encode(*a, **k))
    monkeypatch.setattr(FastArgon2Hasher, "verify", lambda *a, **k: hashes.append("v") or verify(*a, **k))
    user, passwordless = person(), person(password=None)
    for email in (user.email, passwordless.email, "nobody@lumiere.example"):
        hashes.clear()
        attempt(client, email, "a wrong password")
        assert len(hashes) == 1, email


def test_refusals_are_written_down_without_what_was_typed_by_mistake(client):
    attempt(client, "nobody@lumiere.example")
    attempt(client, "my secret password")
    labels = list(
        AuditEvent.objects.filter(act="session.refused").order_by("at").values_list("target_label", flat=True)
    )
    assert labels == ["nobody@lumiere.example", ""]


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "\t//evil",
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(client, evil):
    assert attempt(client, person().email, next=evil)["Location"] == "/"


def test_after_signing_in_one_comes_back_to_the_wanted_page(client):
    assert client.get("/account/")["Location"] == "/sign-in/?next=/account/"
    assert attempt(client, person().email, next="/account/?x=1")["Location"] == "/account/?x=1"


def test_attempts_on_one_account_are_limited_however_it_is_spelled(client):
    user = person("camille@lumiere.example")
    spellings = [
        "camille@lumiere.example",
        "CAMILLE@lumiere.example",
        " camille@LUMIERE.example",
        "Camille@lumiere.example",
    ]
    for number in range(5):
        assert attempt(client, spellings[number % 4], "wrong").status_code == 422
    stopped = attempt(client, user.email)
    assert stopped.status_code == 429 and int(stopped["Retry-After"]) == 300
    assert not is_signed_in(client)
    assert attempt(client, person().email).status_code == 302, "others are not locked out"


def test_an_unknown_address_is_limited_alike(client):
    answers = [attempt(client, "nobody@lumiere.example", "wrong").status_code for _ in range(7)]
    assert answers == [422] * 5 + [429] * 2


def test_a_right_password_forgives_earlier_mistakes(client):
    user = person()
    for _ in range(4):
        attempt(client, user.email, "wrong")
    assert attempt(client, user.email).status_code == 302
    for _ in range(4):
        assert attempt(client, user.email, "wrong").status_code == 422


def test_a_school_that_is_microsoft_only_refuses_passwords(client, lumiere):
    from apps.tenants.context import platform
    from apps.tenants.models import School

    user = person()
    with platform():
        School.objects.filter(pk=lumiere.pk).update(settings={"sign_in": {"password": False}})
    refused = attempt(client, user.email)
    assert refused.status_code == 422 and "Microsoft" in refused.content.decode()
    assert not is_signed_in(client)
    assert 'name="password"' not in client.get(SIGN_IN).content.decode()


def test_people_of_one_school_are_unknown_at_another(client, curie):
    user = person()
    assert attempt(client_for(curie), user.email).status_code == 422
    assert attempt(client, user.email).status_code == 302
