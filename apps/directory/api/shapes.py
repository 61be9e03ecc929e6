"""Mappings, runs, their changes and the schedule, as programs see and send them."""

from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.campuses.models import CampusRole
from apps.core.api.fields import Choice, Flag, Id, Input, Moment, Output, Paging, Text, Whole
from apps.core.plan.states import State

from ..models import ConflictDecision, DirectoryChange, DirectoryRun, DirectorySchedule
from ..selectors import Conflict
from ..services.conflicts import CHOICES

STATES = [state.value for state in State]


class GroupOut(Output):
    """A group of the linked Microsoft organisation."""

    id = serializers.CharField(source="object_id")
    name = serializers.CharField()


class GroupQuery(Input):
    q = Text(max_length=100, required=False, default="", help_text="Part of the name.")


class MappingOut(Output):
    """The people of a Microsoft group belong to a campus, with a role."""

    id = serializers.UUIDField()
    group_id = serializers.CharField()
    group_name = serializers.CharField()
    campus_id = serializers.UUIDField()
    role = serializers.ChoiceField(CampusRole.values)
    transitive = serializers.BooleanField(help_text="With the people of groups inside it.")
    active = serializers.BooleanField()
    people = serializers.IntegerField(allow_null=True, help_text="In the last complete reading.")
    created_at = Moment()


class MappingInput(Input):
    group_id = Text(max_length=64)
    campus_id = Id()
    role = Choice(CampusRole.values, required=False, default=CampusRole.MEMBER.value)
    transitive = Flag(required=False, default=True)


class MappingChange(Input):
    role = Choice(CampusRole.values, required=False)
    transitive = Flag(required=False)
    active = Flag(required=False)


class RunOut(Output):
    """One reading of the directory and what came of it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(DirectoryRun.Kind.values)
    trigger = serializers.ChoiceField(DirectoryRun.Trigger.values)
    state = serializers.ChoiceField(STATES)
    undoes_id = serializers.UUIDField(allow_null=True)
    requested_by = serializers.CharField()
    created_at = Moment()
    started_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
    people_read = serializers.IntegerField()
    to_apply = serializers.IntegerField()
    applied = serializers.IntegerField()
    affected = serializers.IntegerField(help_text="People who lose something.")
    population = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Kind of change to how many.")
    hold_reason = serializers.CharField()
    decided_by = serializers.CharField()
    decided_at = Moment(allow_null=True)
    error_code = serializers.CharField()


class RunInput(Input):
    kind = Choice(["full", "preview"], required=False, default="full", help_text="A preview changes nothing.")


class RunQuery(Paging):
    state = Choice(STATES, required=False)
    kind = Choice(DirectoryRun.Kind.values, required=False)
    trigger = Choice(DirectoryRun.Trigger.values, required=False)


class ChangeOut(Output):
    """One line of a run's plan."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(DirectoryChange.Kind.values)
    reason = serializers.CharField()
    user_id = serializers.UUIDField(allow_null=True)
    campus_id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    email = serializers.CharField()
    before = serializers.DictField()
    after = serializers.DictField()
    overtaken = serializers.BooleanField(help_text="The rows had changed meanwhile: nothing was done.")


class ChangeQuery(Paging):
    kind = Choice(DirectoryChange.Kind.values, required=False, default="")
    reason = Text(max_length=24, required=False, default="")
    campus = Id(required=False)
    q = Text(max_length=100, required=False, default="")


class ScheduleOut(Output):
    """When runs start by themselves."""

    mode = serializers.ChoiceField(DirectorySchedule.Mode.values)
    every_hours = serializers.IntegerField()
    daily_at = serializers.SerializerMethodField(help_text="HH:MM, where the school is.")
    reading = serializers.ChoiceField(DirectorySchedule.Reading.values)
    changed_by = serializers.CharField()

    def get_daily_at(self, schedule: DirectorySchedule) -> str:
        return f"{schedule.daily_at:%H:%M}"


class ScheduleChange(Input):
    mode = Choice(DirectorySchedule.Mode.values, required=False)
    every_hours = Whole(min_value=1, max_value=24, required=False)
    daily_at = Text(max_length=5, required=False, help_text="HH:MM, where the school is.")
    reading = Choice(DirectorySchedule.Reading.values, required=False)

    def validate_daily_at(self, sent: str) -> time:
        return serializers.TimeField(input_formats=["%H:%M"]).to_internal_value(sent)


class ConflictOut(Output):
    """A Microsoft account that a run left out because of its address."""

    object_id = serializers.CharField(help_text="Of the account at Microsoft.")
    email = serializers.CharField()
    name = serializers.CharField()
    upn = serializers.CharField()
    reason = serializers.ChoiceField(list(CHOICES))
    user_id = serializers.UUIDField(source="holder.pk", allow_null=True, default=None, help_text="Who has it here.")
    choices = serializers.SerializerMethodField(help_text="What can be decided.")

    def get_choices(self, conflict: Conflict) -> list[str]:
        return [str(choice) for choice in CHOICES[conflict.reason]]


class DecisionInput(Input):
    choice = Choice(ConflictDecision.Choice.values)
    email = Text(
        max_length=254, required=False, default="", help_text="With `address`: what the person here has from now on."
    )

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if sent["choice"] == ConflictDecision.Choice.ADDRESS and not sent["email"]:
            raise serializers.ValidationError({"email": _("Enter the address that the person here is to have.")})
        return sent


class DecisionOut(Output):
    """What was decided about a Microsoft account and an address."""

    id = serializers.UUIDField()
    object_id = serializers.CharField()
    email = serializers.CharField()
    name = serializers.CharField()
    reason = serializers.CharField()
    choice = serializers.ChoiceField(ConflictDecision.Choice.values)
    decided_by = serializers.CharField()
    decided_at = Moment()


class AdjustmentInput(Input):
    act = Choice(["leave_out", "keep_always", "put_back"])
    change_ids = serializers.ListField(
        child=Whole(min_value=1, max_value=2**63 - 1), min_length=1, max_length=1000, help_text="Lines of the run."
    )


class Adjusted(Output):
    changes = serializers.IntegerField(help_text="How many lines that was.")
