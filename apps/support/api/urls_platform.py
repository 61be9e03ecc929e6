"""Addresses below /api/v1/ on the platform's host."""

from django.urls import path

from . import views

app_name = "support_api"
urlpatterns = [
    path("support-grants", views.platform_grants, name="grants"),
    path("support-grants/<uuid:grant_id>", views.platform_grant, name="grant"),
]
