"""From the platform's host with Microsoft to one's school; an unknown organisation may get one (IDN-3)."""

import threading

import pytest
from django.conf import settings as configured
from django.contrib.contenttypes.models import ContentType
from django.db import connections

from apps.accounts.models import Invitation, SignInFlow
from apps.audit.models import AuditEvent
from apps.microsoft.identity import GLOBAL_ADMINISTRATOR
from apps.tenants.context import activated, platform
from apps.tenants.models import ProviderBinding, School
from tests.accounts.conftest import OTHER_TID, bind, in_english
from tests.accounts.test_microsoft_sign_in import WRONG
from tests.conftest import HostClient, drop_school

NEW = "33333333-3333-4333-8333-333333333333"


def visitor():
    return in_english(HostClient(configured.PLATFORM_DOMAIN))


def leave(browser):
    answer = browser.get("/sign-in/microsoft/")
    assert answer.status_code == 302, answer.content.decode()[:1000]
    return answer["Location"]


def walk(microsoft, who, browser=None):
    """To Microsoft and back in one browser; the platform's answer."""
    browser = browser or visitor()
    back = microsoft.sign_in(leave(browser), who)
    return browser.get("/sso/callback", back.params)


def school_of(tid):
    with platform():
        held = ProviderBinding.objects.select_related("school").filter(external_id=tid).first()
    return held.school if held else None


def unknown_organisation(microsoft, **fields):
    microsoft.add_organisation("Académie Neuve", tid=NEW, domain="neuve.example", **fields)
    return microsoft.add_people(
        NEW,
        people=[
            {
                "givenName": "Hugo",
                "surname": "Roy",
                "userPrincipalName": "hugo@neuve.example",
                "roles": [GLOBAL_ADMINISTRATOR],
            }
        ],
    )[0]["id"]


@pytest.fixture
def allowed(settings, microsoft, django_db_setup, django_db_blocker):
    """Schools are made; what is committed is dropped afterwards."""
    settings.MICROSOFT_JUST_IN_TIME_SCHOOLS = True
    with django_db_blocker.unblock():
        yield
        with platform():
            made = list(School.objects.filter(owner_email="hugo@neuve.example"))
        for school in made:
            with activated(school):
                ContentType.objects.clear_cache()  # the next test makes a school of the same name
            drop_school(school)
        connections.close_all()


def test_the_front_page_offers_it(platform_client):
    assert "/sign-in/microsoft/" in platform_client.get("/").content.decode()


def test_a_known_organisation_is_led_to_its_school(organisation, platform_client):
    answer = walk(organisation.microsoft, organisation.camille["id"])
    assert answer.status_code == 302
    assert answer["Location"].startswith("http") and answer["Location"].endswith("/sign-in/microsoft/")
    assert "//lumiere." in answer["Location"]
    assert "_auth_user_id" not in visitor().session, "nobody is signed in on the platform"


def test_the_school_is_made_only_where_the_platform_allows_it(db, microsoft):
    assert configured.MICROSOFT_JUST_IN_TIME_SCHOOLS is False, "off by default"
    answer = walk(microsoft, unknown_organisation(microsoft))
    assert answer.status_code == 404
    assert "not on Campanile yet" in answer.content.decode()
    assert school_of(NEW) is None


def test_an_unknown_organisation_gets_a_school_with_its_first_owner(allowed, microsoft):
    answer = walk(microsoft, unknown_organisation(microsoft))
    assert answer.status_code == 200, answer.content.decode()[:2000]
    school = school_of(NEW)
    assert (school.slug, school.name, school.owner_email) == ("academie-neuve", "Académie Neuve", "hugo@neuve.example")
    with activated(school):
        assert Invitation.objects.filter(email="hugo@neuve.example").count() == 1
        assert AuditEvent.objects.filter(act__in=["school.created", "school.microsoft_linked"]).count() == 2
    again = walk(microsoft, unknown_id(microsoft))
    assert again.status_code == 302 and "//academie-neuve." in again["Location"]


def unknown_id(microsoft):
    return microsoft.add_people(NEW, people=[{"givenName": "Zoé", "userPrincipalName": "zoe@neuve.example"}])[0]["id"]


def test_only_an_administrator_of_the_organisation_makes_its_school(allowed, microsoft):
    """Otherwise the first student to come by would own it."""
    unknown_organisation(microsoft)
    answer = walk(microsoft, unknown_id(microsoft))
    assert answer.status_code == 403
    assert "Sign in as an administrator of the Microsoft organisation" in answer.content.decode()
    assert school_of(NEW) is None
    with platform():
        assert not School.objects.filter(owner_email="zoe@neuve.example").exists()
        event = AuditEvent.objects.filter(act="school.microsoft_link_refused").latest("pk")
        assert (event.data["organisation"], event.data["account"]) == (NEW, "zoe@neuve.example")


def test_without_the_administrators_consent_there_is_no_school(allowed, microsoft):
    answer = walk(microsoft, unknown_organisation(microsoft, consented=False))
    assert answer.status_code == 403
    assert "has not yet allowed Campanile" in answer.content.decode()
    assert school_of(NEW) is None
    with platform():
        assert not School.objects.filter(owner_email="hugo@neuve.example").exists()


def test_two_at_once_make_one_school(allowed, microsoft):
    who = unknown_organisation(microsoft)
    ways = []
    for _ in range(2):
        browser = visitor()
        ways.append((browser, microsoft.sign_in(leave(browser), who).params))
    answers = []

    def come_back(browser, params):
        try:
            answers.append(browser.get("/sso/callback", params).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come_back, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 302]
    with platform():
        assert School.objects.filter(owner_email="hugo@neuve.example").count() == 1


def test_another_browser_cannot_come_back(organisation):
    back = organisation.microsoft.sign_in(leave(visitor()), organisation.camille["id"])
    assert visitor().get("/sso/callback", back.params).status_code == 403


def test_an_answer_counts_once(organisation):
    browser = visitor()
    back = organisation.microsoft.sign_in(leave(browser), organisation.camille["id"])
    assert browser.get("/sso/callback", back.params).status_code == 302
    assert browser.get("/sso/callback", back.params).status_code == 403
    with platform():
        assert SignInFlow.objects.get().data == {}, "what msal kept is forgotten"


@pytest.mark.parametrize("state", ["platform.", "platform.guessed", "platform." + "x" * 300])
def test_a_state_of_no_flow_is_refused(db, state):
    assert visitor().get("/sso/callback", {"state": state, "code": "1"}).status_code == 403


def test_a_schools_own_way_does_not_end_here(organisation, client):
    """A flow of the school is found in the school only, and the platform's in the platform only."""
    back = organisation.microsoft.sign_in(client.get("/sign-in/microsoft/")["Location"], organisation.camille["id"])
    state = back.params["state"].partition(".")[2]
    assert visitor().get("/sso/callback", {**back.params, "state": f"platform.{state}"}).status_code == 403


@pytest.mark.parametrize("how", sorted(set(WRONG) - {"other_organisation"}))
def test_a_wrong_token_leads_nowhere_and_makes_nothing(settings, organisation, how):
    """A personal account's among them. A right token of another organisation leads to that one's school."""
    settings.MICROSOFT_JUST_IN_TIME_SCHOOLS = True
    with platform():
        before = School.objects.count()
    organisation.microsoft.wrong_token(how)
    answer = walk(organisation.microsoft, organisation.camille["id"])
    assert 400 <= answer.status_code < 500, how
    with platform():
        assert School.objects.count() == before


def test_a_closed_school_says_so(organisation, curie):
    with platform():
        School.objects.filter(pk=curie.pk).update(status="cancelled")
    bind(curie, OTHER_TID)
    organisation.microsoft.add_organisation("Institut Curie", tid=OTHER_TID, domain="curie.example")
    who = organisation.microsoft.add_people(OTHER_TID, people=[{"givenName": "Léa"}])[0]["id"]
    assert walk(organisation.microsoft, who).status_code == 403
