from django.urls import path

from . import views

app_name = "campuses"
urlpatterns = [
    path("campuses/", views.campus_list, name="list"),
    path("campuses/new/", views.campus_create, name="create"),
    path("campuses/<uuid:campus_id>/", views.campus_detail, name="detail"),
    path("campuses/<uuid:campus_id>/edit/", views.campus_edit, name="edit"),
    path("campuses/<uuid:campus_id>/archive/", views.campus_archive, name="archive"),
    path("campuses/<uuid:campus_id>/restoration/", views.campus_restore, name="restore"),
    path("campuses/<uuid:campus_id>/people/", views.member_add, name="member_add"),
    path("campuses/<uuid:campus_id>/people/decision/", views.members_decide, name="members_decide"),
    path("campuses/<uuid:campus_id>/domains/", views.campus_domains, name="domains"),
    path("campuses/<uuid:campus_id>/domains/<uuid:domain_id>/removal/", views.domain_remove, name="domain_remove"),
    path("campuses/<uuid:campus_id>/places/", views.campus_places, name="places"),
    path("campuses/<uuid:campus_id>/places/<uuid:place_id>/", views.place_edit, name="place_edit"),
    path("campuses/<uuid:campus_id>/places/<uuid:place_id>/removal/", views.place_remove, name="place_remove"),
    path("memberships/<uuid:membership_id>/", views.membership_detail, name="membership"),
    path("memberships/<uuid:membership_id>/suspension/", views.membership_act, {"act": "suspension"}, name="suspend"),
    path(
        "memberships/<uuid:membership_id>/restoration/", views.membership_act, {"act": "restoration"}, name="unsuspend"
    ),
    path("memberships/<uuid:membership_id>/end/", views.membership_act, {"act": "end"}, name="end"),
    path("memberships/<uuid:membership_id>/pin/", views.membership_pin, name="pin"),
    path("memberships/<uuid:membership_id>/role/", views.membership_role, name="role"),
]
