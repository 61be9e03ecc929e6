from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    name = "apps.support"
    label = "support"
    verbose_name = _("Support")

    def ready(self) -> None:
        from apps.core.navigation import NavItem, register
        from apps.core.ui import register_status

        from . import acts, messages, permissions, rules  # noqa: F401  # they declare messages and settings

        register(
            NavItem(
                section="control",
                label=_("Support access"),
                icon="life-buoy",
                url_name="support:school",
                permission=permissions.SUPPORT_VIEW,
                order=70,
            )
        )
        register(
            NavItem(
                section="organisation",
                label=_("Support access"),
                icon="life-buoy",
                url_name="support_platform:list",
                permission=permissions.SUPPORT_ASK,
                order=30,
                layout="platform",
            )
        )
        register_status("waiting", "warn", _("Waiting for the school"))
        register_status("refused", "bad", _("Refused"))
        register_status("lapsed", "neutral", _("Never answered"))
