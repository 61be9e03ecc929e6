"""Credentials of machines: the list, a new one (its secret is answered once), the end of one."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from rest_framework import serializers

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Input, Moment, Output, Paging, Text
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row

from ..models import ServiceCredential
from ..permissions import CREDENTIALS_MANAGE
from ..services import service_credentials as services

TAG = "Credentials of machines"
NEWEST = ("-created_at", "-id")
EXAMPLE = {"name": "timetable", "permissions": ["people.view"], "expires_at": "2027-07-31T22:00:00Z"}


class CredentialOut(Output):
    """What a machine signs in with. Its secret is never shown again."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    hint = serializers.CharField(help_text="How the secret begins.")
    permissions = serializers.ListField(child=serializers.CharField())
    counting = serializers.ListField(
        child=serializers.CharField(), help_text="Those that count now: its maker must hold them."
    )
    created_by = serializers.CharField()
    created_at = Moment()
    expires_at = Moment()
    last_used_at = Moment(allow_null=True)
    revoked_at = Moment(allow_null=True)


class NewCredential(CredentialOut):
    """The only answer that has the secret."""

    secret = serializers.CharField()


class CredentialInput(Input):
    name = Text(max_length=100)
    permissions = serializers.ListField(child=Text(max_length=80), max_length=100)
    expires_at: Any = serializers.DateTimeField(help_text="Within the next twelve months.")


def _shown(credential: Any) -> dict[str, Any]:
    names = (
        "id",
        "name",
        "hint",
        "permissions",
        "created_by",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    return {**{name: getattr(credential, name) for name in names}, "counting": sorted(services.counting(credential))}


def _one(call: Call, credential_id: UUID) -> dict[str, Any]:
    return _shown(services.get_credential(call.actor, credential_id))


class CredentialsView(ApiView):
    tag = TAG

    @operation("list_credentials", "Credentials", query=Paging, answer=page_type(CredentialOut))
    def get(self, call: Call) -> Any:
        """Also the expired and revoked ones, newest first."""
        page = page_of(services.visible_credentials(call.actor), call.query, NEWEST)
        return {**page, "results": [_shown(one) for one in page["results"]]}

    @operation(
        "create_credential",
        "Make a credential",
        body=CredentialInput,
        answer=NewCredential,
        status=201,
        example=EXAMPLE,
    )
    def post(self, call: Call) -> Any:
        """For the whole school, with permissions that you hold yourself and that want no proof of identity. The secret
        is in this answer only.
        """
        made = services.create_credential(actor=call.actor, now=call.now, **call.body)
        call.created(reverse("accounts_api:credential", args=[made.credential.pk]))
        return {**_shown(made.credential), "secret": made.secret}


class CredentialView(ApiView):
    tag = TAG

    @operation("get_credential", "One credential", answer=CredentialOut, versioned=True)
    def get(self, call: Call, credential_id: UUID) -> Any:
        """Without its secret."""
        return _one(call, credential_id)

    @operation("revoke_credential", "Revoke a credential", status=204, thing=CredentialOut, versioned=True)
    def delete(self, call: Call, credential_id: UUID) -> None:
        """Useless from the next request on. Twice changes nothing."""
        shown = partial(_one, call, credential_id)
        shown()
        with call.unchanged(shown, row(ServiceCredential, credential_id)):
            services.revoke_credential(actor=call.actor, credential_id=credential_id, now=call.now)


class AdoptionView(ApiView):
    tag = TAG

    @operation("adopt_credential", "Take a credential over", answer=CredentialOut)
    def post(self, call: Call, credential_id: UUID) -> Any:
        """From now on it stands on your rights instead of its maker's; its secret and its end stay."""
        services.adopt_credential(actor=call.actor, credential_id=credential_id, now=call.now)
        return _shown(services.get_credential(call.actor, credential_id))


credentials = api_requires(CREDENTIALS_MANAGE)(CredentialsView)
credential = api_requires(CREDENTIALS_MANAGE)(CredentialView)
adoption = api_requires(CREDENTIALS_MANAGE)(AdoptionView)
