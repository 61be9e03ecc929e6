"""Below /api/v1/ on a school's host."""

from django.urls import path

from ..permissions import INTEGRATIONS_MANAGE, INTEGRATIONS_SECRETS, INTEGRATIONS_VIEW
from . import status, urls_both
from .events import addresses

app_name = "integrations_api"
urlpatterns = [
    *urls_both.urlpatterns,
    path("integrations/status", status.status, name="status"),
    *addresses(INTEGRATIONS_VIEW, INTEGRATIONS_MANAGE, INTEGRATIONS_SECRETS),
]
