"""Addresses on a school's host and on the platform's."""

from django.urls import path

from .views import own

urlpatterns = [
    path("notifications/", own.centre, name="centre"),
    path("notifications/read/", own.read_all, name="read_all"),
    path("notifications/preferences/", own.preferences_page, name="preferences"),
    path("notifications/<uuid:notice_id>/open/", own.open_notice, name="open"),
]
