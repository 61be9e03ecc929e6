"""One click ends the mail of one association to one person (RFC 8058); nobody makes such a link, and no GET changes."""

import re

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.mailings.models import Unsubscription
from apps.mailings.services import unsubscribing
from apps.notifications.channels.smtp import message_of
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated
from tests.conftest import client_for
from tests.mailings.conftest import sent
from tests.people import person

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def visitor(lumiere):
    """A mail program: no cookies, and Django's check of forged requests is on."""
    return client_for(lumiere, enforce_csrf_checks=True)


def path_of(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def link(association, user) -> str:
    return path_of(unsubscribing.link_for(association.pk, user.pk))


def test_the_mail_says_how_and_one_post_does_it(choir, visitor):
    association, president, [member] = choir(1)
    sent(association, president)
    log = CommunicationLog.objects.mail().get(template="announcement", user_id=member.pk)
    headers = message_of(log).message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    assert address in log.text and "/announcements/unsubscribe/" in address
    answer = visitor.post(path_of(address), ONE_CLICK)
    assert answer.status_code == 200
    assert visitor.post(path_of(address), ONE_CLICK).status_code == 200, "twice changes nothing"
    assert list(Unsubscription.objects.values_list("user_id", "association_id")) == [(member.pk, association.pk)]


def test_other_mail_has_no_such_header(choir):
    association, president, _joined = choir(0)
    log = CommunicationLog.objects.mail().exclude(template="announcement").first()
    assert log is not None and "List-Unsubscribe" not in message_of(log).message()


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_get_only_shows_a_button(choir, visitor, method):
    association, _president, [member] = choir(1)
    answer = getattr(visitor, method)(link(association, member))
    assert answer.status_code == 200 and not Unsubscription.objects.exists()
    if method == "get":
        assert "One-Click" in answer.content.decode() and association.name in answer.content.decode()


def test_it_cannot_be_forged(choir, visitor):
    association, president, [member] = choir(1)
    good = link(association, member)
    token = good.rstrip("/").rpartition("/")[2]
    body, _colon, signature = token.rpartition(":")
    other = link(association, president).rstrip("/").rpartition("/")[2]
    for wrong in (f"{body}:x{signature[1:]}", f"{other.rpartition(':')[0]}:{signature}", "x", f"{body}:"):
        answer = visitor.post(good.replace(token, wrong), ONE_CLICK)
        assert answer.status_code == 404, wrong
    assert not Unsubscription.objects.exists()


def test_it_ends_this_association_only(choir, club, visitor):
    association, _president, [member] = choir(1)
    other, *_rest = club(name="Chorale")
    visitor.post(link(association, member), ONE_CLICK)
    assert unsubscribing.is_unsubscribed(association.pk, member.pk)
    assert not unsubscribing.is_unsubscribed(other.pk, member.pk)


def test_it_is_worth_nothing_at_another_school(choir, new_school):
    association, _president, [member] = choir(1)
    token = link(association, member).rstrip("/").rpartition("/")[2]
    school = new_school("other")
    with activated(school), pytest.raises(unsubscribing.LinkDead):
        unsubscribing.read_link(token)
    assert unsubscribing.read_link(token).user == member, "the control: at home it is good"


def test_the_own_choice_ends_and_begins_again(choir):
    association, _president, [member] = choir(1)
    actor, now = actor_for(member), timezone.now()
    for _twice in range(2):
        unsubscribing.choose(actor=actor, association_id=association.pk, wanted=False, now=now)
    assert unsubscribing.is_unsubscribed(association.pk, member.pk)
    for _twice in range(2):
        unsubscribing.choose(actor=actor, association_id=association.pk, wanted=True, now=now)
    assert not unsubscribing.is_unsubscribed(association.pk, member.pk)
    assert not unsubscribing.is_unsubscribed(association.pk, person().pk)
