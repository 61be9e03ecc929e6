"""Below /api/v1/ on the platform's host."""

from django.urls import path

from . import providers, status, urls_both

app_name = "integrations_api"
urlpatterns = [
    *urls_both.urlpatterns,
    path("webhooks/stripe", providers.stripe, name="stripe"),
    path("integrations/status", status.platform_status, name="status"),
]
