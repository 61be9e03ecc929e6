"""Names of roles as people read them."""

from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.ui import Text

ROLE_NAMES: dict[str, Text] = {
    Role.OWNER.value: _("Owner"),
    Role.ADMIN.value: _("Administrator"),
    Role.AUDITOR.value: _("Auditor"),
    Role.CAMPUS_MANAGER.value: _("Campus manager"),
    Role.MEMBER.value: _("Member"),
    Role.SUPERADMIN.value: _("Superadmin"),
}
