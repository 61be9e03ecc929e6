"""Every secret of the product goes its real way, right, wrong and through a forced fault: nothing repeats it (K1).

Looked through afterwards: JSON log lines, answers with an error status, jobs as they lie in Redis, both audit trails,
and every row of every table, as a copy of the database would hold it (S7): none of it opens anything.
Each unsafe request is sent twice: first with an audit trail that fails, which makes an act end in an exception (the
answer is 500, a traceback is logged, the database is put back), then as it is.
"""

import base64
import json
import logging
import re
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta

import pyotp
import pytest
from auditlog.models import LogEntry
from celery import current_app
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts import tasks
from apps.accounts.models import Authenticator, EmailChange, User
from apps.accounts.services import consents, invitations
from apps.accounts.services.links import uid_of
from apps.audit.models import AuditEvent
from apps.audit.services import record
from apps.core.actor import Actor, Role
from apps.core.logs import JsonFormatter
from apps.devices.selectors import pin_of
from apps.devices.services import devices, pins
from apps.microsoft import identity
from apps.notifications.models import CommunicationLog
from apps.tenants.context import platform
from apps.tenants.jobs import enqueue
from tests.accounts.conftest import in_english, organisation, path_of  # noqa: F401
from tests.accounts.device import Device
from tests.accounts.test_break_glass import command
from tests.conftest import HostClient, client_for
from tests.people import PASSWORD, acting, admin, code_of, owner, person, with_authenticator

SYSTEM = Actor.system("tests")
LINK = re.compile(r"https?://[^/\s]+(/\S+?/([\w-]{20,}|[0-9a-z]{1,13}-[0-9a-f]{32})/)(?=\s)")
QUEUE = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
#: Lie in a table as they are: what the server asks opens nothing, only what a device's own key answers to it.
QUESTIONS = {"passkey_challenge", "new_passkey_challenge"}
WEAK, STRONG = "short-Ka", "kanarienvogel am fenster 81"


@dataclass
class Watch:
    """What was planted, and everything that could repeat it."""

    planted: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def plant(self, **secrets: str) -> None:
        for name, value in secrets.items():
            assert value and len(value) >= 6, name
            self.planted[name] = value

    def browser(self, school=None, **options) -> HostClient:
        """A browser every error of which is kept, and every unsafe request of which also meets a fault."""
        client = client_for(school, **options) if school else HostClient(settings.PLATFORM_DOMAIN, **options)
        client.raise_request_exception = False
        send = in_english(client).request

        def request(**wanted):
            if wanted.get("REQUEST_METHOD") not in ("GET", "HEAD"):
                body, cookies = wanted["wsgi.input"].read(), client.cookies.copy()
                with broken_trail(), transaction.atomic():
                    self.keep(send(**{**wanted, "wsgi.input": _again(body)}))
                    transaction.set_rollback(True)
                ContentType.objects.clear_cache()
                client.cookies = cookies
                wanted["wsgi.input"] = _again(body)
            answer = send(**wanted)
            self.keep(answer)
            return answer

        client.request = request
        return client

    def keep(self, answer) -> None:
        if answer.status_code >= 400:
            self.errors.append(f"{answer.status_code} {answer.headers} {answer.content.decode(errors='replace')}")

    def places(self) -> dict[str, str]:
        trails = [repr(list(model.objects.values())) for model in (AuditEvent, LogEntry)]
        with platform():
            trails += [repr(list(AuditEvent.objects.values()))]
        return {
            "logs": "\n".join(self.lines),
            "errors": "\n".join(self.errors),
            "jobs": "\n".join(jobs_in_redis()),
            "audit": "\n".join(trails),
            "tables": "\n".join(rows_of_all_tables()),
        }

    def leaks(self) -> list[tuple[str, str, str]]:
        places = self.places()
        return [
            (name, place, text[max(0, found.start() - 150) : found.end() + 30])
            for name, value in self.planted.items()
            for place, text in places.items()
            if not (place == "tables" and name in QUESTIONS)
            if (found := re.search(rf"(?<![0-9A-Za-z]){re.escape(value)}(?![0-9A-Za-z])", text))
        ]


MOMENT = re.compile(r"\d\d:\d\d:\d\d(\.\d+)?")  # six digits of it are no code


def rows_of_all_tables() -> list[str]:
    """As PostgreSQL holds them: of this school, then of the platform."""
    found = []
    for where in (nullcontext, platform):
        with where(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT quote_ident(tablename) FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"
            )
            for (table,) in cursor.fetchall():
                cursor.execute(f"SELECT t::text FROM {table} t")
                found += [f"{table}: {MOMENT.sub('', row)}" for (row,) in cursor.fetchall()]
    return found


def _again(body: bytes):
    from django.test.client import FakePayload

    return FakePayload(body)


@contextmanager
def broken_trail():
    def refuse(self, *args, **options):
        raise RuntimeError("the audit trail cannot be written")

    kept, AuditEvent.save = AuditEvent.save, refuse
    try:
        yield
    finally:
        AuditEvent.save = kept


def jobs_in_redis() -> list[str]:
    """Every message of this run's queues, its body decoded."""
    found = []
    with current_app.connection_for_read() as broker:
        for key in map(QUEUE.__add__, settings.CELERY_TASK_QUEUES_NAMES):
            for message in map(json.loads, broker.default_channel.client.lrange(key, 0, -1)):
                found.append(f"{message['headers']} {base64.b64decode(message['body']).decode()}")
    return found


def empty_queues() -> None:
    with current_app.connection_for_read() as broker:
        broker.default_channel.client.execute_command("UNLINK", *map(QUEUE.__add__, settings.CELERY_TASK_QUEUES_NAMES))


@pytest.fixture
def watch(lumiere, no_worker):
    found = Watch()

    class Keep(logging.Handler):
        def emit(self, record):
            found.lines.append(JsonFormatter().format(record))

    handler, root = Keep(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    empty_queues()
    yield found
    empty_queues()
    ContentType.objects.clear_cache()  # of a commit that was only played
    root.removeHandler(handler)
    root.setLevel(level)


def mailed(template: str) -> tuple[str, str]:
    """The path of the link in the last mail of this kind, and the secret in it."""
    mail = CommunicationLog.objects.filter(template=template).latest("created_at")
    return LINK.search(mail.text).groups()


def sign_in(browser, user):
    answer = browser.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:2000]


def nowhere(browser, secret: str) -> None:
    """The secret where it does not belong: in an address, a query, a header and a form that do not know it."""
    bearer = {"authorization": f"Bearer {secret}"}
    browser.get(f"/nothing/?token={secret}&code={secret}&state={secret}", headers=bearer)
    browser.get("/api/v1/users", headers=bearer)
    browser.get("/scim/v2/Users", headers=bearer)
    browser.post("/api/v1/auth/token/refresh", json.dumps({"refresh_token": secret}), content_type="application/json")
    browser.post("/api/v1/auth/token", json.dumps({"password": secret}), content_type="application/json")


# --- the ways of the secrets ----------------------------------------------------------------------------------


def passwords_and_cookies(watch, school):
    user, browser = person(), watch.browser(school)
    watch.plant(password=PASSWORD, wrong_password=WEAK, new_password=STRONG)
    browser.post("/sign-in/", {"email": user.email, "password": WEAK})
    sign_in(browser, user)
    watch.plant(
        access_cookie=browser.cookies[settings.ACCESS_COOKIE_NAME].value,
        refresh_cookie=browser.cookies[settings.SESSION_COOKIE_NAME].value,
    )
    form = {"current": PASSWORD, "password": WEAK, "again": WEAK}
    assert browser.post("/account/password/", form).status_code == 422
    changed = {"current": PASSWORD, "password": STRONG, "again": STRONG}
    assert browser.post("/account/password/", changed).status_code == 302
    for name in ("access_cookie", "refresh_cookie", "password"):
        nowhere(watch.browser(school), watch.planted[name])


def reset_link(watch, school):
    user, browser = person(locale="en"), watch.browser(school)
    assert browser.post("/password/forgotten/", {"email": user.email}).status_code == 302
    tasks.send_reset_link.run(email=user.email, asked_at=timezone.now().isoformat(), address="192.0.2.1")
    path, token = mailed("password_reset")
    watch.plant(reset_token=token, weak_password=WEAK, new_password=STRONG)
    browser.get(path)
    browser.get(path[:-1])
    assert browser.post(path, {"password": WEAK, "again": WEAK}).status_code == 422
    assert browser.post(path, {"password": STRONG, "again": STRONG}).status_code == 302
    assert browser.get(path).status_code == 410
    assert browser.get(f"/sign-in/unlock/{uid_of(user)}/{token}/").status_code == 410


def unlock_link(watch, school):
    user, browser = person(locale="en"), watch.browser(school)
    assert browser.post("/sign-in/unlock/", {"email": user.email}).status_code == 302
    tasks.send_unlock_link.run(email=user.email, asked_at=timezone.now().isoformat(), address="192.0.2.1")
    path, token = mailed("unlock")
    watch.plant(unlock_token=token)
    browser.get(path[:-1])
    assert browser.post(path).status_code == 302
    sign_in(browser, user)
    assert browser.get(path).status_code == 410


def invitation(watch, school):
    invitations.invite(actor=SYSTEM, email="new@lumiere.example", role=Role.MEMBER, now=timezone.now())
    path, token = mailed("invitation")
    browser = watch.browser(school)
    watch.plant(invitation_token=token, weak_password=WEAK, new_password=STRONG)
    browser.get(path[:-1])
    assert browser.post(path, {"password": WEAK, "again": WEAK}).status_code == 422
    assert browser.post(f"{path}again/").status_code < 500
    browser.get(f"{path}microsoft/")
    assert browser.post(path, {"password": STRONG, "again": STRONG}).status_code == 302
    assert watch.browser(school).post(path, {"password": STRONG, "again": STRONG}).status_code == 410


def email_change(watch, school):
    user, browser = person(locale="en"), watch.browser(school)
    sign_in(browser, user)
    asked = {"change-email": "other@elsewhere.example", "change-current": PASSWORD}
    assert browser.post("/account/email/", asked).status_code == 302
    tasks.send_email_change.run(change_id=str(EmailChange.objects.get().pk))
    path, token = mailed("email_change")
    watch.plant(email_token=token)
    browser.get(path[:-1])
    assert browser.post(path).status_code in (200, 302)
    undo, undo_token = mailed("email_changed")
    watch.plant(email_undo_token=undo_token)
    assert browser.post(undo).status_code in (200, 302)
    assert browser.get(path).status_code == browser.get(undo).status_code == 410


def break_glass(watch, school):
    boss = owner(locale="en")
    address = json.loads(command(school.slug, "--email", boss.email, "--reason", "outage of today", "--json"))["url"]
    path, browser = path_of(address), watch.browser(school)
    watch.plant(break_glass_token=path.strip("/").rpartition("/")[2])
    browser.get(path[:-1])
    assert browser.post(path).status_code == 302
    assert watch.browser(school).post(path).status_code == 410


def guardian(watch, school):
    from tests.rights.test_consents import born, publish

    publish(school)
    minor = person(birth_date=born(13), locale="en")
    consents.change_guardian(actor=acting(minor), email="parent@example.com", now=timezone.now())
    consents.answer(actor=acting(minor), answers={"photo": True}, now=timezone.now())
    path, token = mailed("guardian")
    watch.plant(guardian_token=token)
    browser = watch.browser(school)
    browser.get(path[:-1])
    assert browser.post(path, {"answer": "yes"}).status_code == 200
    assert browser.post(path, {"answer": "no"}).status_code == 410


def authenticator(watch, school):
    user, browser = person(), watch.browser(school)
    sign_in(browser, user)
    browser.post("/account/second-step/authenticator/begin/")
    secret = Authenticator.objects.get(user=user).secret
    code, wrong = pyotp.TOTP(secret).now(), "918273"
    watch.plant(totp_secret=secret, totp_code=code, wrong_totp_code=wrong)
    assert browser.post("/account/second-step/authenticator/", {"code": wrong}).status_code == 422
    answer = browser.post("/account/second-step/authenticator/", {"code": code})
    codes = answer.context["codes"]
    watch.plant(recovery_code=codes[0], other_recovery_code=codes[1])
    browser.post("/sign-out/")
    sign_in(browser, user)
    watch.plant(half_sign_in=browser.cookies["__Host-second-step"].value)
    assert browser.post("/sign-in/second-step/", {"code": wrong}).status_code == 422
    assert browser.post("/sign-in/second-step/?with=recovery", {"code": codes[0]}).status_code == 302
    again = watch.browser(school)
    sign_in(again, user)
    assert again.post("/sign-in/second-step/?with=recovery", {"code": codes[0]}).status_code == 422


def passkey(watch, school):
    user, browser = person(), watch.browser(school)
    sign_in(browser, user)
    device = Device(origin=f"http://{browser.host}", rp_id=browser.host)
    asked = browser.post("/account/second-step/passkeys/options/").json()
    watch.plant(new_passkey_challenge=asked["challenge"])
    assert browser.post("/account/second-step/passkeys/", {"credential": device.make(asked)}).status_code == 200
    browser.post("/sign-out/")
    asked = browser.post("/sign-in/passkey/options/").json()
    answer = device.use(asked)
    watch.plant(passkey_challenge=asked["challenge"], signature=json.loads(answer)["response"]["signature"])
    device.origin = "http://elsewhere.example"
    assert browser.post("/sign-in/passkey/", {"credential": device.use(asked)}).status_code >= 400
    assert browser.post("/sign-in/passkey/", {"credential": answer}).status_code >= 400, "the challenge is used"
    fresh = browser.post("/sign-in/passkey/options/").json()
    device.origin = f"http://{browser.host}"
    assert browser.post("/sign-in/passkey/", {"credential": device.use(fresh)}).status_code == 302


def program(watch, school):
    user, browser = with_authenticator(person()), watch.browser(school)
    code = code_of(user)
    watch.plant(password=PASSWORD, code=code)

    def send(path, **body):
        return browser.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")

    send("auth/token", email=user.email, password=PASSWORD)
    found = send("auth/token", email=user.email, password=PASSWORD, code=code).json()
    watch.plant(api_access_token=found["access_token"], api_refresh_token=found["refresh_token"])
    assert send("auth/token/refresh", refresh_token=found["refresh_token"]).status_code == 200
    for name in ("access_token", "refresh_token"):
        nowhere(watch.browser(school), found[name])
    assert send("auth/token/revoke", token=found["access_token"]).status_code == 204
    assert send("auth/token/refresh", refresh_token=found["refresh_token"]).status_code == 401


def machine(watch, school):
    boss, browser = owner(), watch.browser(school)
    sign_in(browser, boss)
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    form = {"name": "t", "permissions": ["people.view", "roster.provision"], "expires_on": day}
    made = browser.post("/settings/programs/new/", form)
    secret = made.context["made"].secret
    watch.plant(service_credential=secret)
    other = watch.browser(school)
    bearer = {"authorization": f"Bearer {secret}"}
    assert other.get("/api/v1/users", headers=bearer).status_code == 200
    scim = {"content_type": "application/scim+json", "headers": bearer}
    assert other.post("/scim/v2/Users", "{", **scim).status_code in (400, 403)
    assert other.post("/scim/v2/Users", json.dumps({"userName": "a@lumiere.example"}), **scim).status_code < 500
    nowhere(other, secret)
    browser.post(f"/settings/programs/{made.context['made'].credential.pk}/revoke/")
    assert other.get("/api/v1/users", headers=bearer).status_code == 401


def shared_device(watch, school):
    from apps.campuses.models import Campus
    from tests.devices.conftest import at, make_device

    campus = Campus.objects.create(name="Lyon", code="LYO")
    user, browser = person(), watch.browser(school)
    at(campus, user)
    device = make_device(campus)
    code = devices.make_code(actor=SYSTEM, device_id=device.pk, now=timezone.now())
    pin, wrong = "408157", "916352"
    watch.plant(enrolment_code=code, pin=pin, wrong_pin=wrong)
    browser.post("/desk/enrol/", {"code": "ZZZZ-ZZZZ"})
    assert browser.post("/desk/enrol/", {"code": code}).status_code == 302
    assert browser.post("/desk/enrol/", {"code": code}).status_code in (302, 422)
    boss = watch.browser(school)
    sign_in(boss, admin())
    first = boss.post(f"/devices/pins/{user.pk}/code/").context["code"].replace(" ", "").replace("-", "")
    watch.plant(pin_code=first)
    browser.post("/desk/pick/", {"person": user.pk})
    browser.post("/desk/pin/new/", {"code": "WRONGCDE", "new": pin, "again": pin})
    browser.post("/desk/pin/new/", {"code": first, "new": pin, "again": pin})
    assert pins.is_right(pin_of(user.pk), user.pk, pin), "a control: the PIN is set"
    assert browser.post("/desk/pin/", {"pin": wrong}).status_code == 422
    assert browser.post("/desk/pin/", {"pin": pin}).status_code == 302
    watch.plant(
        device_cookie=browser.cookies[settings.DEVICE_COOKIE_NAME].value,
        device_access=browser.cookies[settings.DEVICE_ACCESS_COOKIE_NAME].value,
        device_marker=browser.cookies[settings.SHARED_DEVICE_COOKIE_NAME].value,
    )
    nowhere(browser, watch.planted["device_cookie"])
    browser.post("/desk/sign-out/")


def announcements(watch, school):
    from apps.directory.models import GroupSubscription
    from apps.directory.services.subscriptions import digest
    from apps.tenants.models import HookAddress
    from tests.directory.test_notifications import GRAPH_ID

    address, state = "kanari" + "A" * 37, "a-client-state-of-microsoft"
    watch.plant(hook_address=address, client_state=state, wrong_client_state="a-wrong-client-state")
    with platform():
        HookAddress.objects.create(digest=digest(address), school=school, purpose="graph")
    GroupSubscription.objects.create(
        tenant_id="t", group_id="g", graph_id=GRAPH_ID, address=digest(address), client_state=digest(state),
        state="active", created_at=timezone.now(), expires_at=timezone.now() + timedelta(days=7),
    )  # fmt: skip
    browser = watch.browser()
    for sent in (state, watch.planted["wrong_client_state"]):
        body = {"value": [{"subscriptionId": GRAPH_ID, "clientState": sent, "tenantId": "t"}]}
        kind = {"content_type": "application/json"}
        assert browser.post(f"/hooks/microsoft/{address}/", json.dumps(body), **kind).status_code == 202
    assert browser.post(f"/hooks/microsoft/{address}/", "{", **kind).status_code == 400
    browser.get(f"/hooks/microsoft/{address}/")
    browser.get(f"/hooks/microsoft/{address}")


def microsoft_journey(watch, school):
    kept, seen = identity.validate_id_token, []

    def spying(token, *more):
        seen.append(token)
        return kept(token, *more)

    identity.validate_id_token = spying
    try:
        browser, outside = watch.browser(school), watch.browser()
        for arrives in (False, True):
            there = browser.get("/sign-in/microsoft/?next=/account/")["Location"]
            back = watch.simulator.sign_in(there, watch.camille["id"]).params
            watch.plant(**{f"{name}_{arrives}": back[name] for name in ("code", "state")})
            address = path_of(outside.get("/sso/callback", back)["Location"])
            watch.plant(**{f"ticket_{arrives}": re.search(r"=([\w-]{43})", address)[1]})
            if not arrives:  # in another browser: refused; then the state and the code are used again
                assert watch.browser(school).get(address).status_code >= 400
                assert outside.get("/sso/callback", back).status_code >= 400
            else:
                assert browser.get(address).status_code == 302
                assert browser.get(address).status_code >= 400
    finally:
        identity.validate_id_token = kept
    assert len(seen) >= 2
    watch.plant(**{f"id_token_{number}": token for number, token in enumerate(seen)})
    watch.plant(client_secret=watch.simulator.client_secret)


WAYS = (
    passwords_and_cookies, reset_link, unlock_link, invitation, email_change, break_glass, guardian, authenticator,
    passkey, program, machine, shared_device, announcements,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_repeats_it(watch, lumiere, way, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        way(watch, lumiere)
    nothing_leaked(watch)


def test_nothing_repeats_what_microsoft_sends(watch, lumiere, organisation, django_capture_on_commit_callbacks):  # noqa: F811
    watch.simulator, watch.camille = organisation.microsoft, organisation.camille
    with django_capture_on_commit_callbacks(execute=True):
        microsoft_journey(watch, lumiere)
    nothing_leaked(watch)


def nothing_leaked(watch):
    assert not watch.leaks()
    assert watch.errors and watch.lines and AuditEvent.objects.exists(), "a control: there was something to look at"


def test_the_jobs_that_were_looked_at_are_the_real_ones(watch, lumiere, django_capture_on_commit_callbacks):
    """A control: asking for a link puts a job into Redis, and it holds the address only."""
    with django_capture_on_commit_callbacks(execute=True):
        watch.browser(lumiere).post("/password/forgotten/", {"email": "somebody@lumiere.example"})
    [job] = jobs_in_redis()
    assert "accounts.send_reset_link" in job and "somebody@lumiere.example" in job


@pytest.mark.parametrize("place", ["logs", "errors", "jobs", "audit", "tables"])
def test_control_a_leak_is_found(watch, lumiere, place, django_capture_on_commit_callbacks):
    secret = "kanarienvogel-entflogen"
    watch.plant(leaking=secret)
    with django_capture_on_commit_callbacks(execute=True):
        if place == "logs":
            logging.getLogger("campanile").info("signed in with %s", secret)
        elif place == "errors":
            watch.browser(lumiere).post("/sign-in/", {"email": secret, "password": "x"})  # the form repeats it
        elif place == "jobs":
            enqueue("accounts.send_reset_link", email="a@b.example", asked_at=secret)
        elif place == "tables":
            User.objects.filter(pk=person().pk).update(given_name=secret)
        else:
            record(actor=SYSTEM, act="session.started", data={"note": f"with {secret}"})
    # what stands in the audit trail stands in its table
    assert {where for _name, where, _text in watch.leaks()} == {place, *(["tables"] if place == "audit" else [])}
