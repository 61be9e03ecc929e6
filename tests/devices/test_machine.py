"""The state machine: its table, its drawing, and the services against a model of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from apps.accounts.models import Session
from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.devices.machine import SIGNED_IN, TABLE, Event, NotNow, State, drawing, next_state
from apps.devices.models import Device
from apps.devices.selectors import Desk, state_now
from apps.devices.services import desk as services
from apps.devices.services import devices, enrolment
from tests.devices.conftest import PIN, SYSTEM, WRONG, make_device, member

TABLET = replace(Actor.anonymous(), address="192.0.2.7")  # somebody nobody knows yet, from somewhere


def test_the_drawing_in_the_docs_is_the_table():
    assert drawing() in Path("docs/devices.md").read_text()


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("event", list(Event))
def test_what_is_not_in_the_table_is_refused(state, event):
    if (state, event) in TABLE:
        assert next_state(state, event) == TABLE[state, event]
    else:
        with pytest.raises(NotNow):
            next_state(state, event)


def test_the_shape_of_the_table():
    assert {to for (state, event), to in TABLE.items() if to == State.DESK and event == Event.RIGHT} == {State.DESK}
    ways_in = {(state, event) for (state, event), to in TABLE.items() if to == State.DESK and state != State.DESK}
    assert ways_in == {(State.PIN, Event.RIGHT)}, "nobody is at a desk without a PIN"
    from_signed_out = {to for (state, _), to in TABLE.items() if state == State.SIGNED_OUT}
    assert from_signed_out == {State.PICKER, State.WAITING, State.REVOKED}
    assert not [1 for state, _ in TABLE if state == State.REVOKED], "revoked is the end"


def model_of(campus, people):
    """A machine whose rules call the services, and whose model is a state, a person and a clock."""

    class Machine(RuleBasedStateMachine):
        @initialize()
        def begin(self):
            self.now = timezone.now()
            self.device = make_device(campus, name=f"T{Device.objects.count()}")
            self.state, self.who, self.marker, self.code, self.last = State.WAITING, None, "", "", self.now

        def desk(self):
            device = Device.objects.select_related("session", "visit", "picked").get(pk=self.device.pk)
            state = state_now(device, self.now)
            return Desk(device, state, device.picked if state in (State.PIN, State.DESK) else None)

        def expect(self, event, act, who=None):
            """The service does what the table says, or refuses and changes nothing."""
            if (self.state, event) in TABLE:
                act()
                self.state, self.last = TABLE[self.state, event], self.now
                self.who = who if self.state in (State.PIN, State.DESK) else None
            else:
                with pytest.raises(DomainError), transaction.atomic():
                    act()

        @rule(person=st.integers(0, 1))
        def pick(self, person):
            user = people[person]
            act = lambda: services.pick(actor=SYSTEM, desk=self.desk(), person_id=user.pk, now=self.now)  # noqa: E731
            self.expect(Event.PICK, act, user)

        @rule()
        def right(self):
            desk = self.desk()
            enter = {"actor": SYSTEM, "desk": desk, "session": desk.device.session, "pin": PIN, "now": self.now}
            self.expect(Event.RIGHT, lambda: services.enter_pin(**enter), self.who)

        @rule()
        def wrong(self):
            desk = self.desk()
            enter = {"actor": SYSTEM, "desk": desk, "session": desk.device.session, "pin": WRONG, "now": self.now}
            with pytest.raises(DomainError):
                services.enter_pin(**enter)
            if self.state == State.PIN:
                self.last = self.now
                from apps.devices.models import GuessCount

                GuessCount.objects.all().delete()  # the limit has tests of its own

        @rule()
        def leave(self):
            services.done(actor=SYSTEM, desk=self.desk(), now=self.now)
            services.go_back(actor=SYSTEM, desk=self.desk(), now=self.now)
            if self.state in (State.PIN, State.DESK):
                self.state, self.who = State.PICKER, None

        @rule()
        def act(self):
            services.act(self.desk(), self.now)
            if self.state == State.DESK:
                self.last = self.now

        @rule(seconds=st.sampled_from([1, 30, 59, 61]))
        def wait(self, seconds):
            self.now += timedelta(seconds=seconds)
            if self.state in (State.PIN, State.DESK) and self.now >= self.last + timedelta(seconds=60):
                self.state, self.who = State.PICKER, None

        @rule()
        def session_ends_by_itself(self):
            Session.objects.filter(pk=self.desk().device.session_id).end("too-old", self.now)
            if self.state in SIGNED_IN:
                self.state, self.who = State.SIGNED_OUT, None

        @rule()
        def renew(self):
            def act():
                self.code = devices.make_code(actor=SYSTEM, device_id=self.device.pk, now=self.now)

            self.expect(Event.RENEW, act)

        @rule()
        def enrol(self):
            if self.code and self.state == State.WAITING:
                opened = enrolment.enrol(actor=TABLET, code=self.code, user_agent="", now=self.now)
                self.marker, self.code, self.state = opened.marker, "", State.PICKER

        @rule()
        def sign_out(self):
            act = lambda: enrolment.sign_out(actor=SYSTEM, device=self.device, now=self.now)  # noqa: E731
            if self.desk().state == self.state and self.desk().device.state == self.state:
                self.expect(Event.SIGN_OUT, act)

        @rule()
        def reopen(self):
            def act():
                opened = enrolment.reopen(actor=SYSTEM, marker=self.marker, user=people[0], user_agent="", now=self.now)
                self.marker = opened.marker

            self.expect(Event.REOPEN, act)

        @invariant()
        def agrees(self):
            if not hasattr(self, "device"):
                return
            desk = self.desk()
            assert desk.state == self.state
            assert desk.person == self.who
            living = Session.objects.filter(user__in=people, ended_at=None, expires_at__gt=self.now)
            assert living.count() == (1 if self.state == State.DESK else 0), "a visit lives as long as its person"
            Session.objects.exclude(pk__in=[desk.device.session_id, desk.device.visit_id]).filter(
                kind="device", user=None
            ).update(last_seen_at=self.now)

    return Machine


def test_the_services_follow_the_model(lumiere, campus):
    people = [member(campus), member(campus)]
    machine = model_of(campus, people)

    class OneAfterTheOther(machine):
        def teardown(self):
            Device.objects.all().delete()
            Session.objects.all().delete()

    run_state_machine_as_test(
        OneAfterTheOther,
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
