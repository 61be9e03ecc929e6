"""Below /api/v1/ on the platform's host."""

from django.urls import path

from . import providers, status, urls_both

app_name = "integrations_api"
urlpatterns = [
    *urls_both.urlpatterns,
    path("webhooks/stripe", providers.stripe, name="stripe"),
    path("webhooks/bridge", providers.bridge, name="bridge"),
    path("webhooks/helloasso", providers.helloasso, name="helloasso"),
    path("webhooks/helloasso/<str:path_secret>", providers.helloasso_address, name="helloasso_address"),
    path("integrations/status", status.platform_status, name="status"),
]
