"""Below /api/v1/ on every host: the caller's own notifications."""

from django.urls import path

from . import own

urlpatterns = [
    path("notifications", own.notice_list, name="notifications"),
    path("notifications/reading", own.read_all, name="read_all"),
    path("notifications/<uuid:notice_id>/reading", own.reading, name="reading"),
    path("notification-preferences", own.wanted, name="preferences"),
]
