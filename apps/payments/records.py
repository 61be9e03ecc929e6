"""What payments keeps of people (apps.core.records)."""

from django.utils.translation import gettext_lazy as _

from apps.core.records import BLANK, CONTRACT, KEEP, WITH_SCHOOL, Party, Period, Record, declare, declare_plain

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
declare(
    Record(
        "payments.ConnectFlow",
        group=_("Payments"),
        purpose=_("That you went to a provider to connect an account"),
        basis=CONTRACT,
        parties=(Party("user"),),
        withheld=("state_hash", "verifier"),
        period=Period(days=1, since="ends_at", words=_("After it ended")),
    )
)
for _label, _party, _plain in (
    ("payments.ProviderPayment", "payment__order__buyer_id", ("reference", "asked")),
    ("payments.PayoutPart", "payment__order__buyer_id", ()),
):
    declare(
        Record(
            _label,
            group=_("Payments"),
            purpose=_("How a provider knows your payments"),
            basis=CONTRACT,
            parties=(Party(_party, erase=KEEP, because=_("The accounts have to be kept.")),),
            plain=_plain,
            kept=WITH_SCHOOL,
        )
    )
declare(
    Record(
        "payments.ProviderToken",
        group=_("Payments"),
        withheld=("access_token", "refresh_token"),
        kept=WITH_SCHOOL,
    )
)
declare_plain("payments.PaymentPolicy", group=_("Payments"), plain=("providers",), kept=WITH_SCHOOL)
declare_plain("payments.Payout", group=_("Payments"), plain=("external_id", "currency", "state"), kept=WITH_SCHOOL)
declare_plain("payments.AccountAlarm", group=_("Payments"), plain=("kind",), kept=WITH_SCHOOL)
