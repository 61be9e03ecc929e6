"""The history of runs: filtered, drawn, taken away."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.directory.models import DirectoryRun
from tests.conftest import client_for
from tests.people import admin, person

URL, FILE = "/directory/history/", "/directory/history.csv"


@pytest.fixture
def chief(world):
    browser = client_for(world.school)
    browser.force_login(admin(locale="en"))
    return browser


def read_csv(response):
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(content.splitlines()))


def test_empty_it_teaches(world, chief):
    assert "No run yet" in chief.get(URL).content.decode()


def test_filters_by_state_kind_start_and_day(world, chief):
    world.standard()
    good, preview = world.run(), world.run(preview=True)
    scheduled = world.run(trigger="schedule")
    DirectoryRun.objects.filter(pk=good.pk).update(created_at=timezone.now() - timedelta(days=9))

    def shown(**query) -> set:
        page = chief.get(URL, query, headers={"hx-request": "true"}).content.decode()
        assert "<html" not in page
        return {run for run in (good, preview, scheduled) if f"/directory/runs/{run.pk}/" in page}

    assert shown() == {good, preview, scheduled}
    assert shown(kind="preview") == {preview}
    assert shown(trigger="schedule") == {scheduled}
    assert shown(state="failed") == set()
    week = (timezone.localdate() - timedelta(days=5)).isoformat()
    assert shown(since=week) == {preview, scheduled}
    assert shown(until=week) == {good}
    assert shown(state="nonsense", since="x") == {good, preview, scheduled}


def test_charts_of_people_changes_and_time(world, chief):
    world.standard()
    world.run()
    assert "Active people after each run" not in chief.get(URL).content.decode(), "one point is no line"
    world.run()
    page = chief.get(URL).content.decode()
    for title in ("Active people after each run", "Changes of each run", "Duration of each run"):
        assert title in page


def test_taken_away_as_it_is_filtered_and_recorded(world, chief):
    world.standard()
    world.run()
    world.run(preview=True)
    every, previews = read_csv(chief.get(FILE)), read_csv(chief.get(FILE + "?kind=preview"))
    assert [row["what"] for row in every] == ["preview", "full"] and len(previews) == 1
    assert (every[1]["added"], every[1]["people after"], every[1]["state"]) == ("12", "12", "done")
    assert AuditEvent.objects.filter(act="directory.runs_exported").count() == 2


def test_students_see_nothing_of_it(world):
    browser = client_for(world.school)
    browser.force_login(person())
    assert browser.get(URL).status_code == browser.get(FILE).status_code == 403
