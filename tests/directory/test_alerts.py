"""The alarm: raised from outside the runs, told once per cause to who may act, over when it is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.directory.models import DirectoryAlert, DirectoryRun
from apps.directory.services import alerts, requests
from apps.notifications.models import CommunicationLog
from tests.conftest import client_for
from tests.directory.test_schedule import set_schedule
from tests.directory.world import ADMIN
from tests.people import admin, auditor, person

pytestmark = pytest.mark.usefixtures("lumiere")


@pytest.fixture
def staff(world):
    return [admin(email="chief@lumiere.example", locale="en"), admin(email="chef@lumiere.example", locale="fr")]


def kinds() -> list[str]:
    return sorted(DirectoryAlert.objects.filter(cleared_at=None).values_list("kind", flat=True))


def mail() -> list[str]:
    return sorted(CommunicationLog.objects.mail().filter(template="directory_alert").values_list("to", flat=True))


def watch(hours: float = 0) -> list[str]:
    alerts.watch(now=timezone.now() + timedelta(hours=hours))
    return kinds()


def failed(world) -> DirectoryRun:
    world.sim.permissions(world.tid, [])
    return world.run()


def test_nothing_is_the_matter(world, staff):
    world.standard()
    world.run()
    set_schedule()
    assert watch() == [] and mail() == []


def test_a_failed_run_is_told_once_to_those_who_may_act(world, staff):
    auditor()
    person()
    world.standard()
    assert failed(world).state == "failed"
    for _ in range(3):
        assert watch() == ["failed"]
    assert mail() == ["chef@lumiere.example", "chief@lumiere.example"]
    texts = dict(CommunicationLog.objects.mail().values_list("to", "subject"))
    assert texts["chief@lumiere.example"].startswith("The last directory run failed")
    assert texts["chef@lumiere.example"].startswith("La dernière")


def test_the_same_fault_again_is_the_same_alert_and_another_fault_another(world, staff):
    world.standard()
    first = failed(world)
    watch()
    second = world.run()
    watch()
    alert = DirectoryAlert.objects.get()
    assert alert.run_id == second.pk != first.pk
    assert len(mail()) == 2
    DirectoryRun.objects.filter(pk=second.pk).update(error_code="group-gone")
    watch()
    assert DirectoryAlert.objects.count() == 2 and len(mail()) == 4


def test_a_good_run_ends_the_alarm_and_the_next_fault_is_told_again(world, staff):
    world.standard()
    failed(world)
    watch()
    world.sim.permissions(world.tid, ["GroupMember.Read.All", "User.Read.All"])
    assert world.run().state == "done"
    assert watch() == []
    failed(world)
    assert watch() == ["failed"]
    assert len(mail()) == 4


def test_a_run_that_goes_on_by_itself_has_not_failed(world, staff):
    world.standard()
    world.sim.fault("unavailable", tid=world.tid, times=None)
    run = world.run()
    assert run.state == "partial" and run.resume_at
    assert watch() == []
    DirectoryRun.objects.filter(pk=run.pk).update(resume_at=None)
    assert watch() == ["failed"]


def test_a_held_run_is_told_until_somebody_decides(world, staff):
    world.standard(students=20)
    world.run()
    world.remove(world.g_paris, *world.students[:7])
    run = world.run()
    assert watch() == ["held"] and len(mail()) == 2
    newer = world.run()
    assert newer.state == "held" and watch() == ["held"] and len(mail()) == 2, "a newer list, the same question"
    requests.refuse_run(actor=ADMIN, run_id=newer.pk, now=timezone.now())
    assert watch() == []
    run.refresh_from_db()
    assert run.error_code == "superseded"


def test_who_was_asked_is_told_when_more_is_at_stake_and_when_nothing_is(world, staff):
    world.standard(students=20)
    world.run()
    world.remove(world.g_paris, *world.students[:7])
    world.run()
    watch()
    requests.request_run(actor=ADMIN, now=timezone.now())
    assert watch() == ["held"] and len(mail()) == 2, "while the next one is read the question stands, told once"
    world.remove(world.g_paris, *world.students[7:9])
    assert world.run().affected == 9
    assert watch() == ["held"] and len(mail()) == 4, "more people: told again"
    world.add(world.g_paris, *world.students[:9])
    assert world.run().state == "done"
    assert watch() == [] and len(mail()) == 6
    assert CommunicationLog.objects.filter(to="chief@lumiere.example", subject__startswith="No directory run").exists()


def test_absence_raises_the_alarm(world, staff):
    """Nothing ran at all: no run of any kind is there to say so."""
    world.standard()
    set_schedule()
    assert watch(35) == []
    assert watch(37) == ["late"]
    world.run()
    assert watch(1) == []
    assert watch(38) == ["late"]
    assert len(mail()) == 4


def test_who_starts_runs_by_hand_is_not_late(world, staff):
    world.standard()
    world.run()
    assert watch(1000) == []


def test_the_school_decides_how_late_is_late(world, staff):
    from apps.tenants.services.features import store

    world.standard()
    set_schedule()
    store(school_id=world.school.pk, values={"directory.alert_hours": 5})
    assert watch(6) == ["late"]
    store(school_id=world.school.pk, values={"directory.alert_hours": 0})
    assert watch(600) == []


def test_it_stands_on_the_dashboard_and_the_directory_page(world, staff):
    browser = client_for(world.school)
    browser.force_login(staff[0])
    world.standard()
    run = failed(world)
    assert f'href="/directory/runs/{run.pk}/"' in browser.get("/directory/").content.decode()
    watch()
    page = browser.get("/").content.decode()
    assert "The last directory run failed" in page
    looker = client_for(world.school)
    looker.force_login(auditor(locale="en"))
    assert "The last directory run failed" in looker.get("/").content.decode()
    world.sim.permissions(world.tid, ["GroupMember.Read.All", "User.Read.All"])
    world.run()
    watch()
    assert "The last directory run failed" not in browser.get("/").content.decode()
