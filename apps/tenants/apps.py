from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    name = "apps.tenants"
    label = "tenants"
    verbose_name = _("Platform")

    def ready(self) -> None:
        from apps.core.ui import register_status

        from . import contenttypes, guard

        contenttypes.install()
        guard.install()
        register_status("withdrawn", "bad", _("Withdrawn"))
