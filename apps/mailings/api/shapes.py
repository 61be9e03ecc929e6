"""Announcements as programs see and send them."""

from rest_framework import serializers

from apps.core.api.fields import Choice, Flag, Id, Input, Moment, Output, Paging, Text

from ..forms import OUTCOMES
from ..models import LONGEST_BODY, LONGEST_TITLE, Audience, Channels, Recipient, State
from ..selectors import PARTIAL, shown_state

STATES = [*State.values, PARTIAL]


class AnnouncementOut(Output):
    """An announcement of an association. `partial`: sent, and something did not arrive."""

    id = serializers.UUIDField()
    association_id = serializers.UUIDField()
    title_fr = serializers.CharField()
    body_fr = serializers.CharField()
    title_en = serializers.CharField()
    body_en = serializers.CharField()
    audience = serializers.ChoiceField(Audience.values)
    office_id = serializers.UUIDField(allow_null=True)
    channels = serializers.ChoiceField(Channels.values)
    state = serializers.SerializerMethodField()
    author = serializers.CharField()
    created_at = Moment()
    leaves_at = Moment(allow_null=True)
    started_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
    returned_because = serializers.CharField()
    stopped_because = serializers.CharField()
    recipients = serializers.IntegerField(source="total", help_text="Taken when it began to leave.")
    handed = serializers.IntegerField(help_text="People it was handed over to.")

    def get_state(self, row: object) -> str:
        return shown_state(row)


class AnnouncementQuery(Paging):
    state = Choice(STATES, required=False, default="")


class TextsInput(Input):
    title_fr = Text(max_length=LONGEST_TITLE, required=False, allow_blank=True)
    body_fr = Text(max_length=LONGEST_BODY, required=False, allow_blank=True)
    title_en = Text(max_length=LONGEST_TITLE, required=False, allow_blank=True)
    body_en = Text(max_length=LONGEST_BODY, required=False, allow_blank=True)


class AnnouncementInput(TextsInput):
    audience = Choice(Audience.values, required=False)
    office_id = Id(required=False, allow_null=True)
    channels = Choice(Channels.values, required=False)


class LeavingInput(Input):
    leaves_at = serializers.DateTimeField(required=False, allow_null=True, default=None, help_text="Without: now.")


class StopInput(Input):
    reason = Text(max_length=500, required=False, default="", allow_blank=True, help_text="Required of the school.")


class RecipientOut(Output):
    """One person of an announcement, and how far their message has come."""

    user_id = serializers.UUIDField()
    outcome = serializers.ChoiceField(list(OUTCOMES))
    reason = serializers.ChoiceField(["", *Recipient.Reason.values])
    in_app = serializers.SerializerMethodField(help_text="Whether it stands under their bell.")
    at = Moment(allow_null=True)

    def get_in_app(self, row: Recipient) -> bool:
        return row.notice_id is not None


class RecipientQuery(Paging):
    outcome = Choice(list(OUTCOMES), required=False, default="")


class SavedTextOut(Output):
    """A text to begin an announcement with."""

    id = serializers.UUIDField()
    association_id = serializers.UUIDField()
    name = serializers.CharField()
    title_fr = serializers.CharField()
    body_fr = serializers.CharField()
    title_en = serializers.CharField()
    body_en = serializers.CharField()
    saved_at = Moment()


class SavedTextInput(TextsInput):
    name = Text(max_length=80)


class AllowanceOut(Output):
    """What an association may still send today."""

    left = serializers.IntegerField()
    per_day = serializers.IntegerField()
    this_day = serializers.IntegerField()
    per_week = serializers.IntegerField()
    this_week = serializers.IntegerField()
    blocked_until = Moment(allow_null=True)
    blocked_because = serializers.CharField()


class SendingBlock(Input):
    until = serializers.DateTimeField()
    reason = Text(max_length=500)


class AnnouncementTested(Output):
    to = serializers.CharField()


class AnnouncementSubscriptionOut(Output):
    """Whether announcements of an association come to you by mail."""

    association_id = serializers.UUIDField()
    wanted = serializers.BooleanField()


class SubscriptionInput(Input):
    wanted = Flag()
