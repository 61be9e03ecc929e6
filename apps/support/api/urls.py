"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import views

app_name = "support_api"
urlpatterns = [
    path("support-grants", views.grants, name="grants"),
    path("support-grants/<uuid:grant_id>", views.grant, name="grant"),
    path("support-grants/<uuid:grant_id>/approval", views.approval, name="grant_approval"),
    path("support-grants/<uuid:grant_id>/refusal", views.refusal, name="grant_refusal"),
]
