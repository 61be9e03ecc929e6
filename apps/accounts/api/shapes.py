"""What the API shows of people, and what it takes. Nothing else of a row leaves: the key sets are in docs/openapi."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.actor import Role
from apps.core.api.fields import Choice, Flag, Id, Input, Moment, Output, Paging, Text

from ..models import PlaceKind, Session, User
from ..services.roles import GRANTABLE

LANGUAGES = [code for code, _name in settings.LANGUAGES]
GIVEN = sorted({*GRANTABLE, Role.CUSTOM})


class Tokens(Output):
    """An access token for a few minutes, and the refresh token that leads to the next pair."""

    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(["Bearer"])
    expires_in = serializers.IntegerField(help_text="Seconds until the access token is over.")
    refresh_token = serializers.CharField(help_text="Good once; used again later it ends the session.")
    refresh_expires_at = Moment()
    session = serializers.UUIDField()


class Person(Output):
    """A person of the school."""

    id = serializers.UUIDField()
    email = serializers.CharField()
    given_name = serializers.CharField()
    family_name = serializers.CharField()
    status = serializers.ChoiceField(User.Status.values)
    language = serializers.CharField(source="locale", help_text="Empty: the school's.")
    department = serializers.CharField()
    job_title = serializers.CharField()
    created_at = Moment()
    last_sign_in_at = Moment(allow_null=True)


class HeldRole(Output):
    """A role held now, and where."""

    role = serializers.ChoiceField([role.value for role in Role])
    name = serializers.CharField(help_text="What people call it.")
    scope_kind = serializers.ChoiceField(PlaceKind.values)
    scope_id = serializers.UUIDField(allow_null=True)
    place = serializers.CharField()


class Me(Output):
    """Who the caller is. A machine has a name and permissions, and nothing of a person."""

    kind = serializers.ChoiceField(["person", "machine"])
    id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    email = serializers.CharField()
    given_name = serializers.CharField()
    family_name = serializers.CharField()
    status = serializers.CharField()
    language = serializers.CharField()
    department = serializers.CharField()
    job_title = serializers.CharField()
    editable = serializers.ListField(
        child=serializers.CharField(), help_text="The fields of the profile that the caller may change."
    )
    roles = HeldRole(many=True)
    permissions = serializers.ListField(
        child=serializers.CharField(), help_text="Held somewhere; each operation decides about its own thing."
    )


class GrantOut(Output):
    """A role that was given."""

    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    role = serializers.CharField()
    custom_role_id = serializers.UUIDField(allow_null=True)
    scope_kind = serializers.ChoiceField(PlaceKind.values)
    scope_id = serializers.UUIDField(allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    granted_by = serializers.CharField()
    granted_at = Moment()


class SessionOut(Output):
    """A browser or program that is signed in."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Session.Kind.values)
    signed_in_by = serializers.CharField()
    address = serializers.CharField(allow_null=True)
    user_agent = serializers.CharField()
    created_at = Moment()
    last_seen_at = Moment()
    expires_at = Moment()


class Ended(Output):
    """How many sessions ended."""

    ended = serializers.IntegerField()


class InvitationOut(Output):
    """An invitation. Its link is in the mail only."""

    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    email = serializers.CharField()
    role = serializers.CharField()
    custom_role_id = serializers.UUIDField(allow_null=True)
    scope_kind = serializers.ChoiceField(PlaceKind.values)
    scope_id = serializers.UUIDField(allow_null=True)
    invited_by = serializers.CharField()
    created_at = Moment()
    sent_at = Moment()
    expires_at = Moment()
    accepted_at = Moment(allow_null=True)
    revoked_at = Moment(allow_null=True)


# --- what is sent ------------------------------------------------------------------------------------------


class Credentials(Input):
    email = Text(max_length=254)
    password = Text(max_length=1000, trim_whitespace=False)
    code = Text(
        max_length=100,
        required=False,
        default="",
        allow_blank=True,
        help_text="A code of the authenticator app, or a recovery code, for whoever has a second factor.",
    )


class Proof(Input):
    password = Text(max_length=1000, trim_whitespace=False, required=False, default="", allow_blank=True)
    code = Text(max_length=100, required=False, default="", allow_blank=True)


class RefreshToken(Input):
    refresh_token = Text(max_length=200)


class AnyToken(Input):
    token = Text(max_length=2000)


class Address(Input):
    email = Text(max_length=254)


class NewPassword(Input):
    uid = Text(max_length=60, help_text="The first part of the mailed link.")
    token = Text(max_length=200, help_text="The second part.")
    password = Text(max_length=1000, trim_whitespace=False)


class OwnPassword(Input):
    current_password = Text(max_length=1000, trim_whitespace=False)
    password = Text(max_length=1000, trim_whitespace=False)


class LinkToken(Input):
    token = Text(max_length=200, help_text="The last part of the mailed link.")


class Acceptance(LinkToken):
    password = Text(max_length=1000, trim_whitespace=False)
    given_name = Text(max_length=100, required=False, allow_blank=True)
    family_name = Text(max_length=100, required=False, allow_blank=True)


class OwnProfile(Input):
    given_name = Text(max_length=100, required=False, allow_blank=True)
    family_name = Text(max_length=100, required=False, allow_blank=True)
    department = Text(max_length=120, required=False, allow_blank=True)
    job_title = Text(max_length=120, required=False, allow_blank=True)
    language = Choice(LANGUAGES, required=False)


class Placed(Input):
    """Where something holds: the whole school, or one place of a kind."""

    scope_kind = Choice(PlaceKind.choices, required=False, default=PlaceKind.SCHOOL.value)
    scope_id = Id(required=False, default=None, allow_null=True)

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if (sent["scope_kind"] == PlaceKind.SCHOOL) is not (sent["scope_id"] is None):
            raise serializers.ValidationError({"scope_id": _("A place that is not the whole school needs its id.")})
        return sent


class WithRole(Placed):
    role = Choice(GIVEN, required=False, default=Role.MEMBER.value)
    custom_role_id = Id(required=False, default=None, allow_null=True, help_text="For the role `custom`.")

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if (sent["role"] == Role.CUSTOM) is (sent["custom_role_id"] is None):
            raise serializers.ValidationError({"custom_role_id": _("The role `custom`, and no other, needs this id.")})
        return super().validate(sent)


class Invite(WithRole):
    email = Text(max_length=254)
    given_name = Text(max_length=100, required=False, default="", allow_blank=True)
    family_name = Text(max_length=100, required=False, default="", allow_blank=True)
    language = Choice(LANGUAGES, required=False, default="")


class Give(WithRole):
    role = Choice(GIVEN)
    starts_on = serializers.DateField(required=False, default=None, allow_null=True)
    ends_on = serializers.DateField(required=False, default=None, allow_null=True)
    note = Text(max_length=200, required=False, default="", allow_blank=True)


class InvitationQuery(Paging):
    state = Choice(["open", "accepted", "revoked"], required=False)


class SessionsQuery(Input):
    keep_current = Flag(required=False, default=False, help_text="Leave the session of this request.")
