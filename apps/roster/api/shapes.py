"""Lists of people and the plans that come of them, as programs see and send them."""

import base64
import binascii
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.campuses.models import CampusRole, Promotion
from apps.core.api.fields import Choice, Flag, Id, Input, Moment, Output, Paging, Text
from apps.core.plan.states import State

from ..models import RosterChange, RosterPlan
from ..services.columns import FIELDS

STATES = [state.value for state in State]


class ListOut(Output):
    """An uploaded list: choose what its columns mean, then import it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    header = serializers.ListField(child=serializers.CharField())
    guessed = serializers.ListField(
        child=serializers.CharField(allow_blank=True), help_text="What each column seems to mean; empty: nothing."
    )
    created_at = Moment()


class ListInput(Input):
    name = Text(max_length=200)
    content = Text(max_length=1_000_000, help_text="The file (CSV or XLSX) in base64.")

    def validate_content(self, sent: str) -> bytes:
        try:
            return base64.b64decode(sent, validate=True)
        except (binascii.Error, ValueError):
            raise serializers.ValidationError(_("Send the file in base64.")) from None


class ImportInput(Input):
    list_id = Id()
    columns = serializers.ListField(
        child=Choice(["", *FIELDS], allow_blank=True), max_length=200, help_text="What each column means, in order."
    )
    campus_id = Id(required=False, allow_null=True, default=None, help_text="Where the list names none.")
    role = Choice(CampusRole.values, required=False, default="", help_text="Where the list names none.")
    promotion_id = Id(required=False, allow_null=True, default=None, help_text="Where the list names none.")
    complete = Flag(required=False, default=False, help_text="Who came by a list and is not in this one leaves.")


class PlanOut(Output):
    """What a list, the turn of the year or a provider comes to: shown first, applied when approved."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(RosterPlan.Kind.values)
    label: Any = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    undoes_id = serializers.UUIDField(allow_null=True)
    requested_by = serializers.CharField()
    created_at = Moment()
    started_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
    rows_read = serializers.IntegerField()
    rows = serializers.DictField(child=serializers.IntegerField(), help_text="What becomes of the rows of a file.")
    to_apply = serializers.IntegerField()
    applied = serializers.IntegerField()
    affected = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    hold_reason = serializers.CharField()
    decided_by = serializers.CharField()
    decided_at = Moment(allow_null=True)
    error_code = serializers.CharField()


class PlanQuery(Paging):
    kind = Choice(RosterPlan.Kind.values, required=False, default="")


class ChangeOfPlan(Output):
    """One line of a plan."""

    id = serializers.IntegerField()
    row = serializers.IntegerField(allow_null=True, help_text="Number of the line in the file.")
    kind = serializers.ChoiceField(RosterChange.Kind.values)
    reason = serializers.CharField()
    user_id = serializers.UUIDField(allow_null=True)
    campus_id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    email = serializers.CharField()
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)
    overtaken = serializers.BooleanField()
    left_out = serializers.SerializerMethodField(help_text="Somebody left it out while the plan waited.")

    def get_left_out(self, change: RosterChange) -> bool:
        return bool(change.set_aside)


class PlanChangeQuery(Paging):
    kind = Choice(RosterChange.Kind.values, required=False, default="")
    reason = Text(max_length=40, required=False, default="")
    q = Text(max_length=100, required=False, default="")


class FailedRowOut(Output):
    """A row of a file that was not taken in."""

    row = serializers.IntegerField()
    cells = serializers.ListField(child=serializers.CharField(allow_blank=True))
    faults = serializers.ListField(child=serializers.CharField())


class LeftOut(Input):
    left_out = Flag(help_text="false takes the line in again.")


class PromotionOut(Output):
    """A year of study, and what happens to its people at the turn of the school year."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    position = serializers.IntegerField()
    turn = serializers.ChoiceField(Promotion.Turn.values)
    then = serializers.UUIDField(source="then_id", allow_null=True, help_text="Where they move to.")
    people = serializers.IntegerField(help_text="Students who are in it.")
    created_at = Moment()


class PromotionInput(Input):
    name = Text(max_length=60)


class PromotionChange(Input):
    name = Text(max_length=60, required=False)
    turn = Choice(Promotion.Turn.values, required=False)
    then = Id(required=False, allow_null=True, help_text="The promotion that people move to.")


class MoveInput(Input):
    to = Choice(["up", "down"])


class TurnInput(Input):
    year = Text(max_length=9, help_text="The present school year or the next, such as 2026-2027.")
    until = serializers.DateField(help_text="Leavers keep their access until then, that day included.")
