from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import declare

ROSTER_VIEW = declare("roster.view", _("See imports, provisioning and school years"), roles={Role.ADMIN, Role.AUDITOR})
ROSTER_IMPORT = declare("roster.import", _("Import people from files, and undo imports"), roles={Role.ADMIN})
ROSTER_PROVISION = declare(
    "roster.provision", _("Map the groups of the identity provider; create and change people through SCIM"),
    roles={Role.ADMIN},
)  # fmt: skip
ROSTER_ROLLOVER = declare("roster.rollover", _("Turn the school year: promotions and alumni"), roles={Role.ADMIN})
