"""The school of this host, as programs see and change it: the same service as the page of settings."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.accounts.permissions import SCHOOL_SETTINGS
from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Choice, Input, Output, Paging, Text, Whole
from apps.core.api.operations import Call, operation
from apps.core.api.paging import envelope, page_type
from apps.core.errors import NotVisible
from apps.tenants import features
from apps.tenants.api.orgs import columns
from apps.tenants.api.shapes import Org
from apps.tenants.models import School
from apps.tenants.services.features import change_rules

from .. import services

TAG = "Organisations"


class OwnOrgChange(Input):
    name = Text(max_length=120, required=False)
    language = Choice(School.Locale.values, required=False)
    time_zone = Text(max_length=40, required=False)
    hue = Whole(min_value=0, max_value=359, required=False)


class OwnOrgsView(ApiView):
    tag = TAG

    @operation("list_orgs", "The school", query=Paging, answer=page_type(Org))
    def get(self, call: Call) -> Any:
        """On a school's host there is one: its own."""
        return envelope([services.own_school(call.request.school.pk)])


class OwnOrgView(ApiView):
    tag = TAG

    @operation("get_org", "The school", answer=Org, versioned=True)
    def get(self, call: Call, org_id: UUID) -> Any:
        """Any other school is not there (404)."""
        return _own(call, org_id)

    @operation("update_org", "Change the school's settings", body=OwnOrgChange, answer=Org, versioned=True)
    def patch(self, call: Call, org_id: UUID) -> Any:
        """Only the fields that are sent change; they hold from the next request on."""
        _own(call, org_id)
        with call.unchanged(lambda: _own(call, org_id), lambda: services.lock_school(org_id)):
            services.change_school(actor=call.actor, school_id=org_id, now=call.now, **columns(call.body))
        return _own(call, org_id)


class RulesOut(Output):
    """What the school decided for itself, by key; a key that is not its own has the default of its plan."""

    values: Any = serializers.DictField()


class RulesChange(Input):
    values: Any = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        help_text="Key to value; null goes back to the default of the plan.",
    )


class RulesView(ApiView):
    tag = TAG

    @operation("get_rules", "The school's own rules", answer=RulesOut, versioned=True)
    def get(self, call: Call, org_id: UUID) -> Any:
        """Those of the page of settings, with what holds now."""
        return _rules(call, org_id)

    @operation(
        "update_rules",
        "Change the school's own rules",
        body=RulesChange,
        answer=RulesOut,
        versioned=True,
        example={"values": {"sessions.idle_minutes": 60}},
    )
    def patch(self, call: Call, org_id: UUID) -> Any:
        """Only the keys that are sent change, all or nothing. Some keys need a permission of their own."""
        _own(call, org_id)
        with call.unchanged(lambda: _rules(call, org_id), lambda: services.lock_school(org_id)):
            change_rules(actor=call.actor, school_id=org_id, values=call.body["values"])
        return _rules(call, org_id)


def _rules(call: Call, org_id: UUID) -> dict[str, Any]:
    school = _own(call, org_id)
    return {"values": {one.key: features.value(one.key, school) for one in features.on_page()}}


def _own(call: Call, org_id: UUID) -> School:
    if org_id != call.request.school.pk:
        raise NotVisible
    return services.own_school(org_id)


orgs = api_requires(SCHOOL_SETTINGS)(OwnOrgsView)
rules = api_requires(SCHOOL_SETTINGS)(RulesView)
org = api_requires(SCHOOL_SETTINGS)(OwnOrgView)
