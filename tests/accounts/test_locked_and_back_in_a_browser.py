"""Locks, links and sign-out at Microsoft in a real browser: what people see, and that Microsoft's frame works."""

import pytest
from django.utils import timezone

from apps.accounts.credentials import digest, new_secret
from apps.accounts.models import EmailChange, GuardianRequest, Session
from apps.accounts.services import email_change, lockouts, passwords
from apps.accounts.services.limits import SIGN_IN_ACCOUNT
from apps.accounts.services.links import uid_of
from apps.core.actor import Actor
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated, platform
from apps.tenants.services import break_glass
from tests.accounts.conftest import TID, bind
from tests.accounts.test_pages_in_a_browser import choose, looked_at, sign_in, unblocked  # noqa: F401
from tests.browser import DESKTOP, PHONE
from tests.live import wait_until
from tests.people import owner, person

pytestmark = pytest.mark.browser
SYSTEM = Actor.system("tests", surface="command")


@pytest.fixture
def school(live, new_school, unblocked):  # noqa: F811
    return new_school("lock")


@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_pages_of_locks_and_links(open_page, live, school, width, scheme):
    look = f"{width}-{scheme}"
    with activated(school):
        boss = owner(email="boss@lock.example", locale="en")
        victim = person("camille.moreau-delacroix@lock.example", locale="en")
        for _ in range(SIGN_IN_ACCOUNT.allowed):
            SIGN_IN_ACCOUNT.spend(victim.email, shown=victim.email)
        unlock = f"/sign-in/unlock/{uid_of(victim)}/{lockouts.TOKENS.make_token(victim)}/"
        reset = f"/password/reset/{uid_of(victim)}/{passwords.TOKENS.make_token(victim)}/"
        later = timezone.now().replace(year=2099)
        wish = EmailChange.objects.create(
            user=boss, old_email=boss.email, new_email="a.much.longer.address@elsewhere.example", expires_at=later
        )
        email_change.send_confirmation(change_id=wish.pk)
        mail = CommunicationLog.objects.filter(template="email_change").latest("created_at")
        confirm = "/email/" + mail.text.partition("/email/")[2].split()[0]
        undo, guardian = new_secret(), new_secret()
        EmailChange.objects.create(
            user=victim, old_email="o@old.example", new_email=victim.email, expires_at=later,
            confirmed_at=timezone.now(), undo_hash=digest(undo), undo_expires_at=later,
        )  # fmt: skip
        GuardianRequest.objects.create(
            user=victim, email="parent@elsewhere.example", purposes=["photo"], token_hash=digest(guardian),
            created_at=timezone.now(), expires_at=later,
        )  # fmt: skip
    with platform():
        glass = break_glass.break_glass(
            actor=SYSTEM, school_id=school.pk, email=boss.email, reason="Entra outage", now=timezone.now()
        )
    visit = open_page(live.url(school, "/sign-in/"), width=width, scheme=scheme)
    sign_in(visit.page, live, school, victim.email, "a wrong password")
    visit.complaints.clear()  # the browser complains about a 429
    looked_at(visit, f"locked-{look}")
    by_mail = {"unlock-ask": "/sign-in/unlock/", "unlock": unlock, "email-confirm": confirm, "reset": reset}
    by_mail |= {"email-undo": f"/email/undo/{undo}/", "guardian": f"/guardian/{guardian}/"}
    for name, path in by_mail.items():
        visit = open_page(live.url(school, path), width=width, scheme=scheme)
        assert visit.status == 200, name
        looked_at(visit, f"{name}-{look}")
    visit = open_page(
        live.url(school, "/break-glass/" + glass.partition("/break-glass/")[2]), width=width, scheme=scheme
    )
    looked_at(visit, f"break-glass-{look}")
    visit.page.click("form.stack button[type=submit]")
    visit.page.wait_for_load_state()
    for name, path in {"lockouts": "/lockouts/", "person": f"/people/{victim.pk}/", "account": "/account/"}.items():
        visit.page.goto(live.url(school, path))
        looked_at(visit, f"{name}-{look}")
        assert visit.page.locator(".banner").count() >= 1, "the session is marked on every page"


def test_signing_out_at_microsoft_in_one_tab_ends_the_session_of_the_other(open_page, live, school):
    live.sandbox.reset()
    live.sandbox.add_organisation("École", tid=TID, domain="lock.example")
    camille = live.sandbox.add_people(TID, people=[{"givenName": "Camille", "surname": "Moreau"}])[0]
    with activated(school):
        bind(school, TID)
        user = person("camille@lock.example", locale="en")
        user.identities.create(issuer="i", tenant_id=TID, object_id=camille["id"])
    visit = open_page(live.url(school, "/sign-in/"))
    visit.page.click("a.btn.primary")
    choose(visit.page, camille["id"])
    visit.page.wait_for_url(live.url(school, "/**"))
    other = visit.page.context.new_page()
    other.goto(f"{live.sandbox.url}/organisations/{TID}/people/{camille['id']}")
    other.click("form[action$='/end-sessions'] button")
    with activated(school):
        ended = Session.objects.filter(user=user, ended_because="at-provider")
        wait_until(ended.exists, message="Microsoft's frame did not reach us")
    visit.page.goto(live.url(school, "/account/"))
    assert "/sign-in/" in visit.page.url
