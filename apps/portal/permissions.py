"""What the pages that join several apps need beside the permissions of those apps."""

from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import declare

DASHBOARD_VIEW = declare("dashboard.view", _("See the school's statistics"), roles={Role.ADMIN, Role.AUDITOR})
SEARCH_USE = declare(
    "search.use", _("Search people, campuses and pages"), roles={Role.ADMIN, Role.AUDITOR, Role.CAMPUS_MANAGER}
)
