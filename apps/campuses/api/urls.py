"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import campuses, memberships

app_name = "campuses_api"
urlpatterns = [
    path("campuses", campuses.campuses, name="campuses"),
    path("campuses/<uuid:campus_id>", campuses.campus, name="campus"),
    path("campuses/<uuid:campus_id>/restoration", campuses.restoration, name="campus_restoration"),
    path("campuses/<uuid:campus_id>/places", campuses.places, name="places"),
    path("campuses/<uuid:campus_id>/places/<uuid:place_id>", campuses.place, name="place"),
    path("campuses/<uuid:campus_id>/domains", campuses.domains, name="domains"),
    path("campuses/<uuid:campus_id>/domains/<uuid:domain_id>", campuses.domain, name="domain"),
    path("memberships", memberships.memberships, name="memberships"),
    path("memberships/<uuid:membership_id>", memberships.membership, name="membership"),
    path("memberships/<uuid:membership_id>/suspension", memberships.suspension, name="membership_suspension"),
    path("memberships/<uuid:membership_id>/restoration", memberships.restoration, name="membership_restoration"),
    path("memberships/<uuid:membership_id>/events", memberships.history, name="membership_events"),
]
