"""Addresses below /api/v1/ on the platform's host."""

from django.urls import path

from . import orgs

app_name = "tenants_api"
urlpatterns = [
    path("orgs", orgs.orgs, name="orgs"),
    path("orgs/<uuid:org_id>", orgs.org, name="org"),
    path("orgs/<uuid:org_id>/suspension", orgs.suspension, name="org_suspension"),
    path("orgs/<uuid:org_id>/resumption", orgs.resumption, name="org_resumption"),
    path("orgs/<uuid:org_id>/owner-invitation", orgs.owner_invitation, name="org_owner_invitation"),
]
