"""Support access: what a school sees and decides, what superadmins ask for and end."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Choice, Id, Input, Moment, Output, Paging, Reason, Text, Whole
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row
from apps.core.errors import NotVisible
from apps.tenants.context import platform

from .. import selectors
from ..models import SupportGrant
from ..permissions import SUPPORT_ASK, SUPPORT_MANAGE, SUPPORT_VIEW
from ..services import asking, deciding

TAG = "Support access"
COLUMNS = (
    "id", "level", "reason", "minutes", "asked_by", "asked_at", "needs_approval", "decided_by", "starts_at", "ends_at",
    "ended_at", "entered_at",
)  # fmt: skip
STATES = ["waiting", "active", "refused", "ended", "expired", "lapsed"]


class SupportGrantOut(Output):
    """One superadmin may enter one school, to read or to act, for a reason and for a time."""

    id = serializers.UUIDField()
    org_id = serializers.UUIDField()
    level = serializers.ChoiceField(SupportGrant.Level.values)
    state = serializers.ChoiceField(STATES)
    reason = serializers.CharField()
    minutes = serializers.IntegerField()
    asked_by = serializers.CharField()
    asked_at = Moment()
    needs_approval = serializers.BooleanField()
    decided_by = serializers.CharField()
    starts_at = Moment(allow_null=True)
    ends_at = Moment(allow_null=True)
    ended_at = Moment(allow_null=True)
    entered_at = Moment(allow_null=True)


class SupportRequest(Input):
    org_id = Id()
    level = Choice(SupportGrant.Level.values)
    minutes = Whole(min_value=asking.SHORTEST, max_value=asking.LONGEST)
    reason = Text(min_length=10, max_length=500, help_text="The school reads it.")


def _shown(grant: SupportGrant, call: Call) -> dict[str, Any]:
    facts = {name: getattr(grant, name) for name in COLUMNS}
    return {**facts, "org_id": grant.school_id, "state": grant.state(call.now)}


NEWEST = ("-asked_at", "-id")


def _page(rows: QuerySet[SupportGrant], call: Call) -> dict[str, Any]:
    with platform():
        page = page_of(rows, call.query, NEWEST)
    return {**page, "results": [_shown(grant, call) for grant in page["results"]]}


def _one(rows: QuerySet[SupportGrant], grant_id: UUID, call: Call) -> dict[str, Any]:
    with platform():
        found = rows.filter(pk=grant_id).first()
    if found is None:
        raise NotVisible
    return _shown(found, call)


def _lock(grant_id: UUID) -> None:
    with platform():
        row(SupportGrant, grant_id)()


class GrantsView(ApiView):
    tag = TAG

    @operation("list_support_grants", "Support access to this school", query=Paging, answer=page_type(SupportGrantOut))
    def get(self, call: Call) -> Any:
        """The newest first."""
        return _page(selectors.of_school(actor=call.actor), call)


class GrantView(ApiView):
    tag = TAG

    @operation("get_support_grant", "One support access", answer=SupportGrantOut, versioned=True)
    def get(self, call: Call, grant_id: UUID) -> Any:
        """Its acts are in the audit trail."""
        return _one(selectors.of_school(actor=call.actor), grant_id, call)

    @operation(
        "end_support_grant", "End a support access", query=Reason, status=204, thing=SupportGrantOut, versioned=True
    )
    def delete(self, call: Call, grant_id: UUID) -> None:
        """Whoever is inside is out with their next request. Twice changes nothing."""
        shown = partial(_one, selectors.of_school(actor=call.actor), grant_id, call)
        with call.unchanged(shown, partial(_lock, grant_id)):
            deciding.end(actor=call.actor, grant_id=grant_id, reason=call.query["reason"], now=call.now)


class ApprovalView(ApiView):
    tag = TAG

    @operation("approve_support_grant", "Approve a request for support access", answer=SupportGrantOut)
    def post(self, call: Call, grant_id: UUID) -> Any:
        """Its time begins now."""
        return _shown(deciding.decide(actor=call.actor, grant_id=grant_id, approve=True, now=call.now), call)


class RefusalView(ApiView):
    tag = TAG

    @operation("refuse_support_grant", "Refuse a request for support access", answer=SupportGrantOut)
    def post(self, call: Call, grant_id: UUID) -> Any:
        """Nobody gets in by it."""
        return _shown(deciding.decide(actor=call.actor, grant_id=grant_id, approve=False, now=call.now), call)


# --- on the platform ---------------------------------------------------------------------------------------


class PlatformGrantsView(ApiView):
    tag = TAG

    @operation("list_support_grants", "Support access to all schools", query=Paging, answer=page_type(SupportGrantOut))
    def get(self, call: Call) -> Any:
        """The newest first."""
        return _page(selectors.of_platform(actor=call.actor), call)

    @operation(
        "ask_for_support_access",
        "Ask for support access",
        body=SupportRequest,
        answer=SupportGrantOut,
        status=201,
        refusals=(404,),
    )
    def post(self, call: Call) -> Any:
        """It starts at once, unless the school wants to approve it first. The school is told. Entering is for people,
        in a browser.
        """
        sent = dict(call.body)
        return _shown(asking.ask(actor=call.actor, school_id=sent.pop("org_id"), now=call.now, **sent), call)


class PlatformGrantView(ApiView):
    tag = TAG

    @operation("get_support_grant", "One support access", answer=SupportGrantOut, versioned=True)
    def get(self, call: Call, grant_id: UUID) -> Any:
        """Of whatever school."""
        return _one(selectors.of_platform(actor=call.actor), grant_id, call)

    @operation("end_support_grant", "End a support access", status=204, thing=SupportGrantOut, versioned=True)
    def delete(self, call: Call, grant_id: UUID) -> None:
        """Before its time; one that is over stays as it is."""
        shown = partial(_one, selectors.of_platform(actor=call.actor), grant_id, call)
        with call.unchanged(shown, partial(_lock, grant_id)):
            asking.end(actor=call.actor, grant_id=grant_id, now=call.now)


grants = api_requires(SUPPORT_VIEW)(GrantsView)
grant = api_requires(SUPPORT_VIEW, delete=SUPPORT_MANAGE)(GrantView)
approval = api_requires(SUPPORT_MANAGE)(ApprovalView)
refusal = api_requires(SUPPORT_MANAGE)(RefusalView)
platform_grants = api_requires(SUPPORT_ASK)(PlatformGrantsView)
platform_grant = api_requires(SUPPORT_ASK)(PlatformGrantView)
