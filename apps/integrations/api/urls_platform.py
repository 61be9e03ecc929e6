"""Below /api/v1/ on the platform's host."""

from django.urls import path

from ..permissions import PLATFORM_INTEGRATIONS, PLATFORM_SECRETS
from . import accounts, providers, status, urls_both
from .events import addresses

app_name = "integrations_api"
urlpatterns = [
    *urls_both.urlpatterns,
    path("webhooks/stripe", providers.stripe, name="stripe"),
    path("webhooks/bridge", providers.bridge, name="bridge"),
    path("webhooks/helloasso", providers.helloasso, name="helloasso"),
    path("webhooks/helloasso/<str:path_secret>", providers.helloasso_address, name="helloasso_address"),
    path("integrations/status", status.platform_status, name="status"),
    *addresses(PLATFORM_INTEGRATIONS, PLATFORM_INTEGRATIONS, PLATFORM_SECRETS),
    path("integrations/accounts", accounts.accounts, name="provider_accounts"),
    path("integrations/accounts/<uuid:binding_id>", accounts.account, name="provider_account"),
]
