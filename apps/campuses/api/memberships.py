"""Who is at which campus, with which role and why."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging, Reason
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row

from ..models import CampusMembership
from ..permissions import CAMPUSES_VIEW, MEMBERSHIPS_MANAGE
from ..selectors import get_membership, history_of, visible_memberships
from ..services import memberships as services
from .shapes import MembershipChange, MembershipEventOut, MembershipInput, MembershipOut, MembershipQuery

TAG = "Memberships"
COLUMNS = {"campus": "campus_id", "user": "user_id", "state": "state", "role": "role", "source": "source"}


class MembershipsView(ApiView):
    tag = TAG

    @operation("list_memberships", "Memberships", query=MembershipQuery, answer=page_type(MembershipOut))
    def get(self, call: Call) -> Any:
        """Of the campuses you see, in the order in which they began; also those that ended."""
        wanted = {column: call.query[name] for name, column in COLUMNS.items() if name in call.query}
        return page_of(visible_memberships(actor=call.actor).filter(**wanted), call.query, ("id",))

    @operation(
        "add_membership",
        "Add somebody to a campus",
        body=MembershipInput,
        answer=MembershipOut,
        status=201,
        refusals=(404,),
        example={"campus_id": "018f3b5e-0000-7000-8000-000000000000", "email": "camille@school.example"},
    )
    def post(self, call: Call) -> Any:
        """Somebody who has an account. Who already is there with this role stays as they are."""
        add: Any = services.add_member_by_address if "email" in call.body else services.add_member
        made = add(actor=call.actor, now=call.now, **call.body)
        call.created(reverse("campuses_api:membership", args=[made.pk]))
        return made


class MembershipView(ApiView):
    tag = TAG

    @operation("get_membership", "One membership", answer=MembershipOut, versioned=True)
    def get(self, call: Call, membership_id: UUID) -> Any:
        """Its history has an address below this one."""
        return get_membership(actor=call.actor, membership_id=membership_id)

    @operation(
        "update_membership",
        "Give another role, or set an exception",
        body=MembershipChange,
        answer=MembershipOut,
        versioned=True,
        refusals=(409,),
        example={"role": "staff"},
    )
    def patch(self, call: Call, membership_id: UUID) -> Any:
        """With another role an administrator answers for the membership: directory runs leave it alone. `pinned`:
        `keep`, `never`, or empty for no exception.
        """
        shown = partial(get_membership, actor=call.actor, membership_id=membership_id)
        shown()
        facts: dict[str, Any] = {"actor": call.actor, "membership_id": membership_id, "now": call.now}
        with call.unchanged(shown, row(CampusMembership, membership_id)):
            if "role" in call.body:
                services.change_role(role=call.body["role"], **facts)
            if "pinned" in call.body:
                services.pin_membership(pin=call.body["pinned"], reason=call.body["reason"], **facts)
        return shown()

    @operation(
        "end_membership",
        "End a membership",
        query=Reason,
        status=204,
        thing=MembershipOut,
        versioned=True,
        refusals=(409,),
    )
    def delete(self, call: Call, membership_id: UUID) -> None:
        """Its rights end at once; directory runs do not bring it back. Twice changes nothing."""
        shown = partial(get_membership, actor=call.actor, membership_id=membership_id)
        shown()
        with call.unchanged(shown, row(CampusMembership, membership_id)):
            services.end_membership(
                actor=call.actor, membership_id=membership_id, now=call.now, reason=call.query["reason"]
            )


class SuspensionView(ApiView):
    tag = TAG

    @operation("suspend_membership", "Suspend a membership", body=Reason, answer=MembershipOut)
    def post(self, call: Call, membership_id: UUID) -> Any:
        """Takes its rights away until it is restored. Twice changes nothing."""
        return _decided(services.suspend_membership, call, membership_id)


class RestorationView(ApiView):
    tag = TAG

    @operation("restore_membership", "Restore a membership", body=Reason, answer=MembershipOut)
    def post(self, call: Call, membership_id: UUID) -> Any:
        """A suspended or ended one is active again. Twice changes nothing."""
        return _decided(services.restore_membership, call, membership_id)


class HistoryView(ApiView):
    tag = TAG

    @operation("list_membership_events", "History of a membership", query=Paging, answer=page_type(MembershipEventOut))
    def get(self, call: Call, membership_id: UUID) -> Any:
        """What changed, why and by whom, the latest first."""
        membership = get_membership(actor=call.actor, membership_id=membership_id)
        return page_of(history_of(membership=membership), call.query, ("-id",))


def _decided(act: Any, call: Call, membership_id: UUID) -> Any:
    get_membership(actor=call.actor, membership_id=membership_id)
    return act(actor=call.actor, membership_id=membership_id, now=call.now, reason=call.body["reason"])


memberships = api_requires(CAMPUSES_VIEW, post=MEMBERSHIPS_MANAGE)(MembershipsView)
membership = api_requires(CAMPUSES_VIEW, patch=MEMBERSHIPS_MANAGE, delete=MEMBERSHIPS_MANAGE)(MembershipView)
suspension = api_requires(MEMBERSHIPS_MANAGE)(SuspensionView)
restoration = api_requires(MEMBERSHIPS_MANAGE)(RestorationView)
history = api_requires(CAMPUSES_VIEW)(HistoryView)
