from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "apps.portal"
    label = "portal"

    def ready(self) -> None:
        from apps.accounts.permissions import PEOPLE_VIEW, SCHOOL_SETTINGS
        from apps.core.navigation import NavItem, register

        from .permissions import DASHBOARD_VIEW

        register(
            NavItem(
                "overview", _("Dashboard"), "layout-dashboard", "portal:dashboard", DASHBOARD_VIEW, 10, shortcut="d"
            )
        )
        register(NavItem("people", _("People"), "users", "portal:people", PEOPLE_VIEW, 10, shortcut="p"))
        register(NavItem("control", _("Settings"), "settings", "portal:settings", SCHOOL_SETTINGS, 80, shortcut="s"))
        register(NavItem("overview", _("Home"), "house", "portal:campus_home", order=10, layout="member"))
        register(NavItem("overview", _("Your account"), "user-round", "accounts:profile", order=90, layout="member"))
