"""Promotions in the school's order, and the turn of the school year."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.accounts.rules import school_day
from apps.campuses.models import Promotion
from apps.campuses.permissions import CAMPUSES_MANAGE
from apps.campuses.services import promotions as services
from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row

from ..permissions import ROSTER_ROLLOVER, ROSTER_VIEW
from ..selectors import get_promotion, promotions
from ..services import rollover
from .shapes import MoveInput, PlanOut, PromotionChange, PromotionInput, PromotionOut, TurnInput

TAG = "Promotions"
IN_ORDER = ("position", "name", "id")


class PromotionsView(ApiView):
    tag = TAG

    @operation("list_promotions", "Promotions", query=Paging, answer=page_type(PromotionOut))
    def get(self, call: Call) -> Any:
        """In the school's own order."""
        return page_of(promotions(actor=call.actor), call.query, IN_ORDER)

    @operation(
        "create_promotion", "Add a promotion", body=PromotionInput, answer=PromotionOut, status=201,
        example={"name": "Bachelor 1"},
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """At the end of the list; its people stay where they are until you say what happens to them."""
        made = services.create_promotion(actor=call.actor, name=call.body["name"], now=call.now)
        call.created(reverse("roster_api:promotion", args=[made.pk]))
        return get_promotion(actor=call.actor, promotion_id=made.pk)


class PromotionView(ApiView):
    tag = TAG

    @operation("get_promotion", "One promotion", answer=PromotionOut, versioned=True)
    def get(self, call: Call, promotion_id: UUID) -> Any:
        """With what happens to its people at the turn of the school year."""
        return get_promotion(actor=call.actor, promotion_id=promotion_id)

    @operation(
        "update_promotion", "Change a promotion", body=PromotionChange, answer=PromotionOut, versioned=True,
        example={"turn": "leave"},
    )  # fmt: skip
    def patch(self, call: Call, promotion_id: UUID) -> Any:
        """Only the fields that are sent change. `then` is needed with the turn `move`, and goes with every other."""
        shown = partial(get_promotion, actor=call.actor, promotion_id=promotion_id)
        shown()
        with call.unchanged(shown, row(Promotion, promotion_id)):
            known = shown()
            values = {"name": known.name, "turn": known.turn, "then": known.then_id} | call.body
            then_id = values.pop("then")
            services.change_promotion(
                actor=call.actor, promotion_id=promotion_id, then_id=then_id, now=call.now, **values
            )
        return shown()

    @operation(
        "delete_promotion", "Remove a promotion", status=204, thing=PromotionOut, versioned=True, refusals=(409,)
    )
    def delete(self, call: Call, promotion_id: UUID) -> None:
        """One that nobody is in. Who was to move to it stays where they are."""
        shown = partial(get_promotion, actor=call.actor, promotion_id=promotion_id)
        shown()
        with call.unchanged(shown, row(Promotion, promotion_id)):
            services.remove_promotion(actor=call.actor, promotion_id=promotion_id, now=call.now)


class MoveView(ApiView):
    tag = TAG

    @operation(
        "move_promotion", "Move a promotion up or down", body=MoveInput, answer=PromotionOut, example={"to": "up"}
    )
    def post(self, call: Call, promotion_id: UUID) -> Any:
        """It changes places with its neighbour; at the end of the list nothing happens."""
        get_promotion(actor=call.actor, promotion_id=promotion_id)
        up = call.body["to"] == "up"
        services.move_promotion(actor=call.actor, promotion_id=promotion_id, up=up, now=call.now)
        return get_promotion(actor=call.actor, promotion_id=promotion_id)


class TurnsView(ApiView):
    tag = TAG

    @operation(
        "turn_school_year", "Turn the school year", body=TurnInput, answer=PlanOut, status=202,
        example={"year": "2026-2027", "until": "2026-09-30"},
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """The plan is computed and shown first; approve it to apply it. Of each school year there is one."""
        today = school_day(call.now)
        plan = rollover.request_rollover(actor=call.actor, now=call.now, today=today, **call.body)
        call.created(reverse("roster_api:plan", args=[plan.pk]))
        return plan


promotion_list = api_requires(ROSTER_VIEW, post=CAMPUSES_MANAGE)(PromotionsView)
promotion = api_requires(ROSTER_VIEW, patch=CAMPUSES_MANAGE, delete=CAMPUSES_MANAGE)(PromotionView)
move = api_requires(CAMPUSES_MANAGE)(MoveView)
turns = api_requires(ROSTER_ROLLOVER)(TurnsView)
