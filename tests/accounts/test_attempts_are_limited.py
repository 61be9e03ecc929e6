"""Too many attempts are refused in words, and the refusals do not fill the audit trail."""

import pytest

from apps.accounts.models import SignInFlow
from apps.accounts.services.limits import SHORT, SIGN_IN_ACCOUNT, Limit
from apps.audit.models import AuditEvent
from apps.tenants.context import platform
from tests.conftest import client_for

START = "/sign-in/microsoft/"


@pytest.fixture
def three(monkeypatch):
    """Three departures for each address, so that a test need not make hundreds."""
    few = Limit("few-departures", 3, pauses=SHORT)
    monkeypatch.setattr("apps.accounts.services.microsoft_sign_in.MICROSOFT_ADDRESS", few)
    return few


def too_many() -> int:
    return AuditEvent.objects.filter(act="session.refused", reason="too many attempts").count()


def test_leaving_for_microsoft_is_limited_by_address(client, organisation, three):
    answers = [client.get(START) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 3 + [429] * 3
    stopped = answers[-1]
    assert int(stopped["Retry-After"]) > 0
    page = stopped.content.decode()
    assert "Too many attempts" in page and "<html" in page
    assert "another Microsoft account" not in page, "no button that would be refused again"
    assert SignInFlow.objects.count() == 3
    assert too_many() == 1
    assert client.get(START, REMOTE_ADDR="192.0.2.7").status_code == 302, "others are not locked out"


def test_a_network_of_ipv6_is_one_address(client, organisation, three):
    answers = [client.get(START, REMOTE_ADDR=f"2001:db8::{number}").status_code for number in range(1, 5)]
    assert answers == [302] * 3 + [429]


def test_who_comes_back_signed_in_does_not_count(walk, organisation, three):
    for _ in range(5):
        assert walk.sign_in(organisation.camille["id"]).status_code == 302
        walk.client.post("/sign-out/")


def test_who_signed_in_here_before_goes_to_microsoft_whatever_others_do(walk, organisation, three):
    assert walk.sign_in(organisation.camille["id"]).status_code == 302
    walk.client.post("/sign-out/")
    attacker = client_for(organisation.school)
    assert [attacker.get(START).status_code for _ in range(4)] == [302, 302, 302, 429]
    assert walk.sign_in(organisation.camille["id"]).status_code == 302


def test_leaving_from_the_platforms_host_is_limited_too(platform_client, organisation, three):
    with platform():
        before = SignInFlow.objects.count()
    answers = [platform_client.get(START) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [302] * 3 + [429] * 2
    assert int(answers[-1]["Retry-After"]) > 0
    with platform():
        assert SignInFlow.objects.count() == before + 3


def test_only_the_first_refusal_of_a_window_is_written_down(client, lumiere):
    wrong = {"email": "nobody@lumiere.example", "password": "wrong"}
    answers = [client.post("/sign-in/", wrong).status_code for _ in range(9)]
    assert answers == [422] * 5 + [429] * 4
    assert too_many() == 1
    for _ in range(7):
        client.post("/sign-in/", {**wrong, "email": "somebody@lumiere.example"})
    assert too_many() == 2, "each account has an entry of its own"


def test_the_next_window_is_written_down_again(client, lumiere):
    wrong = {"email": "nobody@lumiere.example", "password": "wrong"}
    for _ in range(2):
        for _attempt in range(7):
            client.post("/sign-in/", wrong)
        SIGN_IN_ACCOUNT.forgive(wrong["email"])  # as when the window has ended
    assert too_many() == 2
