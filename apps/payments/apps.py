from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "apps.payments"
    label = "payments"

    def ready(self) -> None:
        from apps.core.navigation import NavItem, register
        from apps.core.ui import BAD, INFO, NEUTRAL, WARN, register_status
        from apps.integrations import contract
        from apps.integrations.wording import add_words
        from apps.money import providers

        from . import records  # noqa: F401  # declares its table
        from .permissions import PAYMENTS_VIEW
        from .services.accounts import BRIDGE, HELLOASSO, STRIPE
        from .services.events import PAYMENT_SERVICE
        from .services.taking import HelloAssoProvider, StripeProvider
        from .wording import EVENT_DID, EVENT_WOULD

        providers.register(StripeProvider())
        providers.register(HelloAssoProvider())
        contract.register(PAYMENT_SERVICE)
        for provider in (STRIPE, HELLOASSO, BRIDGE):
            contract.register(provider)
        add_words(EVENT_DID, EVENT_WOULD)
        register_status("trialing", INFO, _("Trial"))
        register_status("expired", NEUTRAL, _("Expired"))
        register_status("past_due", BAD, _("Past due"))
        register_status("restricted", WARN, _("Restricted"))
        register_status("rejected", BAD, _("Rejected"))
        register_status("disconnected", NEUTRAL, _("Disconnected"))
        register(NavItem("money", _("Payment accounts"), "landmark", "payments:accounts", PAYMENTS_VIEW, 20))
        register(
            NavItem(
                section="money", label=_("Subscriptions"), icon="receipt-text", url_name="payments:subscriptions",
                permission=PAYMENTS_VIEW, order=10,
            )
        )  # fmt: skip
