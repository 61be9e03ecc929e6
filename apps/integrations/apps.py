from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "apps.integrations"
    label = "integrations"

    def ready(self) -> None:
        from apps.core.navigation import NavItem, register
        from apps.core.ui import BAD, GOOD, NEUTRAL, register_status
        from apps.tenants.hooks import school_figures

        from . import records, rules  # noqa: F401  # they declare tables and a setting
        from .permissions import INTEGRATIONS_VIEW, PLATFORM_INTEGRATIONS
        from .services import watching

        school_figures.connect(watching.figures)
        register_status("healthy", GOOD, _("Healthy"))
        register_status("error", BAD, _("In error"))
        register_status("unused", NEUTRAL, _("Not connected"))
        label, icon = _("Connected services"), "plug-zap"
        register(NavItem("control", label, icon, "integrations:overview", INTEGRATIONS_VIEW, 60))
        register(NavItem("control", label, icon, "integrations:overview", PLATFORM_INTEGRATIONS, 60, layout="platform"))
