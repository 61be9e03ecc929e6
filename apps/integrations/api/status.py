"""How the connected services do, for programs (INT-7): of one school, or on the platform of all."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Choice, Moment, Output, Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of
from apps.tenants.models import School

from .. import selectors
from ..models import SchoolState
from ..permissions import INTEGRATIONS_VIEW, PLATFORM_INTEGRATIONS
from ..services import health
from ..wording import advice_text

TAG = "Integrations"


class ServiceStatus(Output):
    """One service. `code` says why it is in this state, `advice` what a person can do about it ("" nothing)."""

    service = serializers.CharField()
    state = serializers.ChoiceField(health.ORDER)
    code = serializers.CharField()
    advice = serializers.SerializerMethodField()
    last_event_id = serializers.CharField(source="figures.last_event_id", help_text='"" before the first event.')
    last_event_at = Moment(source="figures.last_event_at", allow_null=True)
    last_success_at = Moment(source="figures.last_success_at", allow_null=True)
    received = serializers.IntegerField(source="figures.received", help_text="Events of the last 24 hours.")
    error_rate = serializers.FloatField(
        source="figures.error_rate", allow_null=True, help_text="Of those, the share that was given up (0 to 1)."
    )
    waiting = serializers.IntegerField(source="figures.waiting")
    retrying = serializers.IntegerField(source="figures.retrying")
    lag_seconds = serializers.IntegerField(source="figures.lag", help_text="How late the longest waiting event is.")
    dead = serializers.IntegerField(source="figures.dead", help_text="Given up: somebody has to look.")
    conflicts = serializers.IntegerField(source="figures.conflicts", help_text="Sent again with other content.")
    breaker = serializers.ChoiceField(["closed", "open", "half-open"], help_text="Of our calls to the service.")

    def get_advice(self, one: health.Health) -> str:
        return str(one.advice)


class IntegrationStatus(Output):
    """All services together: the state is that of the worst."""

    state = serializers.ChoiceField(health.ORDER)
    checked_at = Moment()
    services = ServiceStatus(many=True)


class ServiceOfSchool(Output):
    service = serializers.CharField()
    state = serializers.ChoiceField(health.ORDER)
    code = serializers.CharField()
    advice = serializers.SerializerMethodField()
    dead = serializers.IntegerField()
    waiting = serializers.IntegerField()
    lag_seconds = serializers.IntegerField(source="lag")

    def get_advice(self, one: dict[str, Any]) -> str:
        return str(advice_text(one["code"], one))


class SchoolStatus(Output):
    """One school, as its services were last looked at from inside (every five minutes)."""

    organization = serializers.CharField(help_text="Its short name.")
    state = serializers.ChoiceField(health.ORDER)
    checked_at = Moment(source="looked_at")
    services = ServiceOfSchool(many=True)


class PlatformIntegrationStatus(IntegrationStatus):
    """The platform's own services, and page by page the schools."""

    results = SchoolStatus(many=True)
    next = serializers.CharField(allow_null=True, help_text="`cursor` of the next page; null at the end.")
    previous = serializers.CharField(allow_null=True, help_text="`cursor` of the page before.")


class StateQuery(Paging):
    state = Choice(health.ORDER, required=False, help_text="Only schools in this state.")


class StatusView(ApiView):
    tag = TAG

    @operation("get_integration_status", "How the connected services do", answer=IntegrationStatus)
    def get(self, call: Call) -> Any:
        """The same that the page of connected services shows."""
        return _own(call)


class PlatformStatusView(ApiView):
    tag = TAG

    @operation(
        "get_integration_status", "How the services of all schools do", query=StateQuery,
        answer=PlatformIntegrationStatus, refusals=[422],
    )  # fmt: skip
    def get(self, call: Call) -> Any:
        """The platform's own services, and those of each school as they were last looked at."""
        states = selectors.school_states(actor=call.actor)
        if state := call.query.get("state"):
            states = states.filter(state=state)
        found = page_of(states, call.query, ["school_id"])
        return {**_own(call), **found, "results": _named(found["results"])}


def _own(call: Call) -> dict[str, Any]:
    found = health.status(actor=call.actor, now=call.now)
    return {"state": health.worst(found), "checked_at": call.now, "services": found}


def _named(rows: Sequence[SchoolState]) -> list[dict[str, Any]]:
    slugs = dict(School.objects.filter(pk__in=[row.school_id for row in rows]).values_list("pk", "slug"))
    return [
        {
            "organization": slugs[row.school_id],
            "state": row.state,
            "looked_at": row.looked_at,
            "services": row.services,
        }
        for row in rows
        if row.school_id in slugs
    ]


status = api_requires(INTEGRATIONS_VIEW)(StatusView)
platform_status = api_requires(PLATFORM_INTEGRATIONS)(PlatformStatusView)
