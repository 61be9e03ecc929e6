"""On the platform's host."""

from django.urls import path

from . import views

app_name = "support_platform"
urlpatterns = [
    path("support/", views.platform_list, name="list"),
    path("support/<uuid:grant_id>/entry/", views.enter, name="enter"),
    path("support/<uuid:grant_id>/end/", views.platform_end, name="end"),
]
