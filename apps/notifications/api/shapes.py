"""Messages, notices and what people want of them, as programs see and send them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.api.fields import Choice, Flag, Input, Moment, Output, Paging, Text

from .. import kinds
from ..models import Channel, CommunicationLog, MailRoute, Preference

TIMINGS = Preference.Timing.values
BELL = [Preference.Timing.NOW.value, Preference.Timing.OFF.value]


class MessageOut(Output):
    """One message, without its text, and what became of it."""

    id = serializers.UUIDField()
    kind = serializers.CharField(source="template")
    way = serializers.ChoiceField(Channel.values, source="channel")
    user_id = serializers.UUIDField(allow_null=True)
    to = serializers.CharField(help_text="Empty for what only stands under the bell.")
    language = serializers.CharField()
    subject = serializers.CharField()
    state = serializers.ChoiceField(CommunicationLog.State.values)
    reason = serializers.CharField(source="error", help_text="The last error, or why it was not sent.")
    attempts = serializers.IntegerField()
    created_at = Moment()
    sent_at = Moment(allow_null=True)
    delivered_at = Moment(allow_null=True)
    bounced_at = Moment(allow_null=True)
    failed_at = Moment(allow_null=True)
    suppressed_at = Moment(allow_null=True)


class MessageQuery(Paging):
    state = Choice(CommunicationLog.State.values, required=False)
    kind = Text(max_length=60, required=False)
    way = Choice(Channel.values, required=False)
    q = Text(max_length=254, required=False, help_text="An address, a part of it or of the subject, or a user id.")


class SuppressedOut(Output):
    """An address that nothing is sent to, because mail came back from it."""

    id = serializers.UUIDField()
    address = serializers.CharField()
    reason = serializers.CharField()
    since = Moment(source="at")


class NoticeOut(Output):
    """What stands under your bell."""

    id = serializers.UUIDField()
    kind = serializers.CharField(source="template")
    subject = serializers.CharField()
    link = serializers.CharField(help_text="A path of this host, or empty.")
    unread = serializers.BooleanField()
    created_at = Moment()
    read_at = Moment(allow_null=True)


class NoticeQuery(Paging):
    unread = Flag(required=False, help_text="Only those that are (not) read.")


class HowManyRead(Output):
    notifications = serializers.IntegerField()


class PreferenceOut(Output):
    """One category of messages, and how you want to hear of it."""

    category = serializers.CharField()
    name = serializers.CharField()
    optional = serializers.BooleanField(help_text="false: always sent at once.")
    email = serializers.ChoiceField(TIMINGS)
    in_app = serializers.ChoiceField(BELL)


class PreferencesOut(Output):
    """What you want to hear of, how and when."""

    categories = PreferenceOut(many=True)


class PreferenceInput(Input):
    category = Text(max_length=40)
    email = Choice(TIMINGS, required=False)
    in_app = Choice(BELL, required=False)

    def validate_category(self, sent: str) -> str:
        if sent not in {category.code for category in kinds.categories() if category.optional}:
            raise serializers.ValidationError(_("This is no category that you may choose about."))
        return sent


class PreferencesChange(Input):
    categories: Any = serializers.ListField(child=PreferenceInput(), max_length=50)


class KindOut(Output):
    """A kind of message."""

    kind = serializers.CharField(source="code")
    name = serializers.CharField()
    category = serializers.CharField(source="category.code")
    adaptable = serializers.BooleanField(help_text="Whether a school may put it into its own words.")


class MessageTextOut(Output):
    """One text in one language: the school's own words, and how it arrives, with invented data."""

    kind = serializers.CharField()
    language = serializers.CharField()
    adaptable = serializers.BooleanField()
    subject = serializers.CharField(help_text="The school's own; empty: ours.")
    intro = serializers.CharField(help_text="The school's own opening lines; empty: none.")
    example_subject = serializers.CharField()
    example_text = serializers.CharField()


class WordsInput(Input):
    subject = Text(max_length=150, required=False, allow_blank=True, help_text="{name} and {school} are filled in.")
    intro = Text(max_length=600, required=False, allow_blank=True)


class MailRouteOut(Output):
    """How the mail of the school leaves."""

    way = serializers.ChoiceField(MailRoute.Way.values)
    mailbox = serializers.CharField()
    fault = serializers.CharField(help_text="Why Microsoft refused last, until it accepts again; or empty.")
    fault_at = Moment(allow_null=True)


class MailRouteChange(Input):
    way = Choice(MailRoute.Way.values, required=False)
    mailbox: Any = serializers.EmailField(max_length=254, required=False, allow_blank=True)
