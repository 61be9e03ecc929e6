from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "apps.notifications"
    label = "notifications"

    def ready(self) -> None:
        from apps.core.navigation import NavItem, register
        from apps.core.ui import BAD, GOOD, INFO, WARN, register_status
        from apps.integrations import contract
        from apps.tenants.hooks import school_figures

        from . import messages, records, rules, selectors  # noqa: F401  # they declare messages, tables and settings
        from .models import CommunicationLog
        from .permissions import MESSAGES_VIEW, PLATFORM_MESSAGES
        from .services.events import COMMUNICATION_SERVICE

        contract.register(COMMUNICATION_SERVICE)
        school_figures.connect(selectors.figures)
        for code, tone in {"sent": INFO, "delivered": GOOD, "bounced": BAD, "suppressed": WARN}.items():
            register_status(code, tone, CommunicationLog.State(code).label)
        register(
            NavItem(
                section="control",
                label=_("Messages"),
                icon="mail",
                url_name="notifications:messages",
                permission=MESSAGES_VIEW,
                order=40,
            )
        )
        register(
            NavItem(
                section="control",
                label=_("Messages"),
                icon="mail",
                url_name="notifications:messages",
                permission=PLATFORM_MESSAGES,
                order=40,
                layout="platform",
            )
        )
