"""On an association's own domain."""

from django.urls import path

from .views import public

app_name = "sites"
urlpatterns = [
    path("", public.own_site, name="own"),
    path("robots.txt", public.robots, name="robots"),
]
