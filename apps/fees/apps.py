from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FeesConfig(AppConfig):
    name = "apps.fees"
    label = "fees"
    verbose_name = _("Membership fees")

    def ready(self) -> None:
        from apps.associations import hooks
        from apps.core.navigation import NavItem, register
        from apps.core.ui import GOOD, INFO, NEUTRAL, register_status
        from apps.money import purposes

        from . import announcements, messages, records  # noqa: F401  # they declare
        from .parts import fees_tab, join_part
        from .permissions import ASSOCIATIONS_VIEW
        from .services.handling import MembershipHandler
        from .services.joining import PURPOSE

        purposes.register(purposes.Purpose(PURPOSE, _("Membership fee"), MembershipHandler()))
        hooks.page_parts.connect(join_part)
        hooks.association_tabs.connect(fees_tab)
        register_status("held", INFO, _("Place held, not paid"))
        register_status("released", NEUTRAL, _("Not paid in time"))
        register_status("in_grace", INFO, pgettext_lazy("fee", "In its days of grace"))
        register_status("valid", GOOD, pgettext_lazy("card", "Valid"))
        register_status("over", NEUTRAL, pgettext_lazy("fee", "Over"))
        register(
            NavItem(
                "community", _("Memberships"), "id-card", "fees:mine", permission=ASSOCIATIONS_VIEW, order=15,
                layout="member",
            )
        )  # fmt: skip
