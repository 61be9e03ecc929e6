"""On a school's host."""

from django.urls import path

from .views import domains, home, people, search, settings, small

app_name = "portal"
urlpatterns = [
    path("", home.front_page, name="dashboard"),
    path("home/", home.campus_home, name="campus_home"),
    path("people/", people.people_list, name="people"),
    path("people/export.csv", people.people_export, name="people_export"),
    path("people/acts/", people.people_bulk, name="people_bulk"),
    path("people/<uuid:user_id>/", people.person_detail, name="person"),
    path("people/<uuid:user_id>/suspension/", people.person_suspend, name="person_suspend"),
    path("people/<uuid:user_id>/reinstatement/", people.person_reinstate, name="person_reinstate"),
    path("people/<uuid:user_id>/second-step/reset/", people.person_second_factor_reset, name="person_second_factor"),
    path("people/<uuid:user_id>/sessions/end/", people.person_sessions_end, name="person_sessions_end"),
    path("people/<uuid:user_id>/sessions/<uuid:session_id>/end/", people.person_session_end, name="person_session_end"),
    path("search/", search.search_everything, name="search"),
    path("settings/", settings.school_settings, name="settings"),
    path("settings/rules/", settings.rules_change, name="rules_change"),
    path("settings/logo/", settings.logo_change, name="logo_change"),
    path("settings/logo/removal/", settings.logo_remove, name="logo_remove"),
    path("settings/domains/", domains.domain_list, name="domains"),
    path("settings/domains/<uuid:host_id>/check/", domains.domain_check, name="domain_check"),
    path("settings/domains/<uuid:host_id>/removal/", domains.domain_remove, name="domain_remove"),
    path("files/branding/<str:name>", settings.logo, name="logo"),
    path("robots.txt", small.robots, name="robots"),
    path("favicon.ico", small.favicon, name="favicon"),
    path("manifest.webmanifest", small.manifest, name="manifest"),
]
