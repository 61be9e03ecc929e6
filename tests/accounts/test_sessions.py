"""A session belongs to one school and one browser, is stored as a hash, ends when it should."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from apps.accounts import sessions
from apps.accounts.models import Session, User
from apps.accounts.services import lifecycle, second_step
from apps.core.actor import Actor
from apps.tenants.context import activated
from tests.accounts.conftest import in_english, signed_in_as
from tests.conftest import client_for
from tests.people import PASSWORD, acting, admin, code_of, person, with_authenticator

NAME = settings.SESSION_COOKIE_NAME
SYSTEM = Actor.system("tests")


def sign_in(client, user):
    answer = client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return answer


def test_the_cookie_is_bound_to_the_host_and_hidden_from_scripts(client):
    sign_in(client, person())
    for name, age, hidden in (
        (NAME, settings.SESSION_COOKIE_AGE, True),
        (settings.ACCESS_COOKIE_NAME, settings.ACCESS_TOKEN_SECONDS, True),
        (settings.CSRF_COOKIE_NAME, None, False),
    ):
        cookie = client.cookies[name]
        assert name.startswith("__Host-")
        assert cookie["secure"] and bool(cookie["httponly"]) is hidden and cookie["samesite"] == "Lax"
        assert cookie["path"] == "/" and not cookie["domain"]
        assert age is None or cookie["max-age"] == age


def test_the_database_holds_no_usable_key(client):
    sign_in(client, person())
    key = client.cookies[NAME].value
    access = client.cookies[settings.ACCESS_COOKIE_NAME].value
    stored = repr(Session.objects.values().get())
    assert key not in stored and access not in stored and key[30:] not in stored


def test_a_session_of_one_school_is_nobody_at_another(client, curie):
    user = person()
    sign_in(client, user)
    with activated(curie):  # the same address, even the same id, lives there too
        User.objects.create(pk=user.pk, email=user.email, status="active", password=user.password)
    other = client_for(curie)
    other.cookies[NAME] = client.cookies[NAME].value
    assert signed_in_as(other) is None
    assert signed_in_as(client) == user.email, "a control: the cookie is good where it is from"


def test_signing_in_changes_the_key(client):
    """Fixation: a key that was there before is worth nothing afterwards."""
    user = person()
    store = sessions.SessionStore()
    store["left"] = "by an attacker"
    store.save()
    client.cookies[NAME] = store.session_key
    sign_in(client, user)
    assert client.cookies[NAME].value != store.session_key
    attacker = client_for(user_school())
    attacker.cookies[NAME] = store.session_key
    assert signed_in_as(attacker) is None
    assert "left" not in client.session


def half_signed_in(client, user):
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize("left", ["of the attacker's own session", "made up"])
def test_no_cookie_that_was_there_before_is_kept(client, lumiere, left):
    """Fixation by any of our cookies: what an attacker left in the browser is another value after the sign-in."""
    attacker, user = half_signed_in(client_for(lumiere), person()), person()
    half = half_signed_in(client_for(lumiere), with_authenticator(person()))
    planted = {name: cookie.value for one in (half, attacker) for name, cookie in one.cookies.items() if cookie.value}
    assert planted.keys() >= {NAME, settings.ACCESS_COOKIE_NAME, settings.CSRF_COOKIE_NAME, second_step.COOKIE}
    if left == "made up":
        planted = {name: "A" * len(value) for name, value in planted.items()}
    for name, value in planted.items():
        client.cookies[name] = value
    sign_in(client, user)
    kept = {name for name, value in planted.items() if client.cookies[name].value == value}
    assert kept == set()
    assert signed_in_as(client) == user.email and signed_in_as(attacker) != user.email


def test_nor_is_the_cookie_of_a_half_sign_in(client, lumiere):
    """Of two factors: after each of them the browser holds what only this sign-in made."""
    attacker = half_signed_in(client_for(lumiere), with_authenticator(person()))
    planted = attacker.cookies[second_step.COOKIE].value
    client.cookies[second_step.COOKIE] = planted
    user = with_authenticator(person())
    half_signed_in(client, user)
    assert client.cookies[second_step.COOKIE].value not in ("", planted)
    assert client.post("/sign-in/second-step/", {"code": code_of(user)}).status_code == 302
    assert signed_in_as(client) == user.email and client.cookies[second_step.COOKIE].value == ""


def user_school():
    from apps.tenants.context import current

    return current()


def test_signing_in_again_ends_the_session_before(client):
    first, second = person(), person()
    sign_in(client, first)
    key = client.cookies[NAME].value
    sign_in(client, second)
    old = client_for(user_school())
    old.cookies[NAME] = key
    assert signed_in_as(old) is None and signed_in_as(client) == second.email


def test_signing_out_ends_it_on_the_server(client):
    sign_in(client, person())
    thief = client_for(user_school())
    thief.cookies[NAME] = client.cookies[NAME].value
    assert signed_in_as(thief)
    client.post("/sign-out/")
    assert signed_in_as(thief) is None and signed_in_as(client) is None


def test_signing_out_empties_the_cache_of_the_browser(client):
    """And nothing else: cookies would go from every school of the same site, the choice of language among them."""
    sign_in(client, person())
    assert client.post("/sign-out/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in client.get("/sign-in/")


def test_signing_out_twice_or_as_a_visitor_changes_nothing(client):
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/sign-out/").status_code == 405


@pytest.mark.parametrize("act", [lifecycle.suspend_users, lifecycle.depart_users])
def test_who_is_suspended_or_departed_is_refused_at_the_next_request(client, act):
    user = person()
    sign_in(client, user)
    act(SYSTEM, [user.pk], "test")
    assert signed_in_as(client) is None
    assert not Session.objects.filter(user=user, ended_at=None).exists()


def test_the_status_counts_even_where_the_session_survived(client):
    """The second wall: a session written while the person was being suspended."""
    user = person()
    sign_in(client, user)
    User.objects.filter(pk=user.pk).update(status="suspended")
    assert Session.objects.filter(user=user).exists()
    assert signed_in_as(client) is None


def test_a_request_that_was_running_does_not_bring_an_ended_session_back(client):
    user = person()
    sign_in(client, user)
    running = sessions.SessionStore(client.cookies[NAME].value)
    running["something"] = 1
    lifecycle.end_sessions(SYSTEM, [user.pk])
    with pytest.raises(sessions.UpdateError):
        running.save()
    assert not Session.objects.filter(user=user, ended_at=None).exists()


@pytest.mark.parametrize(
    ("change", "lives"),
    [
        ({"expires_at": timedelta(seconds=0)}, False),
        ({"expires_at": timedelta(seconds=5)}, True),
        ({"last_seen_at": -timedelta(seconds=settings.SESSION_IDLE_SECONDS)}, False),
        ({"last_seen_at": -timedelta(seconds=settings.SESSION_IDLE_SECONDS - 5)}, True),
    ],
)
def test_a_session_ends_after_its_time_and_when_it_is_not_used(client, change, lives):
    sign_in(client, person())
    now = timezone.now()
    Session.objects.update(**{field: now + shift for field, shift in change.items()})
    assert bool(signed_in_as(client)) is lives


#: an hour before the clocks of Paris go forward (02:30 does not exist) and back (02:30 comes twice), and any day
NIGHTS = (datetime(2027, 3, 28, 0, 0, tzinfo=UTC), datetime(2027, 10, 31, 0, 0, tzinfo=UTC),
          datetime(2027, 6, 1, 0, 0, tzinfo=UTC))  # fmt: skip


@pytest.mark.parametrize("night", NIGHTS, ids=str)
@pytest.mark.parametrize(("seconds", "lives"), [(-5, True), (5, False)])
@pytest.mark.parametrize("limit", ["idle", "absolute"])
def test_both_limits_are_hours_that_pass_whatever_the_clocks_on_the_wall_do(client, night, limit, seconds, lives):
    user = person()
    with time_machine.travel(night, tick=False):
        sign_in(client, user)
    lasts = timedelta(seconds=settings.SESSION_IDLE_SECONDS if limit == "idle" else settings.SESSION_COOKIE_AGE)
    if limit == "absolute":  # in use all the time
        Session.objects.update(last_seen_at=night + lasts - timedelta(minutes=1))
    with time_machine.travel(night + lasts + timedelta(seconds=seconds), tick=False):
        assert (signed_in_as(client) == user.email) is lives


@pytest.mark.parametrize("minutes", [-5, 5])
def test_servers_whose_clocks_differ_sign_nobody_out(client, minutes):
    """A browser signs in at a server that is early or late, and goes on at others."""
    user, now = person(), timezone.now()
    with time_machine.travel(now + timedelta(minutes=minutes)):
        sign_in(client, user)
    for shift in (0, minutes, 0, minutes, 0):
        with time_machine.travel(now + timedelta(minutes=shift)):
            assert signed_in_as(client) == user.email
    assert Session.objects.get(user=user).ended_at is None


def test_use_is_remembered_about_once_a_minute(client):
    sign_in(client, person())
    earlier = timezone.now() - timedelta(minutes=5)
    Session.objects.update(last_seen_at=earlier)
    client.get("/account/")
    seen = Session.objects.get().last_seen_at
    assert seen > earlier
    client.get("/account/")
    assert Session.objects.get().last_seen_at == seen


def test_old_sessions_are_forgotten(client):
    sign_in(client, person())
    now = timezone.now()
    assert sessions.forget_expired(now) == 0
    assert sessions.forget_expired(now + timedelta(seconds=settings.SESSION_COOKIE_AGE)) == 1


def test_a_person_sees_and_ends_their_other_browsers(client):
    user = person()
    sign_in(client, user)
    other = in_english(client_for(user_school(), headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}))
    sign_in(other, user)
    page = client.get("/account/").content.decode()
    assert "Firefox · Windows" in page and "This device" in page
    row = Session.objects.get(user_agent__contains="Firefox")
    client.post(f"/account/sessions/{row.pk}/end/")
    assert signed_in_as(other) is None and signed_in_as(client) == user.email


def test_nobody_ends_the_sessions_of_others_without_the_right(client):
    victim, stranger = person(), person()
    other = client_for(user_school())
    sign_in(other, victim)
    sign_in(client, stranger)
    row = Session.objects.get(user=victim)
    assert client.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert signed_in_as(other) == victim.email
    boss = admin()
    lifecycle.end_sessions(acting(boss), [victim.pk], "lost phone")
    assert signed_in_as(other) is None


def test_a_new_password_ends_the_other_sessions(client):
    user = person()
    sign_in(client, user)
    other = client_for(user_school())
    sign_in(other, user)
    new = "a completely different passphrase"
    answer = client.post("/account/password/", {"current": PASSWORD, "password": new, "again": new})
    assert answer.status_code == 302
    assert signed_in_as(client) == user.email and signed_in_as(other) is None


@pytest.mark.parametrize("path", ["/sign-out/", "/sign-in/", "/account/", "/set-language/"])
def test_forms_of_other_sites_are_refused(lumiere, path):
    client = client_for(lumiere, enforce_csrf_checks=True)
    client.force_login(person())
    assert client.post(path, {"language": "en"}).status_code == 403
    sibling = client.post(path, headers={"origin": "https://curie.campanile.localhost"})
    assert sibling.status_code == 403


def test_knowing_who_is_asking_costs_five_queries(client, django_assert_max_num_queries):
    """Session, person, grants, campuses, offices; and nothing at all for a visitor without a cookie."""
    client.get("/password/check-mail/")  # which school this host is, is remembered
    with django_assert_max_num_queries(0):
        client.get("/password/check-mail/")
    client.force_login(admin())
    client.get("/password/check-mail/")  # from now on the access cookie answers
    with django_assert_max_num_queries(5):
        client.get("/password/check-mail/")
