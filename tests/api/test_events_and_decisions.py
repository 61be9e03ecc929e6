"""Events of services, their secrets and accounts; conflicts and single lines of plans: what pages do, by the API."""

from uuid import uuid4

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.campuses.models import ApprovedDomain, Campus
from apps.directory.models import ConflictDecision, DirectoryRun
from apps.integrations.models import EventPlan, InboundEvent, WebhookSecret
from apps.integrations.services import draining
from apps.integrations.services import plans as decisions
from apps.roster.models import RosterChange
from apps.roster.services import plans
from apps.tenants.context import platform
from apps.tenants.models import ProviderBinding
from tests.api.conftest import machine, program
from tests.directory.conftest import world  # noqa: F401  # a fixture
from tests.integrations.conftest import sender  # noqa: F401  # a fixture
from tests.integrations.senders import event, person
from tests.people import admin, auditor
from tests.people import person as somebody

KEY = {"idempotency_key": "once"}


@pytest.fixture
def reader(lumiere):
    return program(lumiere, auditor())


@pytest.fixture
def given_up(sender) -> list[InboundEvent]:  # noqa: F811
    """Three events that a rule of the school refused: their domain is not approved."""
    for number in range(3):
        sender.post(event("user.created", person(number, email=f"noe.{number}@elsewhere.example")))
    draining.drain()
    return list(InboundEvent.objects.filter(state="dead").order_by("pk"))


def acts(*codes: str) -> int:
    return AuditEvent.objects.filter(act__in=codes).count()


def at(answer) -> str:
    return answer["Location"].removeprefix("/api/v1/")


def fields(answer) -> set[str]:
    assert answer.status_code == 422, answer.content
    return set(answer.json()["errors"])


# --- events ----------------------------------------------------------------------------------------------


def test_events_are_found_and_read(desk, reader, given_up):
    page = reader.get_("integrations/events?state=dead&limit=2").json()
    assert [one["id"] for one in page["results"]] == [given_up[2].reference, given_up[1].reference]
    rest = reader.get_(f"integrations/events?state=dead&limit=2&cursor={page['next']}").json()
    assert [one["id"] for one in rest["results"]] == [given_up[0].reference]
    one = reader.get_("integrations/events?q=noe.1@elsewhere.example&since=2020-01-01").json()["results"]
    assert [found["id"] for found in one] == [given_up[1].reference]
    assert fields(desk.get_("integrations/events?since=0001-01-01")) == {"since"}
    address = f"integrations/events/{given_up[0].reference}"
    assert reader.get_(address).json()["outcome"] == "invalid"
    assert "body" not in reader.get_(address).json()
    assert "noe.0@elsewhere.example" in desk.get_(f"{address}/content").json()["body"]
    assert acts("integration.event_read") == 1
    for wrong in (f"{given_up[0].pk}-000000000000", "x", "1", "99999999999999999999-0"):
        assert desk.get_(f"integrations/events/{wrong}").status_code == 404


def test_an_event_is_previewed_replayed_discarded_and_emptied(desk, reader, given_up):
    first, second = (f"integrations/events/{one.reference}" for one in given_up[:2])
    assert desk.get_(f"{first}/preview").json()["state"] == "dead"
    ApprovedDomain.objects.create(domain="elsewhere.example", campus=Campus.objects.get())
    assert desk.get_(f"{first}/preview").json()["outcome"] == "person-created"
    assert acts("integration.event_replayed") == 0 and InboundEvent.objects.filter(state="dead").count() == 3
    replayed = desk.send(f"{first}/replay", **KEY)
    assert replayed.json()["state"] == "waiting"
    assert desk.send(f"{first}/replay", **KEY).content == replayed.content and acts("integration.event_replayed") == 1
    draining.drain()
    assert desk.get_(first).json()["outcome"] == "person-created"
    refused = desk.send(f"{first}/discard")
    assert (refused.status_code, refused.json()["code"]) == (409, "event-refused")
    assert desk.send(f"{second}/discard").json()["state"] == "discarded"
    assert desk.send(f"{second}/restoration").json()["state"] == "dead"
    assert desk.send(f"{second}/expunging").json()["expunged_at"]
    assert InboundEvent.objects.get(pk=given_up[1].pk).body == ""
    assert desk.send(f"{second}/replay").status_code == 409
    done = ("event_discarded", "event_restored", "event_expunged")
    assert acts(*(f"integration.{one}" for one in done)) == 3
    for name in ("replay", "discard", "restoration", "expunging", "contradiction"):
        assert reader.send(f"{second}/{name}").status_code == 403
        assert desk.send(f"integrations/events/1-000000000000/{name}").status_code == 404
    assert reader.get_(f"{second}/preview").status_code == 403


def test_a_contradiction_is_looked_at(desk, given_up):
    InboundEvent.objects.filter(pk=given_up[0].pk).update(conflicts=1, conflict_at=timezone.now())
    found = desk.get_("integrations/events?state=conflict").json()["results"]
    assert [one["is_in_conflict"] for one in found] == [True]
    assert desk.send(f"integrations/events/{given_up[0].reference}/contradiction").json()["is_in_conflict"] is False
    assert (
        acts("integration.event_settled") == 1 and not desk.get_("integrations/events?state=conflict").json()["results"]
    )


def test_many_events_are_decided_about_as_a_plan(desk, reader, given_up):
    body = {"act": "discard", "matching": {"state": "dead"}}
    assert reader.send("integrations/decisions", body).status_code == 403
    asked = desk.send("integrations/decisions", body, **KEY)
    assert asked.status_code == 202
    assert desk.send("integrations/decisions", body, **KEY).content == asked.content and EventPlan.objects.count() == 1
    address, plan_id = at(asked), asked.json()["id"]
    decisions.work_on(run_id=plan_id)
    seen = reader.get_(address).json()
    assert (seen["state"], seen["to_apply"]) == ("held", 3)
    lines = reader.get_(f"{address}/events?limit=2").json()
    assert [one["event"] for one in lines["results"]] == [one.reference for one in given_up[:2]] and lines["next"]
    assert reader.send(f"{address}/confirmation").status_code == 403
    assert desk.send(f"{address}/confirmation").json()["state"] == "applying"
    decisions.work_on(run_id=plan_id)
    assert InboundEvent.objects.filter(state="discarded").count() == 3
    back = desk.send(f"{address}/undo")
    assert back.json()["undoes_id"] == plan_id
    decisions.work_on(run_id=back.json()["id"])
    assert desk.send(f"integrations/decisions/{back.json()['id']}/refusal").json()["state"] == "refused"
    assert desk.send(f"{address}/refusal").status_code == 409
    done = ("requested", "approved", "refused", "undo_requested")
    assert acts(*(f"integration.events_{one}" for one in done)) == 4
    assert desk.send(f"integrations/decisions/{uuid4()}/confirmation").status_code == 404


def test_picked_events_are_rehearsed_and_the_plan_is_stopped(desk, given_up):
    body = {"act": "replay", "events": [one.reference for one in given_up[:2]]}
    asked = desk.send("integrations/decisions", body).json()
    decisions.work_on(run_id=asked["id"])
    address = f"integrations/decisions/{asked['id']}"
    seen = desk.get_(address).json()
    assert (seen["rehearsed"], seen["outcomes"]) == (2, [{"state": "dead", "outcome": "invalid", "events": 2}])
    desk.send(f"{address}/refusal")
    other = desk.send("integrations/decisions", body).json()
    assert desk.send(f"integrations/decisions/{other['id']}/cancellation").json()["state"] == "cancelled"
    assert fields(desk.send("integrations/decisions", {"act": "replay"})) == {"events"}
    assert fields(desk.send("integrations/decisions", {"act": "replay", "events": ["1"]})) == {"events"}
    assert fields(desk.send("integrations/decisions", {"act": "forget", "matching": {}})) == {"act"}


def test_secrets_of_services_are_made_replaced_and_ended(boss, reader, lumiere):
    made = boss.send("integrations/secrets", {"service": "user-service"}, **KEY)
    assert made.status_code == 201, made.content
    assert boss.send("integrations/secrets", {"service": "user-service"}, **KEY).content == made.content
    assert WebhookSecret.objects.get().secret == made.json()["secret"]
    assert boss.send("integrations/secrets", {"service": "user-service"}).status_code == 201
    third = boss.send("integrations/secrets", {"service": "user-service"})
    assert (third.status_code, third.json()["code"]) == (409, "two-secrets-already")
    listed = boss.get_("integrations/secrets")
    assert len(listed.json()["results"]) == 2 and made.json()["secret"] not in listed.content.decode()
    address = f"integrations/secrets/{made.json()['id']}"
    assert boss.delete_(address).status_code == boss.delete_(address).status_code == 204
    assert not WebhookSecret.objects.get(pk=made.json()["id"]).is_live(timezone.now())
    assert (acts("integration.secret_created"), acts("integration.secret_ended")) == (2, 1)
    assert fields(boss.send("integrations/secrets", {"service": "stripe"})) == {"service"}
    assert reader.get_("integrations/secrets").status_code == reader.delete_(address).status_code == 403
    assert machine(lumiere, "integrations.manage").send("integrations/secrets", {"service": "x"}).status_code == 403


def test_the_platform_binds_accounts_to_schools(console, lumiere, curie):
    body = {"provider": "stripe", "account": "acct_1A", "org_id": str(lumiere.pk), "name": "BDE"}
    with platform():
        before = acts("integration.account_bound", "integration.account_released")
    made = console.send("integrations/accounts", body, **KEY)
    assert made.status_code == 201, made.content
    assert console.send("integrations/accounts", body, **KEY).content == made.content
    assert console.send("integrations/accounts", body).json()["id"] == made.json()["id"], "the same again"
    taken = console.send("integrations/accounts", {**body, "org_id": str(curie.pk)})
    assert (taken.status_code, taken.json()["code"]) == (409, "account-taken")
    assert fields(console.send("integrations/accounts", {**body, "account": "acct-1"})) == {"account"}
    assert console.send("integrations/accounts", {**body, "org_id": str(uuid4())}).status_code == 404
    assert console.get_("integrations/accounts?q=BDE").json()["results"][0]["account"] == "acct_1A"
    address = at(made)
    assert console.delete_(address).status_code == 204 and console.get_(address).status_code == 404
    with platform():
        assert not ProviderBinding.objects.filter(external_id="acct_1A").exists()
        assert acts("integration.account_bound", "integration.account_released") - before == 2


def test_the_platform_decides_about_its_own_events(console, given_up):
    with platform():
        held = InboundEvent.objects.create(
            service="stripe", event_id="evt_1", kind="account.updated", body="{}", body_hash="a" * 64, state="held",
            received_at=timezone.now(), outcome="unknown-account",
        )  # fmt: skip
    assert [one["id"] for one in console.get_("integrations/events").json()["results"]] == [held.reference]
    assert console.send(f"integrations/events/{held.reference}/discard").json()["state"] == "discarded"
    assert console.get_(f"integrations/events/{given_up[0].reference}").status_code == 404, "a school's"


# --- the directory ---------------------------------------------------------------------------------------


def test_a_conflict_is_decided_and_taken_back(boss, reader, world):  # noqa: F811
    world.standard()
    world.run()
    local = somebody("camille@lumiere.example", given_name="Camille")
    twin = world.person(givenName="Camille", surname="Là", mail="camille@lumiere.example")
    world.add(world.g_paris, twin)
    world.run()
    found = reader.get_("directory/conflicts").json()["results"]
    assert [(one["object_id"], one["user_id"], one["reason"]) for one in found] == [
        (twin, str(local.pk), "local-account")
    ]
    assert found[0]["choices"] == ["same", "address", "leave"]
    address = f"directory/conflicts/{twin}/decision"
    assert reader.send(address, {"choice": "leave"}).status_code == 403
    assert fields(boss.send(address, {"choice": "keeps"})) == {"choice"}
    assert fields(boss.send(address, {"choice": "address"})) == {"email"}
    made = boss.send(address, {"choice": "leave"}, **KEY)
    assert made.status_code == 201
    assert boss.send(address, {"choice": "leave"}, **KEY).content == made.content
    assert ConflictDecision.objects.get().choice == "leave" and not boss.get_("directory/conflicts").json()["results"]
    assert [one["email"] for one in reader.get_("directory/conflict-decisions").json()["results"]] == [local.email]
    assert reader.delete_(at(made)).status_code == 403
    assert boss.get_(at(made)).status_code == 200
    assert boss.delete_(at(made)).status_code == boss.delete_(at(made)).status_code == 204
    assert [one["object_id"] for one in boss.get_("directory/conflicts").json()["results"]] == [twin]
    assert (acts("directory.conflict_decided"), acts("directory.conflict_reopened")) == (1, 1)
    settled = boss.send(address, {"choice": "address", "email": "camille.ici@lumiere.example"})
    assert settled.status_code == 201, settled.content
    local.refresh_from_db()
    assert local.email == "camille.ici@lumiere.example"
    assert boss.send("directory/conflicts/nobody/decision", {"choice": "leave"}).status_code == 404


def test_single_people_are_taken_out_of_a_held_run(desk, reader, world):  # noqa: F811
    world.standard(students=20, staff=4)
    world.run()
    world.remove(world.g_paris, *world.students[:7])
    run = world.run()
    address = f"directory/runs/{run.pk}"
    lines = desk.get_(f"{address}/changes?kind=deactivated").json()["results"]
    ids = [one["id"] for one in lines]
    body = {"act": "leave_out", "change_ids": ids[:2]}
    assert reader.send(f"{address}/adjustment", body).status_code == 403
    out = desk.send(f"{address}/adjustment", body, **KEY)
    assert out.json() == {"changes": 2} and desk.send(f"{address}/adjustment", body, **KEY).content == out.content
    assert DirectoryRun.objects.get(pk=run.pk).to_apply == 5 and acts("directory.run_adjusted") == 1
    assert desk.send(f"{address}/adjustment", {"act": "put_back", "change_ids": ids[:1]}).json() == {"changes": 1}
    assert desk.send(f"{address}/adjustment", {"act": "keep_always", "change_ids": ids[2:3]}).json() == {"changes": 1}
    assert desk.send(f"{address}/adjustment", {"act": "leave_out", "change_ids": [2**63 - 1]}).json() == {"changes": 0}
    assert fields(desk.send(f"{address}/adjustment", {"act": "leave_out", "change_ids": []})) == {"change_ids"}
    assert desk.send(f"directory/runs/{uuid4()}/adjustment", body).status_code == 404
    desk.send(f"{address}/refusal")
    assert desk.send(f"{address}/adjustment", body).status_code == 409


def test_a_group_is_looked_up_while_no_transaction_is_open(desk, world, monkeypatch):  # noqa: F811
    """Microsoft may take its time: a key must not hold the school's rows meanwhile, and still does it once."""
    from django.db import connection

    from apps.directory.services import lookups

    group, depth, asked = world.group("Students", world.people(1)), [], lookups.find_group

    def find_group(**given):
        depth.append(len(connection.savepoint_ids) + connection.in_atomic_block)
        return asked(**given)

    monkeypatch.setattr(lookups, "find_group", find_group)
    body = {"group_id": group, "campus_id": str(world.paris.pk)}
    first = desk.send("directory/mappings", body, **KEY)
    again = desk.send("directory/mappings", body, **KEY)
    assert first.status_code == 201 and again.content == first.content and again["Idempotent-Replayed"] == "true"
    assert again["Location"] == first["Location"] and len(depth) == 1
    assert desk.send("directory/mappings", {**body, "role": "staff"}, **KEY).json()["code"] == "idempotency-key-reused"
    desk.send("directory/mappings", body)
    assert depth[0] == depth[1], "the key opens no transaction around it"


# --- plans about people ----------------------------------------------------------------------------------


def test_a_person_is_left_out_of_a_plan(desk, reader):
    import base64

    content = base64.b64encode(b"given_name;family_name;email\nAda;L;ada@lumiere.example\nBo;M;bo@lumiere.example\n")
    file = desk.send("imports/lists", {"name": "people.csv", "content": content.decode()}).json()
    started = desk.send("imports", {"list_id": file["id"], "columns": ["given_name", "family_name", "email"]})
    plan_id, address = started.json()["id"], at(started)
    plans.work_on(run_id=plan_id)
    lines = desk.get_(f"{address}/changes?q=ada").json()["results"]
    assert [one["left_out"] for one in lines] == [False] * len(lines) and lines
    choice = f"{address}/changes/{lines[0]['id']}/choice"
    assert reader.send(choice, {"left_out": True}).status_code == 403
    out = desk.send(choice, {"left_out": True}, **KEY)
    assert out.json()["left_out"] is True and desk.send(choice, {"left_out": True}, **KEY).content == out.content
    assert RosterChange.objects.get(pk=lines[0]["id"]).subject == "" and acts("roster.change_set_aside") == 1
    assert desk.send(choice, {"left_out": False}).json()["left_out"] is False
    assert fields(desk.send(choice, {"left_out": "perhaps"})) == {"left_out"}
    assert desk.send(f"{address}/changes/{2**62}/choice", {"left_out": True}).status_code == 404
    desk.send(f"{address}/refusal")
    assert desk.send(choice, {"left_out": True}).status_code == 409


def test_an_administrator_reads_all_of_it(lumiere):
    """A control for the refusals above: they are about the permission, not about the address."""
    desk = program(lumiere, admin())
    for path in ("integrations/events", "integrations/secrets", "directory/conflicts", "directory/conflict-decisions"):
        assert desk.get_(path).status_code == 200
