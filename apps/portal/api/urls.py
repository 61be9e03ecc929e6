"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import domains, orgs, people

app_name = "portal_api"
urlpatterns = [
    path("users", people.users, name="users"),
    path("users/<uuid:user_id>", people.user, name="user"),
    path("users/<uuid:user_id>/suspension", people.suspension, name="user_suspension"),
    path("users/<uuid:user_id>/reinstatement", people.reinstatement, name="user_reinstatement"),
    path("orgs", orgs.orgs, name="orgs"),
    path("orgs/<uuid:org_id>", orgs.org, name="org"),
    path("orgs/<uuid:org_id>/rules", orgs.rules, name="org_rules"),
    path("own-domains", domains.domain_list, name="own_domains"),
    path("own-domains/<uuid:domain_id>", domains.domain, name="own_domain"),
    path("own-domains/<uuid:domain_id>/check", domains.check, name="own_domain_check"),
]
