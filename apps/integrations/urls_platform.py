"""On the platform's host, below /integrations/: its own events, and how all schools' services do."""

from django.urls import path

from apps.core.web import requires
from apps.tenants.permissions import BIND_ACCOUNTS

from .permissions import PLATFORM_INTEGRATIONS, PLATFORM_SECRETS
from .urls_both import pages
from .views import accounts, overview

binds = requires(BIND_ACCOUNTS)
app_name = "integrations"
urlpatterns = [
    *pages(PLATFORM_INTEGRATIONS, PLATFORM_INTEGRATIONS, PLATFORM_SECRETS),
    path("accounts/", requires(BIND_ACCOUNTS)(accounts.account_list), name="accounts"),
    path("accounts/new/", requires(BIND_ACCOUNTS)(accounts.account_bind), name="account_bind"),
    path(
        "accounts/<uuid:binding_id>/release/", requires(BIND_ACCOUNTS)(accounts.account_release), name="account_release"
    ),
    path("schools/", requires(PLATFORM_INTEGRATIONS)(overview.schools), name="schools"),
]
