"""Campuses, what belongs to them, and who is there, as programs see and send them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.api.fields import Choice, Flag, Id, Input, Moment, Output, Paging, Text, Whole

from ..models import CampusRole, MembershipSource, MembershipState, Pin


class CampusOut(Output):
    """A site of the school."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    code = serializers.CharField()
    address = serializers.CharField()
    time_zone = serializers.CharField()
    default_role = serializers.ChoiceField(CampusRole.values)
    hue = serializers.IntegerField(allow_null=True)
    created_at = Moment()
    archived_at = Moment(allow_null=True)


class CampusInput(Input):
    name = Text(max_length=120)
    code = Text(max_length=20)
    address = Text(max_length=500, required=False, allow_blank=True)
    time_zone = Text(max_length=40, required=False)
    default_role = Choice(CampusRole.values, required=False)
    hue = Whole(min_value=0, max_value=359, required=False, allow_null=True)


class CampusChange(CampusInput):
    name = Text(max_length=120, required=False)
    code = Text(max_length=20, required=False)


class CampusQuery(Paging):
    archived = Flag(required=False, default=False)


class PlaceOut(Output):
    """A room or another spot of a campus."""

    id = serializers.UUIDField()
    campus_id = serializers.UUIDField()
    name = serializers.CharField()
    capacity = serializers.IntegerField(allow_null=True)


class PlaceInput(Input):
    name = Text(max_length=120)
    capacity = Whole(min_value=0, max_value=1_000_000, required=False, allow_null=True, default=None)


class PlaceChange(Input):
    name = Text(max_length=120, required=False)
    capacity = Whole(min_value=0, max_value=1_000_000, required=False, allow_null=True)


class DomainOut(Output):
    """An e-mail domain whose people may join."""

    id = serializers.UUIDField()
    campus_id = serializers.UUIDField()
    domain = serializers.CharField()
    created_at = Moment()


class DomainInput(Input):
    domain = Text(max_length=253)


class MembershipOut(Output):
    """One person at one campus."""

    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    campus_id = serializers.UUIDField()
    role = serializers.ChoiceField(CampusRole.values)
    state = serializers.ChoiceField(MembershipState.values)
    source: Any = serializers.ChoiceField(MembershipSource.values)
    cause = serializers.CharField(help_text="Why it is in this state.")
    pinned = serializers.CharField(
        help_text="`keep`, `never`, or empty: an exception that outlives every directory run."
    )
    ends_on = serializers.DateField(allow_null=True)
    first_seen_at = Moment()
    last_seen_at = Moment()


class MembershipQuery(Paging):
    campus = Id(required=False)
    user = Id(required=False)
    state = Choice(MembershipState.values, required=False)
    role = Choice(CampusRole.values, required=False)
    source: Any = Choice(MembershipSource.values, required=False)


class MembershipInput(Input):
    campus_id = Id()
    user_id = Id(required=False)
    email = Text(max_length=254, required=False, help_text="Instead of `user_id`.")
    role = Choice(CampusRole.values, required=False, default="", help_text="The campus's default role when left out.")

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if ("user_id" in sent) is ("email" in sent):
            raise serializers.ValidationError({"user_id": _("Send either user_id or email.")})
        return sent


class MembershipChange(Input):
    role = Choice(CampusRole.values, required=False)
    pinned = Choice(Pin.values, required=False, allow_blank=True)
    reason = Text(max_length=500, required=False, default="", allow_blank=True)


class MembershipEventOut(Output):
    """One line of a membership's history."""

    at = Moment()
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    from_role = serializers.CharField()
    to_role = serializers.CharField()
    source: Any = serializers.CharField()
    cause = serializers.CharField()
    actor = serializers.CharField()
