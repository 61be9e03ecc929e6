"""The school's own domains: claim, prove in the DNS, give up."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.campuses.selectors import visible_campuses
from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Id, Input, Moment, Output, Paging, Text
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of_list, page_type
from apps.core.errors import Invalid, NotVisible
from apps.tenants.models import Host
from apps.tenants.permissions import SCHOOL_DOMAINS
from apps.tenants.selectors import own_domains
from apps.tenants.services import domains as services

TAG = "Own domains"


class OwnDomainOut(Output):
    """A domain of the school's own, and the record that proves it."""

    id = serializers.UUIDField()
    domain = serializers.CharField()
    campus_id = serializers.UUIDField(allow_null=True, help_text="The campus it opens; null: the whole school.")
    state = serializers.ChoiceField(Host.State.values)
    record_name = serializers.CharField(help_text="Name of the TXT record to publish.")
    record_value = serializers.CharField(help_text="What it has to say.")
    claimed_at = Moment()
    verified_at = Moment(allow_null=True)
    checked_at = Moment(allow_null=True, help_text="The last check that got an answer.")


class OwnDomainInput(Input):
    domain = Text(max_length=300)
    campus_id = Id(required=False, allow_null=True, default=None, help_text="The campus it opens.")


class OwnDomainsView(ApiView):
    tag = TAG

    @operation("list_own_domains", "Own domains", query=Paging, answer=page_type(OwnDomainOut))
    def get(self, call: Call) -> Any:
        """By name, in whatever state."""
        found = own_domains(actor=call.actor, school_id=call.request.school.pk)
        return page_of_list(found, call.query, lambda one: (one.domain,))

    @operation(
        "claim_own_domain", "Claim a domain", body=OwnDomainInput, answer=OwnDomainOut, status=201,
        example={"domain": "campus.example.org"},
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """Publish the record of the answer in the DNS, then ask for the check."""
        campus_id = call.body["campus_id"]
        if campus_id and not visible_campuses(actor=call.actor).filter(pk=campus_id).exists():
            raise Invalid(fields={"campus_id": [_("There is no such campus.")]})
        made = services.claim_domain(actor=call.actor, school_id=call.request.school.pk, now=call.now, **call.body)
        call.created(reverse("portal_api:own_domain", args=[made.pk]))
        return made


class OwnDomainView(ApiView):
    tag = TAG

    @operation("get_own_domain", "One own domain", answer=OwnDomainOut, versioned=True)
    def get(self, call: Call, domain_id: UUID) -> Any:
        """With the record to publish."""
        return _shown(call, domain_id)

    @operation("remove_own_domain", "Give a domain up", status=204, thing=OwnDomainOut, versioned=True)
    def delete(self, call: Call, domain_id: UUID) -> None:
        """It stops answering at once. One that is gone is a 404."""
        shown = partial(_shown, call, domain_id)
        shown()
        with call.unchanged(shown, shown):
            services.remove_domain(actor=call.actor, school_id=call.request.school.pk, host_id=domain_id)


class CheckView(ApiView):
    tag = TAG
    calls_out = True  # the DNS is asked

    @operation("verify_own_domain", "Check the proof", answer=OwnDomainOut, refusals=(503,))
    def post(self, call: Call, domain_id: UUID) -> Any:
        """The DNS is asked now. `proof-missing` (409): the record is not there yet; `dns-unreachable` (503): no answer,
        and nothing was changed. Of a verified domain it only confirms.
        """
        _shown(call, domain_id)
        return services.verify_domain(
            actor=call.actor, school_id=call.request.school.pk, host_id=domain_id, now=call.now
        )


def _shown(call: Call, domain_id: UUID) -> Host:
    found = own_domains(actor=call.actor, school_id=call.request.school.pk)
    host = next((one for one in found if one.pk == domain_id), None)
    if host is None:
        raise NotVisible
    return host


domain_list = api_requires(SCHOOL_DOMAINS)(OwnDomainsView)
domain = api_requires(SCHOOL_DOMAINS)(OwnDomainView)
check = api_requires(SCHOOL_DOMAINS)(CheckView)
