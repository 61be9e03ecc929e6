"""Below /api/v1/ on a school's host."""

from django.urls import path

from . import status, urls_both

app_name = "integrations_api"
urlpatterns = [*urls_both.urlpatterns, path("integrations/status", status.status, name="status")]
