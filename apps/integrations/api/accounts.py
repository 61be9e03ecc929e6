"""On the platform: which account at a payment provider belongs to which school (PAY-8)."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row
from apps.core.errors import NotVisible
from apps.tenants.models import ProviderBinding
from apps.tenants.permissions import BIND_ACCOUNTS
from apps.tenants.selectors import bound_accounts
from apps.tenants.services import bindings as services

from .shapes import BindingInput, BindingOut, BindingQuery

TAG = "Integrations"


class BindingsView(ApiView):
    tag = TAG

    @operation("list_provider_accounts", "Accounts of schools", query=BindingQuery, answer=page_type(BindingOut))
    def get(self, call: Call) -> Any:
        """By provider."""
        found = bound_accounts(actor=call.actor, words=call.query["q"])
        return page_of(found, call.query, ("provider", "external_id", "id"))

    @operation(
        "bind_provider_account", "Bind an account to a school", body=BindingInput, answer=BindingOut, status=201,
        refusals=(404,),
        example={
            "provider": "stripe", "account": "acct_1N2b3C4d5E6f", "org_id": "018f3b5e-0000-7000-8000-000000000000"
        },
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """From now on what the provider says of it goes to this school. The same again changes nothing."""
        sent = dict(call.body)
        made = services.bind_account(actor=call.actor, school_id=sent.pop("org_id"), now=call.now, **sent)
        call.created(reverse("integrations_api:provider_account", args=[made.pk]))
        return made


class BindingView(ApiView):
    tag = TAG

    @operation("get_provider_account", "One account", answer=BindingOut, versioned=True)
    def get(self, call: Call, binding_id: UUID) -> Any:
        """And the school it belongs to."""
        return _binding(call, binding_id)

    @operation("release_provider_account", "Release an account", status=204, thing=BindingOut, versioned=True)
    def delete(self, call: Call, binding_id: UUID) -> None:
        """What the provider says of it next goes into quarantine. One that is released is a 404."""
        binding = _binding(call, binding_id)
        with call.unchanged(partial(_binding, call, binding_id), row(ProviderBinding, binding_id)):
            services.release_account(
                actor=call.actor, school_id=binding.school_id, provider=binding.provider, account=binding.external_id,
                is_live=binding.is_live, now=call.now,
            )  # fmt: skip


def _binding(call: Call, binding_id: UUID) -> ProviderBinding:
    found = bound_accounts(actor=call.actor).filter(pk=binding_id).first()
    if found is None:
        raise NotVisible
    return found


accounts = api_requires(BIND_ACCOUNTS)(BindingsView)
account = api_requires(BIND_ACCOUNTS)(BindingView)
