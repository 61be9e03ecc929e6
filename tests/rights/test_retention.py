"""What is older than its period goes at night, exactly what the dry run said, and nothing else (L5)."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.accounts.models import Invitation, RetentionRun, Session, User
from apps.accounts.services import retention
from apps.audit.models import AuditEvent
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Forbidden, Invalid
from apps.core.records import REGISTRY
from apps.tenants.context import activated
from tests.people import acting, admin, auditor, person
from tests.rights.seeding import make, seed_account, seed_everything

OLD = timedelta(days=10_000)
#: what makes a row old, for the tables whose period is more than one date
AGED = {
    "accounts.User": {"status": "departed", "departed_at": None},
    "accounts.Invitation": {"sent_at": None, "expires_at": None, "accepted_at": None, "revoked_at": None},
    "associations.Membership": {"state": "left", "ended_at": None},
    "associations.Mandate": {"starts_on": date(1999, 1, 1), "ends_on": date(1999, 6, 1)},
    "accounts.ErasureCase": {"requested_at": None, "finished_at": None},
    "campuses.CampusMembership": {"state": "ended", "last_seen_at": None},
    "directory.DirectoryRun": {"created_at": None, "state": "done"},
    "roster.RosterPlan": {"created_at": None, "state": "done"},
    "integrations.EventPlan": {"created_at": None, "state": "done"},
}


def age(record_) -> None:
    """Make every row of a table as old as can be."""
    then = timezone.now() - OLD
    values = AGED.get(record_.model_label)
    if values is None:
        names = ["expires_at"] if record_.period.expired and not record_.period.since else [record_.period.since]
        values = dict.fromkeys(name for name in names if name)
    values = {name: then if value is None else value for name, value in values.items()}
    if values and record_.purge is None:
        record_.rows().update(**values)


def keys() -> dict[str, set]:
    return {label: set(record_.rows().values_list("pk", flat=True)) for label, record_ in REGISTRY.items()}


def furnish() -> None:
    """Old and new rows in every table."""
    old = seed_account()
    seed_everything(old)
    for label in ("directory.DirectoryChange", "roster.RosterChange", "roster.FailedRow"):
        make(label)
    record(actor=Actor.system("tests"), act="tests.old", at=timezone.now() - OLD)
    for record_ in REGISTRY.values():
        if record_.period is not None and record_.model_label != "accounts.User":
            age(record_)
    User.objects.filter(pk=old.user.pk).update(status="departed", departed_at=timezone.now() - OLD)
    fresh = seed_account()
    seed_everything(fresh)


def test_the_run_deletes_exactly_what_the_dry_run_lists(committed, storage, no_worker):
    furnish()
    now = timezone.now()
    said = retention.dry_run(now=now)
    before = keys()
    assert retention.dry_run(now=now) == said and keys() == before, "it changes nothing"
    assert len(said) > 12, f"a control: many tables have something old: {sorted(said)}"

    run = retention.run(now=now)

    after = keys()
    went = {label: before[label] - after[label] for label in before if before[label] - after[label]}
    assert went == said
    assert (run.state, retention.still_due(now)) == ("done", 0)
    assert run.total > 0 and run.finished_at
    assert not (before["accounts.User"] - after["accounts.User"]) - said["accounts.User"]


def test_a_second_run_finds_nothing(committed, storage, no_worker):
    furnish()
    retention.run(now=timezone.now())
    assert retention.run(now=timezone.now()).total == 0


def test_killed_half_way_the_next_goes_on_with_the_same_run(lumiere, monkeypatch):
    for _ in range(5):
        make("accounts.Invitation", user=person(), accepted_at=timezone.now() - OLD, revoked_at=None)
    real, calls = retention._note, []

    def killed(*args):
        real(*args)
        calls.extend([args] if args[2] else [])
        if len(calls) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(retention, "_note", killed)
        with pytest.raises(KeyboardInterrupt):
            retention.run(now=timezone.now(), chunk=2)
    assert Invitation.objects.filter(accepted_at__lt=timezone.now() - timedelta(days=400)).count() == 1
    assert retention.run(now=timezone.now()) is None, "somebody may still be at it"
    RetentionRun.objects.update(lease_until=timezone.now())
    run = retention.run(now=timezone.now(), chunk=2)
    assert RetentionRun.objects.count() == 1
    assert (run.state, run.removed["accounts.Invitation"]) == ("done", 5)


def test_the_school_chooses_its_periods_within_the_limits(lumiere, as_person):
    key = "retention.accounts_invitation"
    invitation = make("accounts.Invitation", user=person(), accepted_at=timezone.now() - timedelta(days=40))
    assert "accounts.Invitation" not in retention.dry_run(now=timezone.now())
    with pytest.raises(Forbidden):
        retention.change_periods(actor=acting(auditor()), school_id=lumiere.pk, values={key: 30})
    with pytest.raises(Invalid):
        retention.change_periods(actor=acting(admin()), school_id=lumiere.pk, values={key: 1})
    desk = as_person(admin())
    assert desk.post("/data-protection/retention/", {key: "1"}).status_code == 422
    assert desk.post("/data-protection/retention/", {key: "30"}).status_code == 302
    assert retention.dry_run(now=timezone.now())["accounts.Invitation"] == {invitation.pk}
    page = desk.get("/data-protection/retention/preview/").content.decode()
    assert str(invitation.pk) in page


def test_the_trail_of_each_school_by_its_own_rule(new_school):
    """The audit trail is a line of the same table: two schools, events of the same age."""
    from apps.tenants.services.features import store

    short, usual = new_school("short"), new_school("usual")
    store(school_id=short.pk, values={"audit.retention_days": 365})
    for school in (short, usual):
        with activated(school):
            record(actor=Actor.system("tests"), act="tests.old", at=timezone.now() - timedelta(days=400))
    said = StringIO()
    call_command("retention", school=short.slug, dry_run=True, stdout=said)
    assert f"{short.slug}: audit.AuditEvent: 1" in said.getvalue()
    for school, left in ((short, 0), (usual, 1)):
        call_command("retention", school=school.slug, stdout=StringIO())
        with activated(school):
            assert AuditEvent.objects.filter(act="tests.old").count() == left


def test_a_session_that_ended_goes(lumiere):
    now = timezone.now()
    living = {"data": "", "user": person(), "last_seen_at": now}
    Session.objects.create(expires_at=now - timedelta(seconds=1), **living)
    kept = Session.objects.create(expires_at=now + timedelta(hours=1), **living)
    retention.run(now=now)
    assert list(Session.objects.all()) == [kept]
