"""Associations and what belongs to them, as programs see and send them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.api.fields import Choice, Flag, Id, Input, Moment, Output, Paging, Text

from ..models import Association, Joining, Kind, MembershipSource, MembershipState, Renewal, Status, Visibility
from ..selectors import today_at
from ..terms import ACTIVE, shown_status

STATUSES = [ACTIVE, *Status.values]


class Day(serializers.DateField):
    """A day as YYYY-MM-DD."""

    default_error_messages = {"wrong_type": "Send a day as YYYY-MM-DD."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("wrong_type")
        return super().to_internal_value(data)


class AssociationOut(Output):
    """An association, or the request for one."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()
    kind = serializers.ChoiceField(Kind.values)
    purpose = serializers.CharField()
    seat_id = serializers.UUIDField(allow_null=True)
    visibility = serializers.ChoiceField(Visibility.values)
    promotion_id = serializers.UUIDField(allow_null=True)
    joining = serializers.ChoiceField(Joining.values)
    rna = serializers.CharField()
    siret = serializers.CharField()
    status = serializers.SerializerMethodField(help_text="`active` follows from the first day of the first board.")
    opens_on = serializers.DateField(allow_null=True)
    frozen_at = Moment(allow_null=True)
    member_count = serializers.IntegerField()

    def get_status(self, row: Association) -> str:
        return shown_status(row.status, row.opens_on, today_at(row, timezone.now()))


class AssociationQuery(Paging):
    q = Text(max_length=100, required=False, default="", allow_blank=True)
    kind = Choice(Kind.values, required=False, default="")
    campus = Text(max_length=20, required=False, default="", help_text="The code of a campus.")


class FounderInput(Input):
    email = Text(max_length=254)
    office = Choice(["president", "treasurer", "secretary"], required=False, default="", allow_blank=True)


class AssociationInput(Input):
    name = Text(max_length=120)
    kind = Choice(Kind.values)
    purpose = Text(max_length=4000)
    seat_id = Id(required=False, allow_null=True)
    visibility = Choice(Visibility.values, required=False)
    promotion_id = Id(required=False, allow_null=True)
    joining = Choice(Joining.values, required=False)
    rna = Text(max_length=20, required=False, allow_blank=True)
    siret = Text(max_length=25, required=False, allow_blank=True)


class RequestInput(AssociationInput):
    founders = FounderInput(many=True, required=False, default=list)


class AssociationChange(AssociationInput):
    name = Text(max_length=120, required=False)
    kind = Choice(Kind.values, required=False)
    purpose = Text(max_length=4000, required=False)


class FoundersInput(Input):
    founders = FounderInput(many=True)


class FounderOut(Output):
    user_id = serializers.UUIDField()
    office = serializers.CharField()
    accepted_at = Moment(allow_null=True)
    declined_at = Moment(allow_null=True)


class RequestOut(AssociationOut):
    """A request for an association, with who asks for it."""

    founders = serializers.SerializerMethodField()

    @extend_schema_field(FounderOut(many=True))
    def get_founders(self, row: Association) -> Any:
        return FounderOut(row.founders.order_by("named_at", "id"), many=True).data


class CheckOut(Output):
    """A rule of the school for associations, worked out now."""

    code = serializers.CharField()
    ok = serializers.BooleanField()
    title = serializers.CharField()
    fault = serializers.CharField()


class ChecksOut(Output):
    sentence = serializers.CharField(help_text="What is missing; empty when nothing is.")
    checks = CheckOut(many=True)


class Answer(Input):
    agree = Flag()


class Words(Input):
    text = Text(max_length=4000)


class Why(Input):
    reason = Text(max_length=500)


class Term(Input):
    starts_on = Day()
    ends_on = Day(help_text="This day is no part of it.")


class Approval(Term):
    text = Text(max_length=4000, required=False, default="", allow_blank=True)


class OfficeOut(Output):
    """A post of a board."""

    id = serializers.UUIDField()
    association_id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField(source="title")
    permissions = serializers.ListField(child=serializers.CharField())
    confirms = serializers.BooleanField(help_text="Its holder confirms the yearly renewal.")
    archived_at = Moment(allow_null=True)


class OfficeInput(Input):
    name = Text(max_length=80)
    permissions = serializers.ListField(child=Text(max_length=80), max_length=100)
    confirms = Flag(required=False, default=False)


class OfficeChange(Input):
    name = Text(max_length=80, required=False)
    permissions = serializers.ListField(child=Text(max_length=80), max_length=100, required=False)
    confirms = Flag(required=False)


class MandateOut(Output):
    """A person in an office, from one day until another, which is no part of it."""

    id = serializers.UUIDField()
    office_id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    named_by = serializers.CharField()
    named_at = Moment()
    ended_because = serializers.CharField()


class MandateInput(Term):
    office_id = Id()
    email = Text(max_length=254)


class MemberOut(Output):
    """Somebody in an association."""

    id = serializers.UUIDField()
    association_id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    state = serializers.ChoiceField(MembershipState.values)
    source: Any = serializers.ChoiceField(MembershipSource.values)
    asked_at = Moment()
    joined_at = Moment(allow_null=True)
    ended_at = Moment(allow_null=True)


class MemberQuery(Paging):
    state = Choice(MembershipState.values, required=False, default=MembershipState.MEMBER)
    q = Text(max_length=100, required=False, default="", allow_blank=True)


class MemberInput(Input):
    email = Text(max_length=254)


class JoinInput(Input):
    words = Text(max_length=500, required=False, default="", allow_blank=True)


class CampaignOut(Output):
    """A renewal campaign."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    deadline = serializers.DateField()
    delisted_on = serializers.DateField()
    started_at = Moment()
    total = serializers.IntegerField()
    settled = serializers.IntegerField()


class CampaignInput(Input):
    name = Text(max_length=60)
    deadline = Day()
    delisted_on = Day(required=False, allow_null=True, default=None)


class RenewalOut(Output):
    """One association in a campaign."""

    id = serializers.UUIDField()
    campaign_id = serializers.UUIDField()
    association_id = serializers.UUIDField()
    settled_at = Moment(allow_null=True)
    how = serializers.ChoiceField(["", *Renewal.How.values])
    reason = serializers.CharField()


class Reminded(Output):
    sent = serializers.IntegerField(help_text="Officers written to now.")
    already = serializers.IntegerField(help_text="Officers written to today already.")


class Told(Output):
    members = serializers.IntegerField()
