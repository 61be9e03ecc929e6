"""The token family with its owner, a thief and a network that loses answers, against a model (IDN-4).

Promises: any number of simultaneous uses lead to one next generation; within the overlap a retry gets what the lost
answer held; later the whole family ends, is audited and told; then nothing that was ever issued works.
"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import HealthCheck, Phase, assume
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from apps.accounts import tokens
from apps.accounts.models import Session
from apps.accounts.services import families
from apps.audit.models import AuditEvent
from apps.notifications.models import CommunicationLog
from tests.accounts.conftest import signed_in_as
from tests.conftest import client_for
from tests.people import PASSWORD, person

KIND = Session.Kind.BROWSER
WAITS = (0, 1, 5, settings.REFRESH_OVERLAP_SECONDS, settings.REFRESH_OVERLAP_SECONDS + 1, 400)
STEPS = hypothesis_settings(
    max_examples=200,
    stateful_step_count=50,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],  # a fault is shown as it was found: making it smaller costs minutes
    suppress_health_check=list(HealthCheck),
)


def use(refresh, now):
    return families.rotate(refresh=refresh, kind=KIND, now=now, address="192.0.2.1", surface="web")


class Family(RuleBasedStateMachine):
    """The model: which generation is the last one, since when, and whether somebody used an old one too late."""

    user = None  # given by the test: the machine itself knows no school

    @initialize()
    def begin(self):
        self.now = timezone.now()
        self.row = Session.objects.create(
            user=self.user,
            last_seen_at=self.now + timedelta(days=1),  # not idle: that is another test's
            expires_at=self.now + timedelta(days=30),
            rotated_at=self.now,
        )
        self.last, self.since, self.over = 0, self.now, False
        first = tokens.refresh_token(self.row)
        self.issued = {first: 0}
        self.jars = {"owner": first, "thief": None}

    @rule(
        seconds=st.sampled_from([0, 1, 5, settings.REFRESH_OVERLAP_SECONDS, settings.REFRESH_OVERLAP_SECONDS + 1, 400])
    )
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule()
    def the_thief_copies_the_jar(self):
        self.jars["thief"] = self.jars["owner"]

    @rule(who=st.sampled_from(["owner", "thief"]), lost=st.booleans(), times=st.integers(1, 3))
    def somebody_uses_what_they_hold(self, who, lost, times):
        assume(self.jars[who])
        for _ in range(times):  # parallel requests carry the same token
            answer = self._present(self.jars[who])
        if answer and not lost:
            self.jars[who] = answer

    @rule(who=st.sampled_from(["owner", "thief"]), lost=st.booleans())
    def somebody_comes_back_later(self, who, lost):
        self.now += timedelta(seconds=400)
        self.somebody_uses_what_they_hold(who, lost, 1)

    def _present(self, token):
        generation, young = self.issued[token], self.now - self.since <= families.OVERLAP
        found = use(token, self.now)
        if not self.over and generation == self.last and not young:
            self.last, self.since = self.last + 1, self.now
        elif not self.over and not (generation == self.last or (generation == self.last - 1 and young)):
            self.over = True
        assert (found.session is None) is self.over, f"generation {generation} of {self.last}, over: {self.over}"
        if found.session is None:
            return None
        assert found.session.generation == self.last
        answer = tokens.refresh_token(found.session)
        assert self.issued.setdefault(answer, self.last) == self.last
        return answer

    @invariant()
    def one_head(self):
        assert len(self.issued) == len(set(self.issued.values())), "two tokens of one generation"

    def teardown(self):
        """After a reuse nothing that was ever issued works."""
        if getattr(self, "over", False):
            assert all(use(token, self.now).session is None for token in self.issued)
            row = Session.objects.get(pk=self.row.pk)
            access = tokens.access_token(row, timezone.now())  # a signature's times are those of the real clock
            found = families.resume(access=access, refresh="", kind=KIND, now=self.now, address=None, surface="web")
            assert found.session is None and found.because == Session.Ended.REUSED


def test_owner_and_thief_over_ten_thousand_steps(lumiere):
    Family.user = person()
    run_state_machine_as_test(Family, settings=STEPS)
    assert AuditEvent.objects.filter(act="session.key_reused").exists(), "a control: thieves were caught"


def test_the_model_notices_a_missing_check(lumiere, monkeypatch):
    """A control: an endless overlap lets a thief go on, and the test above says so."""
    Family.user = person()
    monkeypatch.setattr(families, "_reused", lambda *args, **kwargs: None)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Family, settings=hypothesis_settings(STEPS, max_examples=100, print_blob=False))


def test_forged_tokens_end_nobodys_session(client):
    user = person()
    client.force_login(user)
    row = Session.objects.get(user=user)
    raw = tokens.read_refresh(tokens.refresh_token(row))
    row.seed = "of somebody else"
    for token in (tokens.refresh_token(row), "", "x", "é", "A" * 70, raw.session_id.hex):
        assert use(token, timezone.now() + timedelta(hours=1)).session is None
    assert Session.objects.get(user=user).ended_at is None


def test_fifty_at_once_make_one_successor(new_school):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    from apps.tenants.context import activated

    school = new_school()
    with activated(school):
        now = timezone.now()
        row = Session.objects.create(
            user=person("many@lumiere.example"),
            last_seen_at=now,
            expires_at=now + timedelta(hours=1),
            rotated_at=now - timedelta(minutes=6),
        )
        token = tokens.refresh_token(row)

    def once(_number):
        try:
            with activated(school):
                found = use(token, timezone.now())
                return tokens.refresh_token(found.session) if found.session else found.because
        finally:
            connections.close_all()

    with ThreadPoolExecutor(25) as pool:
        answers = set(pool.map(once, range(50)))
    assert len(answers) == 1
    with activated(school):
        row.refresh_from_db()
        assert row.generation == 1 and row.ended_at is None and answers == {tokens.refresh_token(row)}


# --- in pages ----------------------------------------------------------------------------------------------


def old_access(client):
    """As after five minutes: the access cookie is gone, the refresh token is no longer new."""
    del client.cookies[settings.ACCESS_COOKIE_NAME]
    Session.objects.update(rotated_at=timezone.now() - timedelta(minutes=6))


def sign_in(client, user):
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_pages_rotate_without_the_person_noticing(client, lumiere):
    user = person()
    first = sign_in(client, user)
    old_access(client)
    assert signed_in_as(client) == user.email
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != first
    assert client.cookies[settings.ACCESS_COOKIE_NAME].value
    late = client_for(lumiere)  # a parallel request that carried the old one
    late.cookies[settings.SESSION_COOKIE_NAME] = first
    assert signed_in_as(late) == user.email
    assert late.cookies[settings.SESSION_COOKIE_NAME].value == client.cookies[settings.SESSION_COOKIE_NAME].value


def test_a_post_survives_the_rotation(lumiere):
    browser = client_for(lumiere, enforce_csrf_checks=True)
    user = person()
    browser.force_login(user)
    browser.get("/account/")
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    old_access(browser)
    answer = browser.post("/account/", {"language": "fr", "csrfmiddlewaretoken": token})
    user.refresh_from_db()
    assert answer.status_code == 302 and user.locale == "fr"


def test_a_stolen_token_ends_everything_and_the_person_is_told(client, lumiere):
    user = person()
    first = sign_in(client, user)
    old_access(client)
    client.get("/account/")
    old_access(client)
    thief = client_for(lumiere)
    thief.cookies[settings.SESSION_COOKIE_NAME] = first
    assert signed_in_as(thief) is None
    answer = client.get("/account/")
    assert answer.status_code == 302 and "ended=reused" in answer["Location"]
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == "", "no half-session stays"
    page = client.get(answer["Location"]).content.decode()
    assert "to protect you" in page
    event = AuditEvent.objects.get(act="session.key_reused")
    assert event.target_id == str(user.pk) and first not in repr(event.__dict__)
    assert CommunicationLog.objects.mail().get(template="session_reused").to == user.email


def test_htmx_is_sent_to_the_sign_in_page(client):
    user = person()
    sign_in(client, user)
    Session.objects.update(ended_at=timezone.now(), ended_because=Session.Ended.ENDED_BY_ADMIN)
    answer = client.get("/account/", headers={"hx-request": "true", "hx-current-url": "http://x/account/"})
    assert answer.status_code == 204 and "ended=ended-by-admin" in answer["HX-Redirect"]


def test_keys_rotate_without_sign_outs(client, settings):
    """SECRET_KEY_FALLBACKS: sessions, their forms and their refresh tokens survive; without it they end."""
    user = person()
    client.handler.enforce_csrf_checks = True
    client.force_login(user)
    client.get("/account/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    old, settings.SECRET_KEY = settings.SECRET_KEY, "a new key of the server " * 3
    settings.SECRET_KEY_FALLBACKS = [old]
    assert signed_in_as(client) == user.email
    fresh = client.cookies[settings.CSRF_COOKIE_NAME].value
    for sent in (token, fresh):
        assert client.post("/account/", {"language": "fr", "csrfmiddlewaretoken": sent}).status_code == 302
    old_access(client)
    assert signed_in_as(client) == user.email, "the refresh token of the old key is exchanged for one of the new"
    settings.SECRET_KEY_FALLBACKS = []
    assert signed_in_as(client) == user.email
    settings.SECRET_KEY = "yet another key, and nothing to fall back to " * 2
    assert signed_in_as(client) is None


# --- step-up -----------------------------------------------------------------------------------------------


def test_a_dangerous_act_asks_and_goes_on(client):
    from apps.accounts.models import Grant
    from tests.people import owner

    client.cookies["__Host-language"] = "en"
    boss, other = owner(), person()
    sign_in(client, boss)
    Session.objects.filter(user=boss).update(proven_at=timezone.now() - timedelta(hours=1))
    form = {"email": other.email, "role": "auditor", "scope": "school"}
    asked = client.post("/roles/grants/", form, headers={"referer": "http://lumiere.campanile.localhost/roles/"})
    assert asked.status_code == 302 and asked["Location"].startswith("/account/confirm/?next=")
    assert not Grant.objects.filter(user=other).exists()
    assert client.post("/account/confirm/", {"password": "wrong", "next": "/roles/"}).status_code == 422
    proved = client.post("/account/confirm/", {"password": PASSWORD, "next": "/roles/"})
    assert proved["Location"] == "/account/confirmed/"
    waiting = client.get("/account/confirmed/").context["waiting"]
    assert waiting.path == "/roles/grants/" and dict(waiting.values) == form
    client.post(waiting.path, dict(waiting.values))
    assert Grant.objects.filter(user=other, role="auditor").exists()
    assert client.get("/account/confirmed/").status_code == 302, "once"
    assert AuditEvent.objects.filter(act="session.identity_proven").exists()


def test_older_tokens_do_not_carry_the_proof(client, lumiere):
    from tests.people import owner

    boss = owner()
    sign_in(client, boss)
    copied = client_for(lumiere)
    copied.cookies[settings.ACCESS_COOKIE_NAME] = client.cookies[settings.ACCESS_COOKIE_NAME].value
    Session.objects.filter(user=boss).update(proven_at=None)
    client.post("/account/confirm/", {"password": PASSWORD})
    assert client.get("/settings/programs/new/").status_code == 200
    assert copied.get("/settings/programs/new/").status_code == 302
    assert signed_in_as(copied) == boss.email, "a control: it still opens ordinary pages"


@pytest.mark.parametrize(("age", "asked"), [(-1, False), (1, True)])
def test_the_proof_counts_for_its_time(client, age, asked):
    from tests.people import owner

    boss = owner()
    client.force_login(boss)
    Session.objects.update(proven_at=timezone.now() - timedelta(seconds=settings.STEP_UP_SECONDS + age))
    assert (client.get("/settings/programs/new/").status_code == 302) is asked


def test_secrets_are_not_kept_while_somebody_proves_who_they_are(client):
    from apps.accounts.services import step_up

    class Request:
        method = "POST"
        FILES: dict = {}
        session: dict = {}

        def __init__(self, values):
            from django.http import QueryDict

            self.POST = QueryDict(mutable=True)
            self.POST.update(values)

        def get_full_path(self):
            return "/x/"

    for values, kept in (({"note": "hello"}, True), ({"password": "x"}, False), ({"note": "x" * 30_000}, False)):
        request = Request(values)
        request.session = {}
        step_up.keep(request)
        assert (step_up.KEPT in request.session) is kept


def test_signing_out_everywhere_else(client, lumiere):
    user = person()
    others = [client_for(lumiere), client_for(lumiere)]
    for other in (client, *others):
        sign_in(other, user)
    client.post("/account/sessions/end-others/")
    assert signed_in_as(client) == user.email
    assert [signed_in_as(other) for other in others] == [None, None]
