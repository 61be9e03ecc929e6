"""What the site of an association looks like to programs."""

from rest_framework import serializers

from apps.core.api.fields import Flag, Input, Moment, Output, Text

LANGUAGES = "A text for each language, such as `fr` and `en`; Markdown but for the tagline."


class TextsInput(Input):
    fr = Text(max_length=20_000, required=False, allow_blank=True, default="")
    en = Text(max_length=20_000, required=False, allow_blank=True, default="")


class SiteOut(Output):
    """What a board wrote."""

    association_id = serializers.UUIDField()
    tagline = serializers.DictField(child=serializers.CharField(), help_text=LANGUAGES)
    about = serializers.DictField(child=serializers.CharField(), help_text=LANGUAGES)
    practical = serializers.DictField(child=serializers.CharField(), help_text=LANGUAGES)
    for_members = serializers.DictField(child=serializers.CharField(), help_text="Members and board read it.")
    contact_email = serializers.CharField()
    website = serializers.CharField()
    network = serializers.CharField()
    shows_board = serializers.BooleanField()
    published_at = Moment(allow_null=True)


class SiteChange(Input):
    tagline = TextsInput(required=False)
    about = TextsInput(required=False)
    practical = TextsInput(required=False)
    for_members = TextsInput(required=False)
    contact_email = Text(max_length=254, required=False, allow_blank=True)
    website = Text(max_length=300, required=False, allow_blank=True)
    network = Text(max_length=300, required=False, allow_blank=True)
    shows_board = Flag(required=False)
