"""Microsoft's sign-out ends ours through the registered LogoutUrl, and ours offers to end Microsoft's."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import Identity, Session
from apps.accounts.services.merging import join_identity
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.tenants.context import activated, platform
from tests.accounts.conftest import OTHER_TID, TID, bind, in_english, signed_in_as
from tests.conftest import client_for
from tests.people import person

LOGOUT = "/sso/logout"


@pytest.fixture
def camille(walk, organisation):
    """Camille's browser, signed in with Microsoft."""
    assert walk.sign_in(organisation.camille["id"]).status_code == 302
    return walk.client


def frames(microsoft) -> list[str]:
    """Camille signs out at Microsoft: what its page loads in frames."""
    return microsoft.control("POST", "/sessions", {})["frames"]


def load(platform_client, url, **changed):
    """As the frame does, without any of our cookies."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return platform_client.get(LOGOUT, {**query, **changed})


def test_signing_out_there_ends_the_session_here(camille, platform_client, microsoft, organisation):
    [url] = frames(microsoft)
    assert urlsplit(url).path == LOGOUT
    answer = load(platform_client, url)
    assert answer.status_code == 200
    assert signed_in_as(camille) is None
    row = Session.objects.get(user=organisation.user, signed_in_by="microsoft")
    assert row.ended_because == "at-provider"
    event = AuditEvent.objects.get(act="sessions.ended_at_microsoft")
    assert (event.actor_label, event.target_id) == ("Microsoft", str(organisation.user.pk))


def test_twice_is_once(camille, platform_client, microsoft, organisation):
    [url] = frames(microsoft)
    answers = [load(platform_client, url) for _ in range(3)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b"signed out\n")}
    assert AuditEvent.objects.filter(act="sessions.ended_at_microsoft").count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"sid": "00000000-0000-4000-8000-000000000000"}, {"sid": ""}, {"sid": "%"}, {"sid": "x" * 5000}, {"iss": ""},
        {"iss": f"https://evil.example/{TID}/v2.0"}, {"iss": TID}, {"iss": "https://login.microsoftonline.com/x/v2.0"},
    ],
)  # fmt: skip
def test_what_is_unknown_ends_nothing_and_is_answered_alike(camille, platform_client, microsoft, changed):
    [url] = frames(microsoft)
    before = Session.objects.filter(ended_at=None).count()
    answer = load(platform_client, url, **changed)
    assert (answer.status_code, answer.content) == (200, b"signed out\n")
    assert Session.objects.filter(ended_at=None).count() == before
    assert signed_in_as(camille) == "camille@lumiere.example"


def test_another_organisation_ends_nothing(camille, platform_client, microsoft, stranger, curie):
    bind(curie, OTHER_TID)
    [url] = frames(microsoft)
    load(platform_client, url, iss=f"{microsoft.microsoft_url}/{OTHER_TID}/v2.0")
    assert signed_in_as(camille) == "camille@lumiere.example"


def test_a_session_of_another_school_with_the_same_id_goes_on(camille, platform_client, microsoft, curie):
    [url] = frames(microsoft)
    sid = parse_qs(urlsplit(url).query)["sid"][0]
    with activated(curie):
        now = timezone.now()
        user = person("x@curie.example")
        facts = {"signed_in_by": "microsoft", "provider_session": sid, "last_seen_at": now}
        Session.objects.create(user=user, expires_at=now.replace(year=now.year + 1), **facts)
    load(platform_client, url)
    with activated(curie):
        assert Session.objects.get(user=user).ended_at is None


def test_only_this_one_address_may_be_framed_and_only_by_microsoft(platform_client, settings):
    settings.MICROSOFT_LOGIN_URL = "https://login.microsoftonline.com"
    answer = platform_client.get(LOGOUT, {"sid": "00000000-0000-4000-8000-000000000000", "iss": "x"})
    assert "frame-ancestors https://login.microsoftonline.com;" in answer["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in answer
    other = platform_client.get("/sign-in/")
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
    assert other["X-Frame-Options"] == "DENY"


def test_only_get(platform_client):
    assert platform_client.post(LOGOUT).status_code in (403, 405)


# --- from here to there ----------------------------------------------------------------------------------


def test_signing_out_here_offers_to_sign_out_there(camille, platform_client, microsoft, settings):
    answer = camille.post("/sign-out/")
    page = camille.get(answer["Location"]).content.decode()
    assert "Sign out at Microsoft too" in page
    url = page.partition(f'href="{microsoft.microsoft_url}/')[2].partition('"')[0]
    assert url.startswith(f"{TID}/oauth2/v2.0/logout?")
    query = parse_qs(urlsplit(url.replace("&amp;", "&")).query)
    assert query["state"] == ["lumiere"]
    assert urlsplit(query["post_logout_redirect_uri"][0]).path == "/sso/signed-out"
    back = platform_client.get("/sso/signed-out", {"state": "lumiere"})
    assert urlsplit(back["Location"]).path == "/sign-in/" and "lumiere." in back["Location"]


def leaving(client) -> dict[str, str]:
    """Sign out here: the query of the address that would sign out there."""
    page = client.get(client.post("/sign-out/")["Location"])
    query = parse_qs(urlsplit(page.context["leave_microsoft_url"]).query)
    return {name: values[0] for name, values in query.items()}


def at_microsoft(microsoft, people, query) -> httpx.Response:
    """One browser in which these people signed in at Microsoft goes to its sign-out page."""
    base = f"{microsoft.microsoft_url}/{TID}/oauth2/v2.0"
    asked = {
        "client_id": microsoft.client_id, "response_type": "code", "scope": "openid", "state": "s",
        "redirect_uri": query["post_logout_redirect_uri"],
    }  # fmt: skip
    with httpx.Client(trust_env=False, verify=False) as browser:
        for one in people:
            browser.post(f"{base}/authorize", params=asked, data={"person": one["id"]})
        return browser.get(f"{base}/logout", params=query)


def test_microsoft_is_told_which_account_and_asks_nobody(camille, microsoft, organisation):
    """Two people share this browser: with the hint one of them is signed out, without it the page asks."""
    [other] = microsoft.add_people(TID, people=[{"userPrincipalName": "zoe@lumiere.example"}])
    query = leaving(camille)
    both = [organisation.camille, other]
    asking = at_microsoft(microsoft, both, {name: text for name, text in query.items() if name != "logout_hint"})
    assert "Which account" in asking.text and "zoe@lumiere.example" in asking.text
    told = at_microsoft(microsoft, both, query)
    assert told.text.count("<iframe") == 1 and "Which account" not in told.text


def test_the_hint_is_kept_encrypted_and_goes_with_another_account(camille, organisation):
    row = Identity.objects.get(user=organisation.user)
    assert row.login_hint.startswith("O.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT login_hint FROM accounts_identity WHERE id = %s", [row.pk])
        [stored] = cursor.fetchone()
    assert stored.startswith("s1.") and row.login_hint not in stored
    facts = {"tenant_id": TID, "object_id": "00000000-0000-4000-8000-00000000000b", "upn": "b@lumiere.example"}
    join_identity(actor=Actor.system("tests"), user_id=organisation.user.pk, now=timezone.now(), **facts)
    assert Identity.objects.get(user=organisation.user).login_hint == ""


def test_who_had_a_password_is_not_asked(organisation, lumiere):
    client = in_english(client_for(lumiere))
    user = person()
    client.force_login(user)
    assert client.post("/sign-out/")["Location"] == "/sign-in/"


@pytest.mark.parametrize("state", ["", "nobody", "../evil", "https://evil.example", "lumiere.x.y", "\x00", "x" * 900])
def test_the_way_back_leads_nowhere_else(platform_client, state, lumiere, settings):
    location = platform_client.get("/sso/signed-out", {"state": state})["Location"]
    host = urlsplit(location).hostname
    assert host is None or host.endswith(settings.PLATFORM_DOMAIN)


def test_a_closed_school_is_left_alone(camille, platform_client, microsoft, organisation):
    from apps.tenants.models import School

    [url] = frames(microsoft)
    with platform():
        School.objects.filter(slug="lumiere").update(status="suspended", status_before="active")
    assert load(platform_client, url).status_code == 200
