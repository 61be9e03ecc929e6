from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "apps.audit"
    label = "audit"

    def ready(self) -> None:
        from apps.core.navigation import NavItem, register

        from . import rowchanges
        from .permissions import AUDIT_VIEW

        rowchanges.install()
        register(
            NavItem(
                section="control",
                label=_("Audit trail"),
                icon="scroll-text",
                url_name="audit:event_list",
                permission=AUDIT_VIEW,
                order=20,
                shortcut="a",
            )
        )
