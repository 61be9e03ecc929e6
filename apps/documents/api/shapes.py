"""Documents and looks, as programs see and send them."""

from rest_framework import serializers

from apps.associations.api.shapes import Day
from apps.associations.models import Kind
from apps.core.api.fields import Choice, Flag, Id, Input, Moment, Output, Text, Whole
from apps.money.sight import Level

from ..models import Decision, Renewed
from ..services.sight import USUAL

LEVELS = {level.name.lower(): int(level) for level in Level}


class DocumentKindOut(Output):
    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
    help_text = serializers.CharField()  # type: ignore[assignment]
    is_required = serializers.BooleanField()
    at_request = serializers.BooleanField()
    needed_of = serializers.ListField(child=serializers.ChoiceField(Kind.values))
    renewed = serializers.ChoiceField(Renewed.values)
    due_month = serializers.IntegerField(allow_null=True)
    due_day = serializers.IntegerField(allow_null=True)
    same_is_enough = serializers.BooleanField()
    is_financial = serializers.BooleanField()
    archived_at = Moment(allow_null=True)


class DocumentKindChange(Input):
    name = Text(max_length=120, required=False)
    help_text = Text(max_length=500, required=False, allow_blank=True)  # type: ignore[assignment]
    is_required = Flag(required=False)
    at_request = Flag(required=False)
    needed_of = serializers.ListField(child=Choice(Kind.values), required=False)
    renewed = Choice(Renewed.values, required=False)
    due_month = Whole(min_value=1, max_value=12, required=False, allow_null=True)
    due_day = Whole(min_value=1, max_value=31, required=False, allow_null=True)
    same_is_enough = Flag(required=False)
    is_financial = Flag(required=False)


class DocumentKindInput(DocumentKindChange):
    name = Text(max_length=120)


class Adopted(Output):
    added = serializers.IntegerField()


class DocumentVersionOut(Output):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    filename = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_at = Moment()
    uploaded_by = serializers.CharField()
    decision = serializers.ChoiceField(Decision.values)
    comment = serializers.CharField()
    decided_at = Moment(allow_null=True)
    decided_by = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True)
    same_as_id = serializers.UUIDField(allow_null=True, help_text="Accepted by itself: byte for byte this version.")


class StandingOut(Output):
    title = serializers.CharField()
    state = serializers.ChoiceField(["missing", "expired", *Decision.values])
    is_required = serializers.BooleanField()
    is_overdue = serializers.BooleanField()
    due_on = serializers.DateField(allow_null=True)
    versions = DocumentVersionOut(many=True)


class StandingsOut(Output):
    documents = StandingOut(many=True)


class DocumentAcceptance(Input):
    valid_until = Day(required=False, allow_null=True, help_text="Empty: as its kind says.")


class DocumentComment(Input):
    comment = Text(max_length=1000)


class DocumentsWanted(Input):
    association_ids = serializers.ListField(child=Id(), min_length=1, max_length=200)
    kind_ids = serializers.ListField(child=Id(), required=False, default=list, max_length=100)
    title = Text(max_length=120, required=False, default="", allow_blank=True)
    words = Text(max_length=1000, required=False, default="", allow_blank=True)
    due_on = Day(required=False, allow_null=True, default=None)


class AskedOut(Output):
    asked = serializers.IntegerField()


class SightInput(Input):
    role = Choice([str(role) for role in USUAL])
    level = Choice([*LEVELS])
    with_reason = Choice([*LEVELS])


class SightOut(Output):
    role = serializers.CharField()
    level = serializers.ChoiceField([*LEVELS])
    with_reason = serializers.ChoiceField([*LEVELS])


class SightsOut(Output):
    roles = SightOut(many=True)


class MoneyLookInput(Input):
    level = Choice(["totals", "lines", "documents"])
    reason = Text(max_length=500)


class MoneyLookOut(Output):
    id = serializers.UUIDField()
    reason = serializers.CharField()
    at = Moment()
    until = Moment()
