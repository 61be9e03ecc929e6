"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import plans, promotions

app_name = "roster_api"
urlpatterns = [
    path("imports/lists", plans.lists, name="lists"),
    path("imports/lists/<uuid:list_id>", plans.one_list, name="list"),
    path("imports", plans.imports, name="imports"),
    path("plans", plans.plans, name="plans"),
    path("plans/<uuid:plan_id>", plans.plan, name="plan"),
    path("plans/<uuid:plan_id>/changes", plans.changes, name="plan_changes"),
    path("plans/<uuid:plan_id>/changes/<int:change_id>/choice", plans.choice, name="plan_change_choice"),
    path("plans/<uuid:plan_id>/failed-rows", plans.failed, name="plan_failed_rows"),
    path("plans/<uuid:plan_id>/cancellation", plans.cancel, name="plan_cancellation"),
    path("plans/<uuid:plan_id>/approval", plans.approve, name="plan_approval"),
    path("plans/<uuid:plan_id>/refusal", plans.refuse, name="plan_refusal"),
    path("plans/<uuid:plan_id>/undo", plans.undo, name="plan_undo"),
    path("promotions", promotions.promotion_list, name="promotions"),
    path("promotions/<uuid:promotion_id>", promotions.promotion, name="promotion"),
    path("promotions/<uuid:promotion_id>/move", promotions.move, name="promotion_move"),
    path("school-years", promotions.turns, name="turns"),
]
