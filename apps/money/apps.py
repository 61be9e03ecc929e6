from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MoneyConfig(AppConfig):
    name = "apps.money"
    label = "money"
    verbose_name = _("Money")

    def ready(self) -> None:
        from apps.core.navigation import NavItem, register
        from apps.core.ui import BAD, GOOD, INFO, NEUTRAL, WARN, register_status

        from . import announcements, purposes, records  # noqa: F401  # they declare events, "other", tables
        from .permissions import MONEY_VIEW

        register_status("awaiting_payment", INFO, _("Awaiting payment"))
        register_status("paid", GOOD, _("Paid"))
        register_status("partially_refunded", WARN, _("Refunded in part"))
        register_status("refunded", NEUTRAL, _("Refunded"))
        register_status("disputed", BAD, _("Disputed"))
        register_status("asked", INFO, pgettext_lazy("refund", "Asked"))
        register_status("succeeded", GOOD, pgettext_lazy("payment", "Received"))
        register_status("started", INFO, pgettext_lazy("payment", "Started"))
        register(NavItem("money", _("Accounts and orders"), "wallet", "money:home", MONEY_VIEW, order=5))
        register(NavItem("money", _("My payments"), "receipt", "money:mine", order=40, layout="member"))
