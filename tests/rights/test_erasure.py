"""After an erasure nothing speaks of the person: no table of any schema, no file, no key, no message (L3, L7)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from psycopg import sql

from apps.accounts.models import CustomRole, ErasureCase, Grant, Session, Tombstone, User
from apps.accounts.services import erasure, photos, roles
from apps.accounts.tombstones import erased_addresses
from apps.audit.models import AuditEvent
from apps.audit.services import record
from apps.campuses.models import Campus
from apps.campuses.services import memberships
from apps.core.actor import Actor
from apps.core.errors import Forbidden
from apps.notifications.models import CommunicationLog
from apps.tenants.database import owner_connection
from tests.files.pictures import picture
from tests.people import acting, admin, auditor, owner, person
from tests.rights.seeding import seed_account, seed_everything

NOW = timezone.now


def everything_in(schemas: list[str]) -> dict[str, str]:
    """Every row of every table as text, by table."""
    found = {}
    with owner_connection() as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_schema = ANY(%s) AND table_type = 'BASE TABLE'",
            [schemas],
        ).fetchall()
        for schema, table in tables:
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, table)))
            found[f"{schema}.{table}"] = "\n".join(row[0] for row in rows)
    return found


def places_of(words: list[str], schemas: list[str]) -> set[str]:
    texts = everything_in(schemas)
    return {f"{table}: {word}" for table, text in texts.items() for word in words if word.lower() in text.lower()}


def erase(user, by=None) -> ErasureCase:
    case = erasure.erase_directly(actor=acting(by or admin()), user_id=user.pk, reason="asked by letter", now=NOW())
    assert erasure.carry_out(case_id=case.pk, now=NOW()) == "done"
    case.refresh_from_db()
    return case


@pytest.fixture(autouse=True)
def _the_bell_is_lost(monkeypatch):
    """The tests are the worker; a real one, left running by a browser test, would otherwise be quicker at times."""
    monkeypatch.setattr(erasure, "ring", lambda case: None)


def test_no_canary_is_left_anywhere_and_nobody_else_lost_one(committed, storage):
    gone, stays = seed_account(), seed_account()
    for seeded in (gone, stays):
        photos.change_own_photo(actor=acting(seeded.user), picture=SimpleUploadedFile("a", picture()), now=NOW())
        seed_everything(seeded)
    record(actor=acting(gone.user), act="session.started", target=gone.user, data={"e-mail": gone.user.email})
    record(actor=acting(stays.user), act="people.exported", reason=f"asked by {gone.user.name}")
    schemas = [committed.schema_name, "public"]
    kept = {"accounts.Tombstone.hashes"}  # declared: so that the person stays erased
    mine = {**gone.canaries, **gone.withheld}
    words = [*(word for word, place in mine.items() if place not in kept), gone.user.email, gone.user.name]
    before = places_of(words, schemas)
    assert len(before) > 60, "a control: they are there, and the search finds them"
    kept_before = places_of([*stays.canaries, *stays.withheld, stays.user.email], schemas)
    files_before = {path.name for path in storage.rglob("*.webp")}

    case = erase(gone.user)

    assert case.remains == 0
    assert places_of(words, schemas) == set()
    assert places_of([*stays.canaries, *stays.withheld, stays.user.email], schemas) == kept_before
    files = {path.name for path in storage.rglob("*.webp")}
    assert len(files_before) == 4 and len(files) == 2, "the photo is gone, the other's is there"
    assert not User.objects.filter(pk=gone.user.pk).exists()
    redis = caches["default"]._cache.get_client()
    keys = [key.decode() for key in redis.scan_iter(match=f"*{committed.schema_name}*", count=1000)]
    assert not [key for key in keys if gone.user.email in key]
    for path in storage.rglob("*.json"):
        assert gone.user.email not in path.read_text()


def test_acts_stay_under_an_id_that_leads_to_nobody(committed):
    user = person("camille.gone@example.com")
    record(actor=acting(user), act="session.started", target=user)
    erase(user)
    event = AuditEvent.objects.get(act="session.started", actor_id=user.pk)
    assert (event.actor_label, event.actor_email, event.target_label) == ("", "", "")


def test_deleting_an_account_asks_no_table_of_the_platform(committed):
    """`User.delete()` inside a school: Django's admin log is elsewhere, the trail of row changes is append-only."""
    user = person()
    user.job_title = "x"
    user.save()
    user.delete()
    assert not User.objects.filter(pk=user.pk).exists()


def test_a_person_asks_and_an_administrator_decides(committed):
    user, office = person(locale="en"), admin()
    case = erasure.request_erasure(actor=acting(user), reason="I am leaving", now=NOW())
    assert (case.state, bool(case.lines)) == ("held", True)
    assert erasure.request_erasure(actor=acting(user), reason="again", now=NOW()) == case
    assert erasure.carry_out(case_id=case.pk, now=NOW()) is None, "nothing happens without a decision"
    with pytest.raises(Forbidden):
        erasure.decide(actor=acting(auditor()), case_id=case.pk, approve=True, note="", now=NOW())
    with pytest.raises(erasure.NoReason):
        erasure.decide(actor=acting(office), case_id=case.pk, approve=False, note=" ", now=NOW())
    erasure.decide(actor=acting(office), case_id=case.pk, approve=True, note="", now=NOW())
    with pytest.raises(erasure.NotWaiting):
        erasure.decide(actor=acting(office), case_id=case.pk, approve=True, note="", now=NOW())
    assert erasure.carry_out(case_id=case.pk, now=NOW()) is None, "the answer has not left yet"
    [mail] = CommunicationLog.objects.filter(template="erasure_accepted")
    assert mail.to == user.email and "being deleted" in mail.text
    CommunicationLog.objects.filter(pk=mail.pk).update(state="sent", text="", html="")
    assert erasure.carry_out(case_id=case.pk, now=NOW()) == "done"
    case.refresh_from_db()
    assert not CommunicationLog.objects.filter(pk=mail.pk).exists(), "nor does the mail outlive the person"
    assert (case.label, case.reason, case.subject, case.user_id, case.requested_by) == ("", "", {}, None, "")
    assert case.decided_by == office.name


def test_an_erasure_does_not_wait_for_ever_for_the_mail_server(committed):
    user = person()
    case = erasure.request_erasure(actor=acting(user), reason="", now=NOW())
    erasure.decide(actor=acting(admin()), case_id=case.pk, approve=True, note="", now=NOW())
    assert erasure.carry_out(case_id=case.pk, now=NOW() + erasure.MAIL_FIRST) == "done"


def test_a_refusal_tells_why_and_a_request_can_be_withdrawn(lumiere):
    user = person(locale="en")
    case = erasure.request_erasure(actor=acting(user), reason="", now=NOW())
    erasure.decide(actor=acting(admin()), case_id=case.pk, approve=False, note="You owe us a book.", now=NOW())
    case.refresh_from_db()
    assert (case.state, case.note, case.subject) == ("refused", "You owe us a book.", {})
    mail = CommunicationLog.objects.mail().get(template="erasure_refused")
    assert mail.to == user.email and "You owe us a book." in mail.text and "CNIL" in mail.text
    again = erasure.request_erasure(actor=acting(user), reason="", now=NOW())
    erasure.withdraw_request(actor=acting(user), case_id=again.pk, now=NOW())
    assert User.objects.filter(pk=user.pk).exists()


def test_nobody_decides_about_themselves_or_their_betters_or_the_last_owner(lumiere):
    User.objects.filter(pk__in=Grant.objects.filter(role="owner").values("user")).update(status="departed")
    office, last = admin(), owner()
    with pytest.raises(erasure.OwnRequest):
        erasure.erase_directly(actor=acting(office), user_id=office.pk, reason="x", now=NOW())
    with pytest.raises(roles.NotYours):
        erasure.erase_directly(actor=acting(office), user_id=last.pk, reason="x", now=NOW())
    with pytest.raises(roles.LastOwner):
        erasure.request_erasure(actor=acting(last), reason="", now=NOW())
    second = owner()
    assert erasure.erase_directly(actor=acting(second), user_id=last.pk, reason="x", now=NOW()).state == "applying"


def test_who_is_being_erased_is_no_owner_any_more(lumiere):
    """However late the worker is: in the meantime the other owner cannot leave the school without one."""
    User.objects.filter(pk__in=Grant.objects.filter(role="owner").values("user")).update(status="departed")
    leaver, last = owner(), owner()
    case = erasure.request_erasure(actor=acting(leaver), reason="", now=NOW())
    erasure.decide(actor=acting(last), case_id=case.pk, approve=True, note="", now=NOW())
    with pytest.raises(roles.LastOwner):
        roles.revoke_role(actor=acting(last), grant_id=Grant.objects.get(user=last, role="owner").pk, now=NOW())


def test_killed_between_two_steps_the_next_worker_goes_on(committed, monkeypatch):
    user = person()
    Session.objects.create(data="", user=user, last_seen_at=NOW(), expires_at=NOW() + timedelta(hours=1))
    case = erasure.erase_directly(actor=acting(admin()), user_id=user.pk, reason="x", now=NOW())
    real, calls = erasure._erase, []

    def killed(*args, **options):
        calls.append(args)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(*args, **options)

    with monkeypatch.context() as broken:
        broken.setattr(erasure, "_erase", killed)
        with pytest.raises(KeyboardInterrupt):
            erasure.carry_out(case_id=case.pk, now=NOW())
    case.refresh_from_db()
    assert (case.state, case.step) == ("applying", 4)
    assert erasure.carry_out(case_id=case.pk, now=NOW()) is None, "the dead worker's lease is still running"
    later = NOW() + erasure.LEASE + timedelta(seconds=1)
    assert erasure.sweep(later) == 1
    assert erasure.carry_out(case_id=case.pk, now=later) == "done"
    assert not User.objects.filter(pk=user.pk).exists()


def test_what_remains_is_said(committed, monkeypatch):
    """A control of the read-back: a step that does nothing is found."""
    user = person()
    case = erasure.erase_directly(actor=acting(admin()), user_id=user.pk, reason="x", now=NOW())
    monkeypatch.setattr(erasure, "_erase", lambda *args, **options: None)
    assert erasure.carry_out(case_id=case.pk, now=NOW()) == "partial"
    case.refresh_from_db()
    assert case.remains > 0


def test_a_tombstone_keeps_them_away_until_it_is_lifted(committed):
    user = person("back@example.com")
    erase(user)
    assert erased_addresses(["Back@example.com", "other@example.com"]) == {"Back@example.com"}
    tombstone = Tombstone.objects.get()
    assert "back" not in str(tombstone.hashes)
    erasure.lift_tombstone(actor=acting(admin()), tombstone_id=tombstone.pk, now=NOW())
    assert erased_addresses(["back@example.com"]) == set()


def test_a_restore_does_not_bring_them_back(committed, storage):
    """The journal beside the files knows them, whatever an older backup of the database says."""
    user = person("back@example.com")
    key = user.pk
    erase(user)
    Tombstone.objects.all().delete()
    person("back@example.com", id=key)
    from io import StringIO

    from django.core.management import call_command

    told = StringIO()
    call_command("reapply_erasures", school=committed.slug, stdout=told)
    assert "1 erased again" in told.getvalue()
    assert not User.objects.filter(pk=key).exists()
    again = StringIO()
    call_command("reapply_erasures", school=committed.slug, stdout=again)
    assert "0 erased again" in again.getvalue()


def test_who_erases_at_one_campus_sees_the_requests_of_no_other(lumiere, as_person):
    home, away = (Campus.objects.create(name=name, code=name[:3]) for name in ("Lyon", "Paris"))
    here, there, clerk = person(), person(family_name="Elsewhere"), person()
    for user, campus in ((here, home), (there, away)):
        memberships.add_member(
            actor=Actor.system("tests"), user_id=user.pk, campus_id=campus.pk, role="member", now=NOW()
        )
        erasure.request_erasure(actor=acting(user), reason="mine", now=NOW())
    role = CustomRole.objects.create(name="Rights", permissions=["people.erase", "people.view"], scope_kind="campus")
    Grant.objects.create(user=clerk, role="custom", custom_role=role, scope_kind="campus", scope_id=home.pk)
    client = as_person(clerk)
    page = client.get("/data-protection/").content.decode()
    file = b"".join(client.get("/data-protection/?csv=erasures").streaming_content).decode()
    assert here.name in page and here.name in file
    assert there.name not in page and there.name not in file
    case = ErasureCase.objects.get(user_id=there.pk)
    assert client.get(f"/data-protection/erasures/{case.pk}/").status_code == 404
    tombstone = Tombstone.objects.create(user_id=uuid4(), hashes=[], erased_at=NOW())
    with pytest.raises(Forbidden):
        erasure.lift_tombstone(actor=acting(clerk), tombstone_id=tombstone.pk, now=NOW())
    assert str(tombstone.user_id) not in page


def test_pages(lumiere, as_person):
    user, office = person(), admin()
    mine, desk = as_person(user), as_person(office)
    assert mine.post("/account/data/erasure/", {}).status_code == 422
    assert mine.post("/account/data/erasure/", {"sure": "on"}).status_code == 302
    case = ErasureCase.objects.get()
    assert "/account/data/erasure/" in mine.get("/account/data/").content.decode()
    assert user.name in desk.get("/data-protection/").content.decode()
    assert desk.get(f"/data-protection/erasures/{case.pk}/").status_code == 200
    url = f"/data-protection/erasures/{case.pk}/decision/"
    assert desk.post(url, {"answer": "refuse"}).status_code == 422
    assert desk.post(url, {"answer": "refuse", "note": "No."}).status_code == 302
    assert desk.get(f"/data-protection/people/{user.pk}/").status_code == 200
    assert desk.post(f"/data-protection/people/{user.pk}/", {"reason": ""}).status_code == 422
    for nobody in (mine, as_person(auditor())):
        assert nobody.get("/data-protection/").status_code == 403
        assert nobody.post(url, {"answer": "approve"}).status_code == 403
