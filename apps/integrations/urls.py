"""On a school's host, below /integrations/."""

from .permissions import INTEGRATIONS_MANAGE, INTEGRATIONS_SECRETS, INTEGRATIONS_VIEW
from .urls_both import pages

app_name = "integrations"
urlpatterns = pages(INTEGRATIONS_VIEW, INTEGRATIONS_MANAGE, INTEGRATIONS_SECRETS)
