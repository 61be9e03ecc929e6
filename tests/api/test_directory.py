"""Mappings, directory runs, lists and plans through the API, against the simulator."""

import base64

from apps.directory.models import DirectoryRun, DirectorySchedule, GroupMapping
from apps.roster.services import plans
from tests.api.conftest import program
from tests.directory.conftest import world  # noqa: F401  # a fixture
from tests.people import admin, auditor


def test_a_group_is_mapped_changed_and_removed(lumiere, world):  # noqa: F811
    desk, group = program(lumiere, admin()), world.group("Students", world.people(3))
    found = desk.get_("directory/groups?q=Stud").json()["results"]
    assert found == [{"id": group, "name": "Students"}]
    made = desk.send("directory/mappings", {"group_id": group, "campus_id": str(world.paris.pk)})
    assert made.status_code == 201 and made.json()["group_name"] == "Students"
    address = made["Location"].removeprefix("/api/v1/")
    changed = desk.change(address, {"active": False}, desk.get_(address)["ETag"])
    assert changed.json()["active"] is False and changed.json()["role"] == "member"
    assert desk.delete_(address).status_code == 204 and not GroupMapping.objects.exists()
    assert desk.send("directory/mappings", {"group_id": "nobody", "campus_id": str(world.paris.pk)}).status_code >= 400


def test_a_run_is_started_followed_and_decided(lumiere, world):  # noqa: F811
    world.standard(students=20, staff=4)
    world.run()
    world.remove(world.g_paris, *world.students[:6])
    desk = program(lumiere, admin())
    started = desk.send("directory/runs", {"kind": "full"}, idempotency_key="run-1")
    assert started.status_code == 202
    assert desk.send("directory/runs", {"kind": "full"}, idempotency_key="run-1").content == started.content
    run = DirectoryRun.objects.get(pk=started.json()["id"])
    world.carry_out(run)
    address = f"directory/runs/{run.pk}"
    assert desk.get_(address).json()["state"] == "held"
    lines = desk.get_(f"{address}/changes?kind=deactivated&limit=4").json()
    assert len(lines["results"]) == 4 and lines["next"]
    assert desk.send(f"{address}/approval").json()["state"] == "applying"
    world.carry_out(run)
    assert desk.get_(address).json()["state"] == "done" and world.places() == world.model()
    assert desk.send(f"{address}/refusal").status_code == 409
    undo = desk.send(f"{address}/undo").json()
    assert undo["undoes_id"] == str(run.pk)
    assert len(desk.get_("directory/runs?kind=full").json()["results"]) == 2


def test_an_auditor_only_reads(lumiere, world):  # noqa: F811
    reader = program(lumiere, auditor())
    assert reader.get_("directory/runs").status_code == 200
    assert reader.send("directory/runs").status_code == 403


def test_without_a_link_there_is_nothing_to_run(desk):
    answer = desk.send("directory/runs")
    assert (answer.status_code, answer.json()["code"]) == (409, "run-refused")


def test_the_schedule(desk):
    seen = desk.get_("directory/schedule")
    changed = desk.change("directory/schedule", {"mode": "daily", "daily_at": "05:30"}, seen["ETag"])
    assert changed.json()["daily_at"] == "05:30" and DirectorySchedule.objects.get().mode == "daily"
    assert desk.change("directory/schedule", {"daily_at": "25:00"}).status_code == 422


def test_a_list_is_uploaded_looked_at_and_imported(desk):
    content = base64.b64encode("Prénom;Nom;E-mail\nAda;Lovelace;ada@lumiere.example\n;;broken\n".encode()).decode()
    file = desk.send("imports/lists", {"name": "people.csv", "content": content})
    assert file.status_code == 201 and file.json()["guessed"] == ["given_name", "family_name", "email"]
    started = desk.send("imports", {"list_id": file.json()["id"], "columns": file.json()["guessed"]})
    assert started.status_code == 202
    address = started["Location"].removeprefix("/api/v1/")
    plan_id = started.json()["id"]
    plans.work_on(run_id=plan_id)
    assert desk.get_(address).json()["state"] == "held"
    assert [row["email"] for row in desk.get_(f"{address}/changes").json()["results"]] == ["ada@lumiere.example"]
    assert desk.get_(f"{address}/failed-rows").json()["results"][0]["faults"]
    assert desk.send(f"{address}/approval").status_code == 200
    plans.work_on(run_id=plan_id)
    assert desk.get_(address).json()["state"] == "done"
    assert desk.get_("users?q=ada").json()["results"][0]["given_name"] == "Ada"
    assert desk.send("imports/lists", {"name": "x", "content": "%%%"}).status_code == 422
    assert len(desk.get_("plans?kind=file").json()["results"]) == 1
