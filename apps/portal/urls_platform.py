"""On the platform's host."""

from django.urls import path

from .views import platform, small

app_name = "portal_platform"
urlpatterns = [
    path("", platform.landing, name="landing"),
    path("find/", platform.school_find, name="school_find"),
    path("robots.txt", small.robots, name="robots"),
    path("favicon.ico", small.favicon, name="favicon"),
    path("manifest.webmanifest", small.manifest, name="manifest"),
]
