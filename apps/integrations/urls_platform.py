"""On the platform's host, below /integrations/: its own events, and how all schools' services do."""

from django.urls import path

from apps.core.web import requires

from .permissions import PLATFORM_INTEGRATIONS, PLATFORM_SECRETS
from .urls_both import pages
from .views import overview

app_name = "integrations"
urlpatterns = [
    *pages(PLATFORM_INTEGRATIONS, PLATFORM_INTEGRATIONS, PLATFORM_SECRETS),
    path("schools/", requires(PLATFORM_INTEGRATIONS)(overview.schools), name="schools"),
]
