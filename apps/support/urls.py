"""On a school's host."""

from django.urls import path

from . import views

app_name = "support"
urlpatterns = [
    path("settings/support/", views.school_list, name="school"),
    path("settings/support/<uuid:grant_id>/approval/", views.approve, name="approve"),
    path("settings/support/<uuid:grant_id>/refusal/", views.refuse, name="refuse"),
    path("settings/support/<uuid:grant_id>/end/", views.end, name="end"),
    path("support/arrive/", views.arrive, name="arrive"),
    path("support/leave/", views.leave, name="leave"),
]
