"""Mappings, runs, their changes and the schedule, as programs see and send them."""

from datetime import time

from rest_framework import serializers

from apps.campuses.models import CampusRole
from apps.core.api.fields import Choice, Flag, Id, Input, Moment, Output, Paging, Text, Whole
from apps.core.plan.states import State

from ..models import DirectoryChange, DirectoryRun, DirectorySchedule

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
