"""A new SECRET_KEY with the old one in SECRET_KEY_FALLBACKS: nobody is signed out, no link dies (OPS-4)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from apps.accounts.models import Session, User
from apps.accounts.services import passwords
from apps.core.actor import Actor
from apps.core.keyset import take
from apps.notifications.models import CommunicationLog
from apps.tenants.context import current
from tests.accounts.conftest import in_english, signed_in_as
from tests.conftest import client_for
from tests.people import PASSWORD, person

OLD, NEW = "an old key, of the year before: " + "o" * 40, "a new key, made this morning: " + "n" * 40


@pytest.fixture(autouse=True)
def old_key(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []


@pytest.fixture
def rotate(settings):
    """`rotate()` deploys the new key beside the old one, `rotate(drop=True)` takes the old one away."""

    def deploy(drop: bool = False) -> None:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [] if drop else [OLD]

    return deploy


def sign_in(client, user):
    assert client.post("/sign-in/", {"email": user.email, "password": PASSWORD}).status_code == 302


def test_sessions_go_on_and_outlive_the_old_key(client, rotate):
    user = person()
    sign_in(client, user)
    rotate()
    assert signed_in_as(client) == user.email
    later = timezone.now() + timedelta(seconds=settings.ACCESS_TOKEN_SECONDS + 60)
    with time_machine.travel(later):  # the cookies are renewed
        assert signed_in_as(client) == user.email
        rotate(drop=True)
        assert signed_in_as(client) == user.email, "what was used meanwhile is under the new key"
    assert Session.objects.filter(user=user).count() == 1


def test_requests_at_the_same_time_are_not_signed_out(client, rotate):
    """A page asks for its parts in parallel, all with the cookies from before the rotation."""
    user = person()
    sign_in(client, user)
    before = {name: cookie.value for name, cookie in client.cookies.items()}
    rotate()
    for _ in range(3):
        part = in_english(client_for(current()))
        for name, value in before.items():
            part.cookies[name] = value
        assert signed_in_as(part) == user.email
    assert not Session.objects.filter(user=user).exclude(ended_at=None).exists()


def test_without_the_fallback_everybody_is_signed_out(client, rotate):
    """A control: the key is what carries the session."""
    user = person()
    sign_in(client, user)
    rotate(drop=True)
    assert signed_in_as(client) is None


def test_a_tab_that_was_open_sends_its_form(lumiere, rotate):
    careful = client_for(lumiere, enforce_csrf_checks=True)
    page = careful.get("/sign-in/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    rotate()
    user = person()
    answer = careful.post(
        "/sign-in/",
        {"email": user.email, "password": PASSWORD, "csrfmiddlewaretoken": token},
        headers={"origin": f"http://{careful.host}"},
    )
    assert answer.status_code == 302


def test_a_reset_link_that_was_sent_is_good(client, rotate):
    user = person()
    passwords.send_reset_link(actor=Actor.anonymous(), email=user.email, asked_at=timezone.now())
    log = CommunicationLog.objects.get(to=user.email, template="password_reset")
    link = re.search(r"/password/reset/\S+", log.text)[0]
    rotate()
    assert client.get(link).status_code == 200
    rotate(drop=True)
    assert client.get(link).status_code == 410, "a control: the key signs the link"


def test_a_bookmarked_page_of_a_long_list_is_found(lumiere, rotate):
    for _ in range(3):
        person()
    first = take(User.objects.all(), order=["id"], size=1)
    rotate()
    second = take(User.objects.all(), order=["id"], size=1, after=first.next)
    assert second.rows[0].pk > first.rows[0].pk
    rotate(drop=True)
    again = take(User.objects.all(), order=["id"], size=1, after=first.next)
    assert again.rows[0].pk == first.rows[0].pk, "a control: the cursor means nothing any more"
