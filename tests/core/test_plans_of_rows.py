"""The plan component with an app's two functions: preview, chunks, overtaken lines, read-back, undo."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from apps.core.actor import Actor, Role
from apps.core.permissions import Permission, whole_school
from apps.core.plan import State, Stopped, Threshold, row_work
from apps.core.plan.desk import Desk, PlanRefused
from apps.core.plan.facts import invert
from apps.core.plan.row_work import Draft, RowWork
from apps.core.plan.rows import PlanChange, PlanRun

NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
PERMISSION = Permission("tests.run", "run", frozenset({Role.ADMIN}), whole_school)
ADMIN = Actor.system("tests")


class Shelf:
    """A subject: things in a dictionary instead of a table."""

    irreversible = ""
    whole = False

    def __init__(self, **things):
        self.things = things
        self.held_fast = set()

    def look(self, keys):
        return {key: dict(self.things[key]) for key in keys if key in self.things}

    def make(self, wanted, run, now):
        stays = {one.key: "in-use" for one in wanted if one.key in self.held_fast}
        for one in wanted:
            if one.key in stays:
                continue
            if one.after is None:
                del self.things[one.key]
            else:
                self.things[one.key] = self.things.get(one.key, {}) | dict(one.after)
        return stays


class Plans:
    """An app with two (temporary) tables, one subject and a list of drafts."""

    def __init__(self, run_model, **things):
        self.run_model, self.shelf, self.drafts, self.told = run_model, Shelf(**things), [], []
        outer = self

        class Work(RowWork):
            subjects = {"thing": self.shelf}
            threshold = Threshold(percent=10, count=2)

            def find(self):
                return outer.drafts

            def total(self):
                return 10

        self.work = Work
        self.desk = Desk(
            run_model, permission=PERMISSION, ring=lambda run: None, tell=lambda **told: self.told.append(told["word"])
        )

    def run(self, *drafts, **options):
        self.drafts = drafts
        return self.carry_out(self.run_model.objects.create(requested_by="tests", created_at=NOW), **options)

    def carry_out(self, run, clock=lambda: NOW, chunk=2):
        row_work.carry_out(self.work, self.run_model, run_id=run.pk, clock=clock, chunk=chunk)
        run.refresh_from_db()
        return run

    def undo(self, run, **options):
        undo = self.carry_out(self.desk.request_undo(actor=ADMIN, run_id=run.pk, now=NOW), **options)
        if undo.state == "held":
            self.desk.approve(actor=ADMIN, run_id=undo.pk, now=NOW)
            self.carry_out(undo, **options)
        return undo


@pytest.fixture
def plans(lumiere):
    with isolate_apps("apps.core"):

        class Trial(PlanRun):
            class Meta(PlanRun.Meta):
                app_label = "core"
                db_table = "trial_run"

        class TrialChange(PlanChange):
            run = models.ForeignKey(Trial, models.CASCADE, related_name="changes", db_constraint=False)

            class Meta(PlanChange.Meta):
                app_label = "core"
                db_table = "trial_change"

        with connection.schema_editor(collect_sql=True) as editor:
            for model in (Trial, TrialChange):
                editor.create_model(model)
            statements = [str(line) for line in editor.collected_sql if "FOREIGN KEY" not in str(line)]
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.replace("CREATE TABLE", "CREATE TEMP TABLE"))
        yield lambda **things: Plans(Trial, **things)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE trial_change, trial_run")


def changed(key, before, after, **more):
    kind = "added" if before is None else "removed" if after is None else "updated"
    return Draft(kind, "thing", key, before, after, affects=after is None, **more)


def all_kinds():
    return [
        changed("new", None, {"colour": "red", "size": 1}),
        changed("other", None, {"colour": "blue"}),
        changed("known", {"colour": "red", "size": 2}, {"colour": "green", "size": 3}),
        changed("old", {"colour": "grey"}, None),
        Draft("skipped", reason="no-address", name="Nobody"),
    ]


THINGS = {"known": {"colour": "red", "size": 2, "note": "kept"}, "old": {"colour": "grey"}}


def test_a_plan_is_applied_in_chunks_and_read_back(plans):
    app = plans(**THINGS)
    run = app.run(*all_kinds())
    assert run.state == "done"
    assert app.shelf.things == {
        "new": {"colour": "red", "size": 1}, "other": {"colour": "blue"},
        "known": {"colour": "green", "size": 3, "note": "kept"},
    }  # fmt: skip
    assert run.counts == {"added": 2, "updated": 1, "removed": 1, "skipped": 1}
    assert (run.to_apply, run.applied, run.affected) == (4, 4, 1)


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_an_undo_restores_exactly_what_was_there(plans, chunk):
    app = plans(**THINGS)
    undo = app.undo(app.run(*all_kinds()), chunk=chunk)
    assert undo.state == "done"
    assert app.shelf.things == THINGS
    assert app.told == ["undo_requested", "approved"]


def test_an_undo_leaves_and_lists_what_was_changed_since(plans):
    app = plans(**THINGS)
    run = app.run(*all_kinds())
    app.shelf.things["known"]["colour"] = "violet"
    app.shelf.things["new"]["size"] = 7
    undo = app.undo(run)
    assert app.shelf.things["known"] == {"colour": "violet", "size": 2, "note": "kept"}
    assert app.shelf.things["new"] == {"colour": "red", "size": 7}, "a thing that was made and changed stays whole"
    listed = {(c.key, c.reason) for c in undo.changes.filter(kind="conflict")}
    assert listed == {("known", "changed-since"), ("new", "changed-since")}


def test_what_changes_between_the_list_and_the_approval_is_left(plans):
    app = plans(**THINGS)
    undo = app.carry_out(app.desk.request_undo(actor=ADMIN, run_id=app.run(*all_kinds()).pk, now=NOW))
    assert undo.state == "held" and undo.hold_reason == "undo"
    app.shelf.things["other"]["colour"] = "violet"
    app.shelf.held_fast.add("new")
    app.desk.approve(actor=ADMIN, run_id=undo.pk, now=NOW)
    app.carry_out(undo)
    assert undo.state == "done"
    overtaken = {(c.key, c.reason) for c in undo.changes.filter(overtaken=True)}
    assert overtaken == {("other", "changed-since"), ("new", "in-use")}
    assert set(app.shelf.things) == {"known", "old", "new", "other"}


def test_too_many_affected_wait_for_a_decision(plans):
    things = {f"t{n}": {"a": n} for n in range(5)}
    app = plans(**things)
    run = app.run(*(changed(key, facts, None) for key, facts in things.items()))
    assert (run.state, run.hold_reason, len(app.shelf.things)) == ("held", "threshold", 5)
    app.desk.approve(actor=ADMIN, run_id=run.pk, now=NOW)
    assert app.carry_out(run).state == "done" and not app.shelf.things


def test_a_worker_that_dies_is_followed_by_another(plans):
    app = plans()
    run = app.run_model.objects.create(requested_by="tests", created_at=NOW)
    app.drafts = [changed(f"t{n}", None, {"a": n}) for n in range(9)]

    class Died(BaseException):
        pass

    def clock():
        if app.run_model.objects.get(pk=run.pk).applied >= 4:
            raise Died
        return NOW

    with pytest.raises(Died):
        app.carry_out(run, clock=clock)
    assert 0 < len(app.shelf.things) < 9
    assert app.carry_out(run) and app.run_model.objects.get(pk=run.pk).state == "applying", "the lease still holds"
    app.carry_out(run, clock=lambda: NOW + timedelta(minutes=2))
    run.refresh_from_db()
    assert (run.state, run.attempts, len(app.shelf.things)) == ("done", 2, 9)


def test_a_read_back_that_fails_is_not_shown_green(plans):
    app = plans()
    app.shelf.make = lambda wanted, run, now: {}  # says it did, and did not
    run = app.run(changed("a", None, {"b": 1}))
    assert (run.state, run.error_code) == ("partial", "not-confirmed")


def test_what_cannot_be_taken_back_says_so(plans):
    app = plans(old={"a": 1})
    run = app.run(changed("old", {"a": 1}, None))
    app.desk._fixed = lambda run: "Purged data is gone for good."
    with pytest.raises(PlanRefused, match="gone for good"):
        app.desk.request_undo(actor=ADMIN, run_id=run.pk, now=NOW)
    app.desk._fixed = lambda run: ""
    app.shelf.irreversible = "gone"
    undo = app.undo(run)
    assert undo.state == "done" and undo.to_apply == 0
    assert [c.reason for c in undo.changes.all()] == ["irreversible"]


def test_a_lease_that_was_lost_writes_nothing(plans):
    app = plans()
    run = app.run_model.objects.create(requested_by="tests", created_at=NOW)
    frozen = row_work.claim(app.run_model, run.pk, lambda: NOW)
    app.carry_out(run, clock=lambda: NOW + timedelta(minutes=2))
    with pytest.raises(Stopped):
        frozen.write(applied=9)
    assert State(run.state) is State.DONE


@pytest.mark.parametrize(
    ("before", "after", "now", "take_back", "since"),
    [
        ({"a": 1}, {"a": 2}, {"a": 2}, True, {}),
        ({"a": 1}, {"a": 2}, {"a": 1}, False, {}),
        ({"a": 1}, {"a": 2}, {"a": 3}, False, {"a": 3}),
        ({"a": 1, "b": 1}, {"a": 2, "b": 2}, {"a": 2, "b": 3}, True, {"b": 3}),
        ({"a": 1, "b": 1}, {"a": 2, "b": 2}, {"a": 1, "b": 2}, True, {}),
        (None, {"a": 1}, None, False, {}),
        (None, {"a": 1}, {"a": 1}, True, {}),
        (None, {"a": 1}, {"a": 2}, False, {"a": 2}),
        ({"a": 1}, None, None, True, {}),
        ({"a": 1}, None, {"a": 9}, False, {"a": 9}),
        ({"a": 1}, {"a": 2}, None, False, {"a": None}),
    ],
)
def test_the_inverse_of_a_change(before, after, now, take_back, since):
    inverse = invert(before, after, now)
    assert (inverse.take_back, dict(inverse.changed_since)) == (take_back, since)


def test_facts_that_belong_together_stay_together():
    inverse = invert({"a": 1, "b": 1}, {"a": 2, "b": 2}, {"a": 2, "b": 3}, whole=True)
    assert not inverse.take_back and inverse.changed_since == {"a": 2, "b": 3}
