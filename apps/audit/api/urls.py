"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import views

app_name = "audit_api"
urlpatterns = [
    path("audit-events", views.events, name="events"),
    path("audit-events/<uuid:event_id>", views.event, name="event"),
]
