"""However many ask and however many workers answer: one run, and its state (security promise D7)."""

import contextvars
import itertools
import threading

import pytest
from django.db import connections
from django.utils import timezone

from apps.campuses.models import MembershipEvent
from apps.directory.models import DirectoryRun
from apps.directory.services import requests, runs
from tests.directory.world import ADMIN, no_sleep


def at_once(count, work):
    """`work` in so many threads, in the same school; their answers. Errors of any are raised."""
    answers, errors, gate = [], [], threading.Barrier(count)

    def one():
        try:
            gate.wait()
            answers.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    contexts = [contextvars.copy_context() for _ in range(count)]
    threads = [threading.Thread(target=context.run, args=(one,)) for context in contexts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return answers


@pytest.mark.slow
def test_twenty_requests_are_one_run(lasting_world):
    lasting_world.standard()
    asked = at_once(20, lambda: requests.request_run(actor=ADMIN, now=timezone.now()).pk)
    assert len(set(asked)) == 1
    assert DirectoryRun.objects.count() == 1


@pytest.mark.slow
def test_twenty_mixed_requests_move_one_run(lasting_world, no_worker):
    """Full, delta, undo and preview at the same moment: one run moves, the others are told; the end is the model."""
    world = lasting_world
    world.standard()
    first = world.run()
    newcomer = world.person(givenName="Ada", surname="Nouvelle")
    world.add(world.g_paris, newcomer)
    asks = itertools.count()

    def ask():
        kind, now = ("full", "delta", "undo", "preview")[next(asks) % 4], timezone.now()
        try:
            if kind == "undo":
                return kind, requests.request_undo(actor=ADMIN, run_id=first.pk, now=now).pk
            options = {"full": {}, "delta": {"delta": True}, "preview": {"preview": True}}[kind]
            return kind, requests.request_run(actor=ADMIN, now=now, **options).pk
        except requests.RunRefused:
            return kind, None

    answers = at_once(20, ask)
    assert len(answers) == 20
    winner = DirectoryRun.objects.get(lane="directory", state="queued")
    preview = DirectoryRun.objects.get(lane="preview", state="queued")
    assert {pk for kind, pk in answers if kind == "preview"} == {preview.pk}
    assert {pk for kind, pk in answers if kind != "preview"} <= {winner.pk, None}
    assert set(DirectoryRun.objects.values_list("pk", flat=True)) == {first.pk, winner.pk, preview.pk}
    assert world.carry_out(preview).state == "done"
    run = world.carry_out(winner)
    run = world.approve(run) if run.state == "held" else run
    assert run.state == "done"
    last = world.run()  # after an undo it asks before it does everything again
    assert (world.approve(last) if last.state == "held" else last).state == "done"
    assert world.places() == world.model()


@pytest.mark.slow
def test_eight_workers_with_one_run_do_it_once(lasting_world):
    world = lasting_world
    world.standard(students=30, staff=10)
    # made without ringing: a worker process of another test may be listening
    run = DirectoryRun.objects.create(tenant_id=world.tid, requested_by="tests", created_at=timezone.now())
    states = at_once(8, lambda: runs.carry_out(run_id=run.pk, make_graph=world.graph, sleep=no_sleep, chunk=3))
    assert [state for state in states if state] == ["done"]
    assert world.places() == world.model()
    assert MembershipEvent.objects.count() == 40


def test_the_database_itself_refuses_a_second_moving_run(world):
    """The control: without the service the constraint still holds."""
    from django.db import IntegrityError, transaction

    world.standard()
    run = world.request()
    twin = DirectoryRun(tenant_id=world.tid, requested_by="somebody", created_at=timezone.now(), kind="delta")
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    assert requests.request_run(actor=ADMIN, now=timezone.now(), delta=True).pk == run.pk
    preview = requests.request_run(actor=ADMIN, now=timezone.now(), preview=True)
    assert preview.pk != run.pk, "a preview has a lane of its own"
    assert requests.request_run(actor=ADMIN, now=timezone.now(), preview=True).pk == preview.pk
