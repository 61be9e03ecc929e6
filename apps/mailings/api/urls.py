"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import announcements as api

app_name = "mailings_api"
OF = "associations/<uuid:association_id>"
ONE = "announcements/<uuid:announcement_id>"
urlpatterns = [
    path("announcements", api.everything, name="everything"),
    path(f"{OF}/announcements", api.announcements, name="announcements"),
    path(f"{OF}/announcement-texts", api.texts, name="texts"),
    path(f"{OF}/announcement-allowance", api.allowance, name="allowance"),
    path(f"{OF}/announcement-block", api.block, name="block"),
    path(f"{OF}/announcement-unblocking", api.unblocking, name="unblocking"),
    path(f"{OF}/announcement-subscription", api.subscription, name="subscription"),
    path("announcement-texts/<uuid:text_id>", api.text, name="text"),
    path(ONE, api.announcement, name="announcement"),
    path(f"{ONE}/test", api.test, name="test"),
    path(f"{ONE}/submission", api.submission, name="submission"),
    path(f"{ONE}/withdrawal", api.withdrawal, name="withdrawal"),
    path(f"{ONE}/stop", api.stop, name="stop"),
    path(f"{ONE}/approval", api.approval, name="approval"),
    path(f"{ONE}/return", api.returning, name="return"),
    path(f"{ONE}/recipients", api.recipients, name="recipients"),
]
