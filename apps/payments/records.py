"""What payments keeps of people (apps.core.records)."""

from django.utils.translation import gettext_lazy as _

from apps.core.records import BLANK, CONTRACT, KEEP, WITH_SCHOOL, Party, Record, declare, declare_plain

declare(
    Record(
        "payments.Subscription",
        group=_("Payments"),
        purpose=_("What you subscribed to, as the payment service told the school"),
        basis=CONTRACT,
        parties=(Party("user", erase=BLANK),),  # the amounts stay, for the accounts
        plain=("external_id", "plan", "status", "said_status", "currency"),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "payments.SubscriptionPayment",
        group=_("Payments"),
        purpose=_("Payments of your subscriptions"),
        basis=CONTRACT,
        parties=(Party("subscription__user_id", erase=KEEP, because=_("The accounts have to be kept.")),),
        plain=("external_id", "currency"),
        kept=WITH_SCHOOL,
    )
)
declare_plain(
    "payments.ProviderAccount",
    group=_("Payments"),
    plain=("provider", "external_id", "name", "state", "problems"),
    kept=WITH_SCHOOL,
)
