"""Signing in with Microsoft, over HTTP and with the simulator: the way in, and every wrong way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts import hooks
from apps.accounts.credentials import digest
from apps.accounts.models import Identity, Session, SignInFlow, User
from apps.audit.models import AuditEvent
from apps.tenants.context import activated, platform
from apps.tenants.models import ProviderBinding
from tests.accounts.conftest import OTHER_TID, bind, signed_in_as
from tests.conftest import client_for
from tests.people import person


def refusals() -> list[str]:
    return list(AuditEvent.objects.filter(act="session.refused").values_list("reason", flat=True))


def test_somebody_the_school_knows_signs_in(walk, organisation):
    arrived = walk.sign_in(organisation.camille["id"], "/sign-in/microsoft/?next=/account/")
    assert (arrived.status_code, arrived["Location"]) == (302, "/account/")
    assert signed_in_as(walk.client) == organisation.user.email
    event = AuditEvent.objects.get(act="session.started")
    assert event.data["way"] == "microsoft"
    session = Session.objects.get(user=organisation.user)
    assert session.signed_in_by == "microsoft" and session.provider_session


def test_the_sign_in_page_offers_it_first(client, organisation):
    page = client.get("/sign-in/?next=/account/").content.decode()
    assert page.index("/sign-in/microsoft/?next=%2Faccount%2F") < page.index('name="password"')


def test_a_person_is_found_by_microsofts_ids_not_by_the_address(walk, organisation):
    """The directory's address changed, and somebody else got the old one."""
    User.objects.filter(pk=organisation.user.pk).update(email="camille.moreau@lumiere.example")
    other = person("camille@lumiere.example")
    walk.sign_in(organisation.camille["id"])
    assert signed_in_as(walk.client) == "camille.moreau@lumiere.example"
    assert not Session.objects.filter(user=other, ended_at=None).exists()


def test_an_unknown_person_gets_an_explanation_and_no_account(walk, organisation):
    """Even when an account has the same address: an address is no proof."""
    new = walk.microsoft.add_people(organisation.tid, people=[{"givenName": "Inès", "mail": "ines@lumiere.example"}])[0]
    person("ines@lumiere.example")
    before = User.objects.count()
    refused = walk.sign_in(new["id"])
    assert refused.status_code == 403 and "has not added you yet" in refused.content.decode()
    assert User.objects.count() == before and signed_in_as(walk.client) is None
    assert refusals() == ["microsoft: not-added"]


@pytest.mark.parametrize("status", ["pending", "suspended", "departed"])
def test_an_account_that_is_not_active_stays_out(walk, organisation, status):
    User.objects.filter(pk=organisation.user.pk).update(status=status)
    assert walk.sign_in(organisation.camille["id"]).status_code == 403
    assert signed_in_as(walk.client) is None


def test_a_domain_that_is_not_approved_stays_out(walk, organisation):
    def nobody(email):
        return False

    hooks.email_domain_allowed.connect(nobody)
    try:
        refused = walk.sign_in(organisation.camille["id"])
    finally:
        hooks.email_domain_allowed._receivers.remove(nobody)
    assert refused.status_code == 403 and refusals() == ["microsoft: address-not-allowed"]


def test_a_school_without_organisation_explains(client, microsoft):
    refused = client.get("/sign-in/microsoft/")
    assert refused.status_code == 409 and "has not linked" in refused.content.decode()


# --- what Microsoft may send instead of a good token -----------------------------------------------------

WRONG = [
    "wrong_audience", "wrong_issuer", "issuer_of_other_tenant", "other_tid", "other_organisation", "expired",
    "not_yet_valid", "wrong_signature", "changed_payload", "alg_none", "hs256_with_public_key", "embedded_key",
    "unknown_kid", "missing_kid", "missing_nonce", "wrong_nonce", "missing_oid", "missing_tid", "missing_sub",
    "missing_exp", "missing_aud", "missing_iss", "personal_account", "version_1", "no_id_token", "malformed",
]  # fmt: skip


@pytest.mark.parametrize("how", WRONG)
def test_no_wrong_token_signs_anybody_in(walk, organisation, stranger, how):
    organisation.identity_of(person(), stranger)  # even were the stranger's ids known here
    walk.microsoft.wrong_token(how)
    refused = walk.sign_in(organisation.camille["id"])
    assert refused.status_code in (403, 409), refused.content.decode()[:500]
    assert signed_in_as(walk.client) is None
    assert len(refusals()) == 1 and refusals()[0].startswith("microsoft: ")


def test_the_simulator_knows_no_wrong_token_that_is_missing_here(microsoft):
    assert set(microsoft.wrong_token_kinds()) <= {*WRONG, "unknown_organisation", "claims"}


IDS = ("tid", "oid", "sub", "email", "preferred_username")


def test_of_all_mixtures_of_two_people_only_the_two_ids_together_sign_in(walk, organisation, stranger):
    """N1: perfect tokens, each claim either Camille's or a stranger's of another organisation with the same address."""
    theirs = {
        "tid": OTHER_TID, "oid": stranger["id"], "sub": "subject-of-the-stranger",
        "email": "stranger@curie.example", "preferred_username": "stranger@curie.example",
    }  # fmt: skip
    Identity.objects.create(user=person(), issuer="i", tenant_id=OTHER_TID, object_id=stranger["id"])
    seen = {}
    for number in range(2 ** len(IDS)):
        foreign = {name for bit, name in enumerate(IDS) if number >> bit & 1}
        claims = {name: theirs[name] for name in foreign}
        if "tid" in foreign:
            claims["iss"] = f"{walk.microsoft.microsoft_url}/{OTHER_TID}/v2.0"
        walk.microsoft.control("POST", "/wrong-tokens", {"claims": claims, "times": 1})
        walk.sign_in(organisation.camille["id"])
        seen[frozenset(foreign)] = signed_in_as(walk.client)
        walk.client.post("/sign-out/")
    assert len(seen) == 32
    for foreign, who in seen.items():
        assert who == (None if foreign & {"tid", "oid"} else organisation.user.email), foreign


def test_after_a_wrong_token_the_next_good_one_works(walk, organisation):
    """A control: it was the token, not the walk."""
    walk.microsoft.wrong_token("wrong_nonce")
    assert walk.sign_in(organisation.camille["id"]).status_code == 403
    assert walk.sign_in(organisation.camille["id"]).status_code == 302


def test_a_person_of_another_organisation_stays_out(walk, organisation, stranger, curie):
    """The same address, an organisation that is another school's."""
    bind(curie, OTHER_TID)
    url = walk.leave().replace(organisation.tid, "organizations")
    answer = walk.callback(walk.at_microsoft(url, stranger["id"]))
    refused = walk.client.get(answer["Location"])
    assert refused.status_code == 403 and signed_in_as(walk.client) is None


@pytest.mark.parametrize("meanwhile", ["another organisation", "none"])
def test_an_organisation_that_is_no_longer_the_schools_lets_nobody_in(walk, organisation, meanwhile):
    """Linked to another, or to none, between Microsoft's page and the arrival here."""
    ticket = walk.ticket(organisation.camille["id"])
    with platform():
        bound = ProviderBinding.objects.filter(external_id=organisation.tid)
        bound.update(external_id=OTHER_TID) if meanwhile == "another organisation" else bound.delete()
    assert walk.client.get(ticket).status_code in (403, 409)
    assert signed_in_as(walk.client) is None


def test_giving_up_at_microsoft_comes_back_with_a_way_on(walk, organisation):
    refused = walk.sign_in(None)
    page = refused.content.decode()
    assert refused.status_code == 403 and "You declined" in page and "/sign-in/microsoft/?other=1" in page


@pytest.mark.parametrize("fault", [{"kind": "aadsts", "code": 65001}, {"kind": "unavailable"}, {"kind": "html"}])
def test_an_error_of_microsoft_is_a_page_with_words(walk, organisation, fault):
    walk.microsoft.fault(operation="token.code", times=None, **fault)
    refused = walk.sign_in(organisation.camille["id"])
    assert refused.status_code == 403 and "AADSTS" not in refused.content.decode()
    assert signed_in_as(walk.client) is None


def test_microsoft_that_does_not_answer_at_the_start_is_a_page_too(walk, organisation):
    walk.microsoft.fault("reset", operation="discovery", times=None)
    refused = walk.client.get("/sign-in/microsoft/")
    assert refused.status_code == 403 and "does not answer" in refused.content.decode()


# --- the way back ----------------------------------------------------------------------------------------


def test_microsofts_answer_works_once(walk, organisation):
    params = walk.at_microsoft(walk.leave(), organisation.camille["id"])
    assert walk.callback(params).status_code == 302
    assert walk.callback(params).status_code == 403


@pytest.mark.parametrize(
    "state",
    [
        "",
        "lumiere",
        "lumiere.",
        "lumiere.made-up",
        "nowhere.x",
        ".",
        "curie.",
        "x" * 5000,
        "lumiere.\x00",
        "é.ü",
        "public.x",
    ],
)
def test_a_state_nobody_began_leads_nowhere(walk, organisation, state):
    answer = walk.platform_client.get("/sso/callback", {"state": state, "code": "x"})
    assert answer.status_code == 403 and "no longer valid" in answer.content.decode()


def test_a_state_of_another_school_leads_nowhere(walk, organisation, curie):
    params = walk.at_microsoft(walk.leave(), organisation.camille["id"])
    params["state"] = "curie." + params["state"].partition(".")[2]
    assert walk.callback(params).status_code == 403


def test_an_answer_after_a_quarter_of_an_hour_is_too_late(walk, organisation):
    params = walk.at_microsoft(walk.leave(), organisation.camille["id"])
    SignInFlow.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert walk.callback(params).status_code == 403


def test_a_changed_state_is_refused_even_with_a_flow(walk, organisation):
    """The nonce and the verifier belong to one flow: the code of one is worthless in another."""
    first = walk.at_microsoft(walk.leave(), organisation.camille["id"])
    second = walk.at_microsoft(walk.leave(), organisation.camille["id"])
    arrived = walk.client.get(walk.callback({**first, "state": second["state"]})["Location"])
    assert arrived.status_code == 403 and signed_in_as(walk.client) is None


# --- the hand-off ----------------------------------------------------------------------------------------


def test_a_ticket_opens_once(walk, organisation):
    ticket = walk.ticket(organisation.camille["id"])
    assert walk.client.get(ticket).status_code == 302
    assert walk.client.get(ticket).status_code == 403


def test_a_ticket_opens_only_the_browser_that_began(walk, walk_in, organisation, lumiere):
    ticket = walk.ticket(organisation.camille["id"])
    thief = walk_in(lumiere)
    assert thief.client.get(ticket).status_code == 403, "no cookie"
    thief.leave()
    assert thief.client.get(ticket).status_code == 403, "another browser's cookie"
    assert signed_in_as(thief.client) is None
    assert walk.client.get(ticket).status_code == 302, "a thief's attempt does not use it up"


def test_a_victim_cannot_be_signed_in_as_the_attacker(walk, walk_in, organisation, lumiere):
    """Login CSRF: the attacker's finished answer, opened in the victim's browser."""
    attacker = walk_in(lumiere)
    params = attacker.at_microsoft(attacker.leave(), organisation.camille["id"])
    walk.leave()
    assert walk.client.get(walk.callback(params)["Location"]).status_code == 403
    assert signed_in_as(walk.client) is None


def test_a_ticket_opens_only_its_school(walk, organisation, curie):
    ticket = walk.ticket(organisation.camille["id"])
    elsewhere = client_for(curie)
    elsewhere.cookies["__Host-flow"] = walk.client.cookies["__Host-flow"].value
    assert elsewhere.get(ticket).status_code == 403


def test_a_ticket_lives_a_minute(walk, organisation):
    ticket = walk.ticket(organisation.camille["id"])
    flow = SignInFlow.objects.get()
    lived = flow.ticket_expires_at - flow.used_at
    assert lived == timedelta(seconds=60)
    SignInFlow.objects.update(ticket_expires_at=timezone.now())
    assert walk.client.get(ticket).status_code == 403


def test_nothing_usable_is_stored(walk, organisation):
    params = walk.at_microsoft(walk.leave(), organisation.camille["id"])
    cookie = walk.client.cookies["__Host-flow"].value
    ticket = walk.callback(params)["Location"].partition("ticket=")[2]
    stored = repr(SignInFlow.objects.values().get())
    assert digest(ticket) in stored
    for secret in (params["state"], params["code"], cookie, ticket):
        assert secret not in stored
    assert "code_verifier" not in stored


def test_the_cookie_that_binds_the_browser(walk, organisation):
    walk.leave()
    cookie = walk.client.cookies["__Host-flow"]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie["path"] == "/" and not cookie["domain"] and cookie["max-age"] == 900


def test_two_tabs_of_one_browser_both_arrive(walk, organisation):
    first = walk.leave()
    second = walk.leave()
    for url in (first, second):
        answer = walk.callback(walk.at_microsoft(url, organisation.camille["id"]))
        assert walk.client.get(answer["Location"]).status_code == 302


# --- one's own account -----------------------------------------------------------------------------------


def test_a_signed_in_person_links_their_account_and_then_signs_in_with_it(walk, organisation, lumiere):
    julien = walk.microsoft.add_people(organisation.tid, people=[{"givenName": "Julien"}])[0]
    user = person("julien@elsewhere.example")
    walk.client.force_login(user)
    linked = walk.sign_in(julien["id"], "/account/microsoft/")
    assert (linked.status_code, linked["Location"]) == (302, "/account/")
    assert Identity.objects.get(user=user).object_id == julien["id"]
    walk.client.post("/sign-out/")
    walk.sign_in(julien["id"])
    assert signed_in_as(walk.client) == user.email


def test_a_new_way_in_is_added_only_by_who_has_just_shown_who_they_are(walk, organisation):
    """An open browser, or a stolen cookie, must not become an account that somebody else opens for good."""
    julien = walk.microsoft.add_people(organisation.tid, people=[{"givenName": "Julien"}])[0]
    user = person()
    walk.client.force_login(user)
    long_ago = timezone.now() - timedelta(hours=1)
    Session.objects.filter(user=user).update(proven_at=long_ago)
    assert walk.client.get("/account/microsoft/")["Location"].startswith("/account/confirm/?next=")
    Session.objects.filter(user=user).update(proven_at=timezone.now())
    ticket = walk.ticket(julien["id"], "/account/microsoft/")
    Session.objects.filter(user=user).update(proven_at=long_ago)
    assert walk.client.get(ticket).status_code == 302, "the way to Microsoft may take a while: it is not asked twice"


def test_linking_needs_somebody_signed_in(walk, organisation):
    assert walk.client.get("/account/microsoft/")["Location"].startswith("/sign-in/?next=")


def test_linking_ends_with_the_person_it_began_with(walk, organisation):
    julien = walk.microsoft.add_people(organisation.tid, people=[{"givenName": "Julien"}])[0]
    walk.client.force_login(person())
    ticket = walk.ticket(julien["id"], "/account/microsoft/")
    walk.client.force_login(person())
    assert walk.client.get(ticket).status_code == 403
    assert Identity.objects.count() == 1


def test_a_microsoft_account_belongs_to_one_person(walk, organisation):
    walk.client.force_login(person())
    refused = walk.sign_in(organisation.camille["id"], "/account/microsoft/")
    assert refused.status_code == 409 and "already belongs to another person" in refused.content.decode()


def test_identities_are_per_school(organisation, curie):
    with activated(curie):
        assert Identity.objects.count() == 0
