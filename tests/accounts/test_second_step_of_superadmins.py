"""On the platform's host a second factor is not optional: nothing opens before it, whatever the address (IDN-2)."""

from io import StringIO

import pyotp
import pytest
from django.core.management import call_command

from apps.accounts.models import Authenticator, HalfSignIn, Session, User
from apps.accounts.services import second_step
from apps.accounts.services.superadmins import create_superadmin
from apps.core.actor import Actor
from apps.tenants.context import platform
from tests.accounts.conftest import in_english
from tests.architecture.routes import routes
from tests.conftest import client_for
from tests.people import PASSWORD, admin, code_of, with_authenticator

EMAIL = "root@platform.example"
STEP, SET_UP = "/sign-in/second-step/", "/sign-in/set-up/"
SYSTEM = Actor.system("tests", surface="command")


@pytest.fixture
def root(db) -> User:
    with platform():
        return create_superadmin(actor=SYSTEM, email=EMAIL, password=PASSWORD)[0]


@pytest.fixture
def console(platform_client):
    return in_english(platform_client)


def first(client):
    return client.post("/sign-in/", {"email": EMAIL, "password": PASSWORD, "next": "/admin/"})


def test_the_first_sign_in_sets_one_up_before_the_admin_opens(console, root):
    assert first(console)["Location"] == STEP
    assert console.get(STEP)["Location"] == SET_UP
    assert console.get("/admin/").status_code == 302
    assert console.get(SET_UP).status_code == 200
    with platform():
        code = pyotp.TOTP(Authenticator.objects.get(user=root).secret).now()
    answer = console.post(SET_UP, {"code": code})
    assert answer.status_code == 200 and len(answer.context["codes"]) == 10
    assert answer.context["onward"] == "/admin/"
    assert console.get("/admin/").status_code == 200


def test_later_sign_ins_ask_for_it(console, root):
    with platform():
        with_authenticator(root)
    assert first(console)["Location"] == STEP
    assert console.get("/admin/").status_code == 302
    with platform():
        code = code_of(root)
    assert console.post(STEP, {"code": code})["Location"] == "/admin/"
    assert console.get("/admin/").status_code == 200


def test_the_last_factor_cannot_be_removed(console, root):
    test_later_sign_ins_ask_for_it(console, root)
    console.post("/account/second-step/authenticator/remove/")
    with platform():
        assert Authenticator.objects.filter(user=root, confirmed_at__isnull=False).exists()


def test_a_lost_factor_is_taken_away_by_a_command(console, root):
    with platform():
        with_authenticator(root)
    out = StringIO()
    call_command("reset_second_factor", EMAIL, "--reason", "lost the phone", stdout=out)
    assert "taken away" in out.getvalue()
    assert first(console)["Location"] == STEP and console.get(STEP)["Location"] == SET_UP


# --- over every route ----------------------------------------------------------------------------------------------


def answers(client, host) -> dict[str, tuple[int, str]]:
    """Each address of this host, read: status, and where it leads."""
    found = {}
    for route in routes(host):
        if "sign-in" in route.pattern or "sso/" in route.pattern:
            continue  # the way in itself
        path = route.path if "(?P" not in route.pattern and "\\" not in route.pattern else "/admin/"
        answer = client.get(path)
        found[route.pattern] = (answer.status_code, answer.get("Location", ""))
    return found


@pytest.mark.parametrize("host", ["platform", "school"])
def test_between_the_factors_every_address_answers_as_to_a_visitor(host, root, lumiere, platform_client):
    visitor, half = (
        (
            in_english(client_for(lumiere))
            if host == "school"
            else in_english(type(platform_client)(platform_client.host))
        )
        for _ in range(2)
    )
    if host == "school":
        user = with_authenticator(admin())
        sent = half.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    else:
        sent = first(half)
    assert sent["Location"] == STEP and half.cookies[second_step.COOKIE].value
    assert answers(half, host) == answers(visitor, host)
    if host == "school":
        assert not Session.objects.filter(user=user).exists()
        assert HalfSignIn.objects.get(user=user).ended_at is None, "a control: it was alive all the time"
    else:
        with platform():
            assert not Session.objects.filter(user=root).exists()


def test_the_sweep_can_fail(root, lumiere):
    """A control: whoever is in is answered otherwise than a visitor."""
    user = with_authenticator(admin())
    inside, visitor = in_english(client_for(lumiere)), in_english(client_for(lumiere))
    inside.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    inside.post(STEP, {"code": code_of(user)})
    assert answers(inside, "school") != answers(visitor, "school")
