from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutgoingConfig(AppConfig):
    name = "apps.outgoing"
    label = "outgoing"

    def ready(self) -> None:
        from apps.audit.hooks import recorded
        from apps.core.navigation import NavItem, register
        from apps.core.ui import BAD, GOOD, NEUTRAL, register_status
        from apps.tenants.hooks import school_figures

        from . import records  # noqa: F401  # it declares tables
        from .permissions import WEBHOOKS_VIEW
        from .services import publishing, watching

        recorded.connect(publishing.publish_act)
        school_figures.connect(watching.figures)
        register_status("enabled", GOOD, _("Enabled"))
        register_status("delivered", GOOD, _("Delivered"))
        register_status("dropped", NEUTRAL, _("Dropped"))
        register_status("disabled", BAD, _("Switched off"))
        register(NavItem("control", _("Webhooks sent"), "send", "outgoing:list", WEBHOOKS_VIEW, 62))
