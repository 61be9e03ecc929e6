"""On the platform's host."""

from django.urls import path

from . import views

app_name = "ops_platform"
urlpatterns = [
    path("status/", views.status_summary, name="status"),
    path("status/details/", views.platform_status, name="status_details"),
]
