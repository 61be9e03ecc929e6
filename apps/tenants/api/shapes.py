"""A school as programs see it, on its own host and on the platform's."""

from rest_framework import serializers

from apps.core.api.fields import Choice, Input, Moment, Output, Paging, Text

from ..models import School


class Org(Output):
    """An organisation: a school."""

    id = serializers.UUIDField()
    slug = serializers.CharField(help_text="Its short name, the first part of its address.")
    name = serializers.CharField()
    status = serializers.ChoiceField(School.Status.values)
    plan = serializers.CharField()
    language = serializers.CharField(source="locale")
    time_zone = serializers.CharField()
    currency = serializers.CharField()
    hue = serializers.IntegerField(help_text="Its colour, in degrees.")
    created_at = Moment()
    activated_at = Moment(allow_null=True)


class OrgOfPlatform(Org):
    """The same, with what only the platform sees."""

    owner_email = serializers.CharField()
    ready = serializers.BooleanField(help_text="Its tables are complete.")
    suspended_at = Moment(allow_null=True)


class OrgQuery(Paging):
    q = Text(max_length=120, required=False, default="", help_text="Part of the name, short name or owner's address.")
    status = Choice(School.Status.choices, required=False)


class NewOrg(Input):
    slug = Text(max_length=40)
    name = Text(max_length=120)
    owner_email = Text(max_length=254, help_text="Who is invited as the first owner.")
    language = Choice(School.Locale.values, required=False, default=School.Locale.FR.value)
    time_zone = Text(max_length=40, required=False, default="Europe/Paris")
    currency = Text(max_length=3, required=False, default="EUR")
    plan = Text(max_length=30, required=False, default="campus")


class OrgChange(Input):
    name = Text(max_length=120, required=False)
    plan = Text(max_length=30, required=False)
    language = Choice(School.Locale.values, required=False)
    time_zone = Text(max_length=40, required=False)
    currency = Text(max_length=3, required=False)


class Why(Input):
    reason = Text(max_length=500, help_text="The school sees it in its audit trail.")
