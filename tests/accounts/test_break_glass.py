"""A way in for an owner when Microsoft is none: single use, short, marked, and known to everybody (IDN-1)."""

import io
import json
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.models import BreakGlassLink, Session, User
from apps.accounts.services import break_glass as ours
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.core.errors import Forbidden, Invalid
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated, platform
from apps.tenants.services import break_glass
from tests.accounts.conftest import in_english
from tests.accounts.test_second_step import require
from tests.conftest import client_for
from tests.people import acting, admin, code_of, owner, person, with_authenticator
from tests.support.conftest import at_the_platform

WHY = "Entra outage, call of today"


def command(*arguments) -> str:
    out = io.StringIO()
    call_command("school", "break-glass", *arguments, stdout=out)
    return out.getvalue()


def path_of(url: str) -> str:
    return "/" + url.split("://")[1].partition("/")[2]


@pytest.fixture
def owners(lumiere):
    return owner(email="boss@lumiere.example", locale="en"), owner(email="second@lumiere.example", locale="fr")


@pytest.fixture
def link(owners, lumiere):
    return path_of(json.loads(command("lumiere", "--email", "Boss@lumiere.example", "--reason", WHY, "--json"))["url"])


def test_the_owner_gets_in_for_an_hour_with_a_banner(link, owners, lumiere):
    client = in_english(client_for(lumiere))
    before = timezone.now()
    page = client.get(link).content.decode()
    assert WHY in page and client.get("/account/").status_code == 302, "opening it alone does nothing"
    assert client.post(link)["Location"] == "/"
    shown = client.get("/account/").content.decode()
    assert "Break-glass session" in shown and "Break-glass link" in shown
    row = Session.objects.get(user=owners[0], signed_in_by="break-glass")
    assert row.expires_at <= before + timedelta(hours=1, minutes=1)
    Session.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get("/account/").status_code == 302


def test_who_has_a_second_step_shows_it_and_has_an_hour_from_then(link, owners, lumiere):
    with_authenticator(owners[0])
    client, before = in_english(client_for(lumiere)), timezone.now()
    assert client.post(link)["Location"] == "/sign-in/second-step/"
    assert client.get("/account/").status_code == 302 and not Session.objects.exists()
    assert client.post("/sign-in/second-step/", {"code": "000000"}).status_code == 422
    assert client.post("/sign-in/second-step/", {"code": code_of(owners[0])}).status_code == 302
    assert "Break-glass session" in client.get("/account/").content.decode()
    row = Session.objects.get(user=owners[0])
    assert (row.signed_in_by, bool(row.second_factor)) == ("break-glass", True)
    assert row.expires_at <= before + timedelta(hours=1, minutes=1)
    assert client_for(lumiere).post(link).status_code == 410, "the link was used by the first factor"


def test_where_the_school_asks_for_one_an_owner_without_sets_it_up_first(link, lumiere):
    require(lumiere)
    client = in_english(client_for(lumiere))
    client.post(link)
    assert client.get("/account/").status_code == 302 and not Session.objects.exists()
    assert client.get("/sign-in/second-step/")["Location"] == "/sign-in/set-up/"


def test_it_is_used_once(link, lumiere):
    assert client_for(lumiere).post(link).status_code == 302
    assert client_for(lumiere).post(link).status_code == 410
    assert client_for(lumiere).get(link).status_code == 410


def test_it_lives_fifteen_minutes(link, lumiere, time_machine):
    time_machine.move_to(timezone.now() + timedelta(minutes=15, seconds=1))
    assert client_for(lumiere).post(link).status_code == 410


def test_a_new_link_replaces_the_earlier_one(link, lumiere):
    command("lumiere", "--email", "boss@lumiere.example", "--reason", WHY)
    assert client_for(lumiere).post(link).status_code == 410


def test_it_is_worthless_at_another_school(link, curie):
    assert client_for(curie).post(link).status_code == 410


def test_everybody_knows_school_platform_and_all_owners(link, lumiere, owners):
    client_for(lumiere).post(link)
    secret = link.strip("/").split("/")[-1]
    for act in ("break_glass.opened", "break_glass.used"):
        assert AuditEvent.objects.get(act=act).reason == WHY
        with platform():
            assert AuditEvent.objects.get(act=act).data["school"] == "lumiere"
    for template in ("break_glass_opened", "break_glass_used"):
        mails = CommunicationLog.objects.mail().filter(template=template)
        assert {mail.to for mail in mails} == {one.email for one in owners}
        assert all(WHY in mail.text and WHY in mail.html and secret not in mail.text + mail.html for mail in mails)
    assert not BreakGlassLink.objects.filter(token_hash=secret).exists()


@pytest.mark.parametrize("who", ["admin@lumiere.example", "nobody@lumiere.example", "gone@lumiere.example", ""])
def test_only_for_an_active_owner(owners, who, lumiere):
    admin(email="admin@lumiere.example")
    owner(email="gone@lumiere.example", status=User.Status.SUSPENDED)
    with pytest.raises(CommandError, match="owner"):
        command("lumiere", "--email", who, "--reason", WHY)
    assert not BreakGlassLink.objects.exists()


def test_who_is_no_owner_any_more_does_not_get_in(link, owners, lumiere):
    User.objects.filter(pk=owners[0].pk).update(status=User.Status.SUSPENDED)
    assert client_for(lumiere).post(link).status_code == 410


def test_a_reason_is_needed_and_only_superadmins_may(owners, lumiere):
    system = Actor.system("tests", surface="command")
    facts = {"school_id": lumiere.pk, "email": "boss@lumiere.example", "now": timezone.now()}
    with pytest.raises(Invalid):
        break_glass.break_glass(actor=system, reason="  ", **facts)
    with pytest.raises(Forbidden):
        break_glass.break_glass(actor=acting(owners[0]), reason=WHY, **facts)


def test_in_the_platforms_admin_the_link_is_shown_once(owners, lumiere):
    with platform():
        powers = {"status": User.Status.ACTIVE, "is_staff": True, "is_superuser": True}
        staff = User.objects.create_user("root@platform.example", "x" * 20, **powers)
    client = in_english(at_the_platform(staff, "x" * 20))
    page = f"/admin/tenants/school/{lumiere.pk}/break-glass/"
    assert "Break the glass" in client.get(f"/admin/tenants/school/{lumiere.pk}/change/").content.decode()
    refused = client.post(page, {"email": "nobody@lumiere.example", "reason": WHY})
    assert refused.status_code == 422 and "No active owner" in refused.content.decode()
    made = client.post(page, {"email": "boss@lumiere.example", "reason": WHY})
    assert made.status_code == 200
    url = made.content.decode().partition('readonly value="')[2].partition('"')[0]
    with activated(lumiere):
        assert client_for(lumiere).post(path_of(url)).status_code == 302
    assert url not in client.get(page).content.decode()


def test_of_two_at_once_one_gets_in(new_school):
    school = new_school("glass")
    with activated(school):
        owner(email="boss@glass.example")
    system = Actor.system("tests", surface="command")
    with platform():
        url = break_glass.break_glass(
            actor=system, school_id=school.pk, email="boss@glass.example", reason=WHY, now=timezone.now()
        )
    barrier, answers = threading.Barrier(6), []

    def enter():
        from django.db import connections

        client = client_for(school)
        barrier.wait()
        answers.append(client.post(path_of(url)).status_code)
        connections["default"].close()

    threads = [threading.Thread(target=enter) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(answers) == [302] + [410] * 5


def test_control_a_person_is_no_owner(lumiere):
    person(email="p@lumiere.example")
    assert not ours.owners().filter(email="p@lumiere.example").exists()
