"""It signs in who Microsoft proves, and nobody else: whole round trips through a real identity provider process."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from apps.microsoft.identity import (
    GLOBAL_ADMINISTRATOR,
    IdClaims,
    _roles,
    admin_consent_url,
    begin_sign_in,
    complete_sign_in,
    logout_url,
    read_consent,
)
from apps.microsoft.refusals import Reason, SignInRefused
from apps.microsoft.registration import MicrosoftApp
from tests.microsoft.scripted import Reply
from tests.sandbox_fixture import AMPERE, CURIE, LUMIERE

CALLBACK = "http://campanile.localhost:8000/sso/callback"

WRONG_TOKENS = [
    "wrong_audience", "wrong_issuer", "issuer_of_other_tenant", "other_tid", "other_organisation",
    "unknown_organisation", "expired", "not_yet_valid", "wrong_signature", "changed_payload", "alg_none",
    "hs256_with_public_key", "embedded_key", "unknown_kid", "missing_kid", "missing_nonce", "wrong_nonce",
    "missing_oid", "missing_tid", "missing_sub", "missing_exp", "missing_aud", "missing_iss", "personal_account",
    "version_1", "no_id_token", "malformed",
]  # fmt: skip


@pytest.fixture
def demo(sandbox):
    sandbox.reset("demo")
    sandbox.clear_wrong_tokens()
    sandbox.clear_faults()
    return sandbox


@pytest.fixture
def person(demo):
    return next(person for person in demo.people(LUMIERE, limit=50) if person["accountEnabled"])


@pytest.fixture
def round_trip(demo, simulated_app, person):
    """Everything of one sign-in, each step open to interference."""

    class RoundTrip:
        app = simulated_app

        def begin(self, tenant=LUMIERE, **options):
            return begin_sign_in(self.app, tenant, CALLBACK, **options)

        def choose(self, flow, who=None):
            return demo.sign_in(flow.url, who or person["id"]).params

        def complete(self, flow, params, expected=LUMIERE, app=None, data=None):
            stored = json.loads(json.dumps(data or flow.data))
            return complete_sign_in(app or self.app, stored, params, expected_tenant_id=expected, now=timezone.now())

        def all(self, **options):
            flow = self.begin(**options)
            return self.complete(flow, self.choose(flow))

    return RoundTrip()


def refused(call, *arguments, **options) -> SignInRefused:
    with pytest.raises(SignInRefused) as caught:
        call(*arguments, **options)
    assert str(caught.value)
    return caught.value


class TestTheGoodWay:
    def test_the_person_comes_back_by_organisation_and_object_id(self, round_trip, person):
        claims = round_trip.all()
        assert (claims.tenant_id, claims.object_id) == (LUMIERE, person["id"])
        assert claims.preferred_username == person["userPrincipalName"]
        assert claims.sid
        assert claims.subject
        assert not claims.is_guest

    def test_the_request_carries_code_pkce_state_and_hashed_nonce_and_asks_for_nothing_more(self, round_trip):
        flow = round_trip.begin(login_hint="ada@lumiere.example")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(flow.url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["response_mode"] == "query"
        assert asked["code_challenge_method"] == "S256"
        assert asked["state"] == flow.state
        assert len(asked["nonce"]) == 64
        assert set(asked["scope"].split()) == {"openid", "profile", "email"}
        assert asked["login_hint"] == "ada@lumiere.example"
        assert flow.data["msal"]["code_verifier"] not in flow.url

    def test_the_browser_is_sent_to_the_configured_host(self, round_trip, demo):
        assert round_trip.begin().url.startswith(f"{demo.microsoft_url}/{LUMIERE}/oauth2/v2.0/authorize?")

    def test_a_hint_is_left_out_with_the_account_chooser(self, round_trip):
        url = round_trip.begin(login_hint="ada@lumiere.example", prompt="select_account").url
        assert "login_hint" not in url
        assert "prompt=select_account" in url

    def test_a_given_state_is_kept(self, round_trip):
        assert round_trip.begin(state="our-own-state").state == "our-own-state"

    def test_a_guest_is_marked(self, round_trip, demo):
        guest = demo.add_people(LUMIERE, people=[{"displayName": "Guest One", "userType": "Guest"}])[0]
        flow = round_trip.begin()
        assert round_trip.complete(flow, round_trip.choose(flow, guest["id"])).is_guest

    @pytest.mark.parametrize(
        ("wids", "administers"),
        [
            ([GLOBAL_ADMINISTRATOR], True),
            (["88d8e3e3-8f55-4a1e-953a-9b9898b8876b"], False),
            ([], False),
            (None, False),
            (GLOBAL_ADMINISTRATOR, False),
            ({GLOBAL_ADMINISTRATOR: True}, False),
            ([GLOBAL_ADMINISTRATOR, 7], False),
            ([[GLOBAL_ADMINISTRATOR]], False),
            (["Global Administrator"], False),
        ],
    )
    def test_roles_in_the_organisation_are_a_list_of_ids_or_nothing(self, wids, administers):
        roles = _roles(wids)
        claims = IdClaims("iss", LUMIERE, "oid", "sub", "sid", "", "", "", is_guest=False, directory_roles=roles)
        assert claims.is_administrator is administers
        assert IdClaims.from_json(json.loads(json.dumps(claims.to_json()))) == claims

    def test_the_administrator_of_the_organisation_is_known_by_the_token(self, round_trip, demo, person):
        (admin,) = demo.add_people(LUMIERE, people=[{"givenName": "Ada", "roles": [GLOBAL_ADMINISTRATOR]}])
        flow = round_trip.begin()
        assert round_trip.complete(flow, round_trip.choose(flow, admin["id"])).is_administrator
        demo.change_person(LUMIERE, admin["id"], roles=[])
        flow = round_trip.begin()
        assert not round_trip.complete(flow, round_trip.choose(flow, admin["id"])).is_administrator

    def test_a_school_may_link_any_organisation(self, round_trip, demo):
        someone = next(person for person in demo.people(AMPERE, limit=20) if person["accountEnabled"])
        flow = round_trip.begin("organizations")
        claims = round_trip.complete(flow, round_trip.choose(flow, someone["id"]), expected=None)
        assert claims.tenant_id == AMPERE

    def test_new_keys_of_microsoft_are_followed(self, round_trip, demo):
        round_trip.all()
        demo.rotate_keys(keep_old=False)
        assert round_trip.all()

    def test_a_clock_within_two_minutes_is_tolerated(self, round_trip, demo):
        demo.clock(110)
        try:
            assert round_trip.all()
        finally:
            demo.clock(0)


class TestWrongTokens:
    def test_all_kinds_of_the_simulator_are_tried(self, demo):
        assert sorted(WRONG_TOKENS) == sorted(demo.wrong_token_kinds())

    @pytest.mark.parametrize("how", WRONG_TOKENS)
    def test_it_is_refused_and_the_next_good_one_accepted(self, how, round_trip, demo):
        demo.wrong_token(how)
        refused(round_trip.all)
        assert round_trip.all()

    def test_a_clock_three_minutes_off_is_refused(self, round_trip, demo):
        demo.clock(180)
        try:
            refused(round_trip.all)
        finally:
            demo.clock(0)

    @pytest.mark.parametrize(
        ("how", "reason"),
        [
            ("personal_account", Reason.PERSONAL_ACCOUNT),
            ("other_organisation", Reason.WRONG_ORGANISATION),
            ("expired", Reason.EXPIRED),
            ("wrong_signature", Reason.NOT_TRUSTED),
            ("wrong_nonce", Reason.NOT_TRUSTED),
        ],
    )
    def test_the_person_is_told_what_they_can_do_about_it(self, how, reason, round_trip, demo):
        demo.wrong_token(how)
        flow = round_trip.begin("organizations" if how == "personal_account" else LUMIERE)
        expected = None if how == "personal_account" else LUMIERE
        assert refused(round_trip.complete, flow, round_trip.choose(flow), expected=expected).code == reason

    def test_a_personal_account_cannot_link_a_school(self, round_trip, demo):
        demo.wrong_token("personal_account")
        flow = round_trip.begin("organizations")
        assert refused(round_trip.complete, flow, round_trip.choose(flow), expected=None).code == "personal-account"

    def test_another_organisation_cannot_enter_this_school(self, round_trip, demo):
        stranger = next(person for person in demo.people(CURIE, limit=20) if person["accountEnabled"])
        flow = round_trip.begin("organizations")
        answer = round_trip.choose(flow, stranger["id"])
        assert refused(round_trip.complete, flow, answer, expected=LUMIERE).code == "wrong-organisation"


class TestTheAnswerBelongsToItsTransaction:
    def test_a_replayed_code_is_refused(self, round_trip):
        flow = round_trip.begin()
        params = round_trip.choose(flow)
        assert round_trip.complete(flow, params)
        assert refused(round_trip.complete, flow, params).code == Reason.EXPIRED

    def test_the_state_of_another_flow_is_refused(self, round_trip):
        mine, other = round_trip.begin(), round_trip.begin()
        assert refused(round_trip.complete, mine, round_trip.choose(other)).code == Reason.EXPIRED

    def test_a_code_of_another_flow_under_my_state_is_refused(self, round_trip):
        """Code injection: PKCE does not match."""
        mine, other = round_trip.begin(), round_trip.begin()
        stolen = {**round_trip.choose(other), "state": mine.state}
        assert refused(round_trip.complete, mine, stolen).code == Reason.EXPIRED

    def test_a_token_with_the_nonce_of_another_flow_is_refused(self, round_trip):
        mine, other = round_trip.begin(), round_trip.begin()
        data = {**mine.data, "msal": {**mine.data["msal"], "nonce": other.data["msal"]["nonce"]}}
        assert refused(round_trip.complete, mine, round_trip.choose(mine), data=data).code == Reason.NOT_TRUSTED

    def test_another_verifier_is_refused(self, round_trip):
        mine, other = round_trip.begin(), round_trip.begin()
        data = {**mine.data, "msal": {**mine.data["msal"], "code_verifier": other.data["msal"]["code_verifier"]}}
        assert refused(round_trip.complete, mine, round_trip.choose(mine), data=data).code == Reason.EXPIRED

    def test_a_flow_of_another_registration_is_refused(self, round_trip, demo):
        other = MicrosoftApp("bbbbbbbb-0000-4000-8000-000000000009", ("x",), login_url=demo.microsoft_url)
        flow = round_trip.begin()
        assert refused(round_trip.complete, flow, round_trip.choose(flow), app=other).code == Reason.EXPIRED

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"msal": None},
            {"msal": {}},
            {"msal": {"state": "s"}, "tenant_id": LUMIERE},
            {"msal": [], "tenant_id": LUMIERE},
        ],
    )
    def test_a_lost_flow_is_refused(self, data, round_trip):
        flow = round_trip.begin()
        assert (
            refused(
                complete_sign_in,
                round_trip.app,
                data,
                round_trip.choose(flow),
                expected_tenant_id=LUMIERE,
                now=timezone.now(),
            ).code
            == Reason.EXPIRED
        )

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"state": ""}, id="empty state"),
            pytest.param({"state": None}, id="no state"),
            pytest.param({"state": "é"}, id="state not ascii"),
            pytest.param({"state": ["a", "b"]}, id="state twice"),
            pytest.param({"code": ""}, id="empty code"),
            pytest.param({"code": None}, id="no code"),
            pytest.param({"code": ["1", "2"]}, id="code twice"),
            pytest.param({"code": "1.AX-invented"}, id="invented code"),
            pytest.param({"code": "x" * 100_000}, id="endless code"),
            pytest.param({"code": "a\r\nInjected: 1\x00"}, id="code with control characters"),
            pytest.param({"code": None, "error": "access_denied"}, id="refused"),
            pytest.param({"error": "<script>", "error_description": "AADSTS" + "9" * 500}, id="garbage error"),
        ],
    )
    def test_garbage_from_the_browser_is_refused_in_words(self, change, round_trip):
        flow = round_trip.begin()
        params = {name: v for name, v in {**round_trip.choose(flow), **change}.items() if v is not None}
        assert "script" not in str(refused(round_trip.complete, flow, params))

    @pytest.mark.parametrize("value", ["5", "bnVsbA", "%%%", "eyJ1aWQiOiJhXHJcblgtRXZpbDogMSIsInV0aWQiOiJiIn0"])
    def test_client_info_of_the_browser_is_not_used(self, value, round_trip):
        flow = round_trip.begin()
        assert round_trip.complete(flow, {**round_trip.choose(flow), "client_info": value})


class TestMicrosoftRefuses:
    @pytest.mark.parametrize(
        ("number", "reason"),
        [
            (65001, Reason.CONSENT), (90094, Reason.CONSENT), (65004, Reason.DECLINED), (650056, Reason.CONSENT),
            (50020, Reason.WRONG_ACCOUNT), (50105, Reason.WRONG_ACCOUNT), (700016, Reason.WRONG_ACCOUNT),
            (50076, Reason.NEEDS_PERSON), (50055, Reason.NEEDS_PERSON), (50058, Reason.NEEDS_PERSON),
            (50053, Reason.BLOCKED), (50057, Reason.BLOCKED), (53003, Reason.BLOCKED),
            (70008, Reason.EXPIRED), (54005, Reason.EXPIRED), (501481, Reason.EXPIRED), (50173, Reason.EXPIRED),
            (7000215, Reason.MISCONFIGURED), (7000222, Reason.MISCONFIGURED), (50011, Reason.MISCONFIGURED),
            (50196, Reason.MISCONFIGURED), (50033, Reason.UNAVAILABLE), (90006, Reason.UNAVAILABLE),
        ],
    )  # fmt: skip
    def test_each_group_of_errors_has_its_words(self, number, reason, round_trip, demo):
        demo.fault("aadsts", operation="token.code", code=number)
        flow = round_trip.begin()
        error = refused(round_trip.complete, flow, round_trip.choose(flow))
        assert error.code == reason
        assert "AADSTS" not in str(error)

    def test_who_gives_up_on_microsoft_s_page_may_start_again(self, round_trip, demo):
        flow = round_trip.begin()
        error = refused(round_trip.complete, flow, demo.sign_in(flow.url).params)
        assert error.retry

    @pytest.mark.parametrize("operation", ["discovery", "token.code"])
    @pytest.mark.parametrize(
        "kind", ["server_error", "unavailable", "too_many_requests", "html", "truncated", "cut", "reset", "empty_body"]
    )
    def test_trouble_on_the_way_is_a_refusal_and_the_next_try_works(self, kind, operation, round_trip, demo):
        demo.fault(kind, operation=operation)
        refused(round_trip.all)
        assert round_trip.all()

    @pytest.mark.parametrize("kind", ["server_error", "html", "truncated", "reset"])
    def test_keys_that_cannot_be_read_sign_nobody_in(self, kind, round_trip, demo):
        demo.fault(kind, operation="keys", times=None)
        assert refused(round_trip.all).code == Reason.UNAVAILABLE
        demo.clear_faults()
        assert round_trip.all()

    def test_an_organisation_microsoft_does_not_know_is_refused(self, round_trip):
        error = refused(round_trip.begin, "99999999-9999-4999-8999-999999999999")
        assert error.code == Reason.WRONG_ORGANISATION

    @pytest.mark.parametrize("tenant", ["", "common", "../x", "contoso.com", "consumers", LUMIERE.upper() + "/x"])
    def test_only_ids_name_organisations(self, tenant, round_trip):
        with pytest.raises(ValueError):
            round_trip.begin(tenant)

    @pytest.mark.parametrize(
        "body",
        [
            [], 5, None, "text", {}, {"id_token": 5}, {"id_token": "x"}, {"id_token": "a.b.c"}, {"id_token": None},
            {"access_token": "a", "id_token": "bnVsbA.bnVsbA.bnVsbA"}, {"error": 5}, {"error": {"a": 1}},
            {"access_token": 1, "expires_in": "x"}, {"client_info": "%", "access_token": "a", "id_token": "a.e30.c"},
        ],
    )  # fmt: skip
    def test_an_answer_outside_the_protocol_is_a_refusal(self, body, microsoft, scripted_app):
        microsoft.token = lambda call: Reply(200, body)
        flow = begin_sign_in(scripted_app, LUMIERE, CALLBACK)
        params = {"code": "code", "state": flow.state}
        refused(complete_sign_in, scripted_app, flow.data, params, expected_tenant_id=LUMIERE, now=timezone.now())


class TestSecretsAreRotated:
    @pytest.mark.parametrize("secrets", [("old-and-dead", "sandbox-secret"), ("sandbox-secret", "not-yet-valid")])
    def test_either_of_two_secrets_is_enough(self, secrets, round_trip, demo):
        round_trip.app = MicrosoftApp(demo.client_id, secrets, demo.microsoft_url, demo.graph_url)
        assert round_trip.all()

    def test_without_a_good_one_the_operators_are_told(self, round_trip, demo, caplog):
        round_trip.app = MicrosoftApp(demo.client_id, ("dead", "dead too"), demo.microsoft_url, demo.graph_url)
        assert refused(round_trip.all).code == Reason.MISCONFIGURED
        assert any(record.levelname == "ERROR" for record in caplog.records)


class TestConsent:
    def test_an_administrator_allows_us_and_the_answer_names_the_organisation(self, demo, simulated_app):
        demo.permissions(AMPERE, None)
        roles = ["62e90394-69f5-4237-9190-012177145e10"]  # Global Administrator
        admin = demo.add_people(AMPERE, people=[{"displayName": "Alix Admin", "roles": roles}])[0]
        url = admin_consent_url(simulated_app, state="state-1", redirect_uri=CALLBACK)
        answer = demo.admin_consent(url, admin["id"])
        assert read_consent(answer.params, state="state-1") == AMPERE

    def test_a_refusal_is_told(self, demo, simulated_app):
        url = admin_consent_url(simulated_app, state="state-1", redirect_uri=CALLBACK)
        params = demo.admin_consent(url, accept=False).params
        assert refused(read_consent, params, state="state-1").code == Reason.DECLINED

    @pytest.mark.parametrize(
        "params",
        [
            {},
            {"state": "other", "tenant": LUMIERE, "admin_consent": "True"},
            {"tenant": LUMIERE, "admin_consent": "True"},
            {"state": "state-1", "tenant": "contoso", "admin_consent": "True"},
            {"state": "state-1", "tenant": LUMIERE},
            {"state": "state-1", "admin_consent": "True"},
        ],
    )
    def test_anything_else_is_refused(self, params):
        refused(read_consent, params, state="state-1")

    def test_an_empty_expected_state_matches_nothing(self):
        refused(read_consent, {"state": "", "tenant": LUMIERE, "admin_consent": "True"}, state="")


def test_the_session_with_microsoft_can_be_ended(demo, simulated_app):
    url = logout_url(simulated_app, post_logout_redirect_uri="http://lumiere.campanile.localhost/", tenant_id=LUMIERE)
    assert url.startswith(f"{demo.microsoft_url}/{LUMIERE}/oauth2/v2.0/logout?post_logout_redirect_uri=http%3A")


def test_time_passes_between_the_legs(demo, simulated_app, person):
    """`now` is the caller's: a token read two hours later is refused."""
    flow = begin_sign_in(simulated_app, LUMIERE, CALLBACK)
    later = timezone.now() + timedelta(hours=2)
    params = demo.sign_in(flow.url, person["id"]).params
    refused(complete_sign_in, simulated_app, flow.data, params, expected_tenant_id=LUMIERE, now=later)
