"""What money keeps of people (apps.core.records).

Accounts are kept ten years after their year (article L123-22 of the French Code de commerce). Documents and the ledger
are kept by the database itself; an order loses its buyer with an erasure, the receipt that was issued does not.
"""

from django.utils.translation import gettext_lazy as _

from apps.core.records import BLANK, CONTRACT, DUTY, KEEP, WITH_SCHOOL, Party, Record, declare, declare_plain

MONEY = _("Orders and payments")
KEPT_TEN_YEARS = _("Ten years, as the law asks of accounts")
BECAUSE = _("The accounts have to be kept for ten years.")

declare(
    Record(
        "money.Order",
        group=MONEY,
        purpose=_("What you ordered"),
        basis=CONTRACT,
        parties=(Party("buyer", columns=("buyer_name", "buyer_email"), erase=BLANK),),
        plain=("reference", "purpose", "purpose_id", "status", "closed", "currency"),
        withheld=("key",),
        kept=KEPT_TEN_YEARS,
    )
)
declare(
    Record(
        "money.OrderLine",
        group=MONEY,
        purpose=_("Lines of your orders"),
        basis=DUTY,
        parties=(Party("order__buyer_id", erase=KEEP, because=BECAUSE),),
        plain=("text", "tax_text"),
        kept=KEPT_TEN_YEARS,
    )
)
declare(
    Record(
        "money.Payment",
        group=MONEY,
        purpose=_("Payments of your orders"),
        basis=DUTY,
        parties=(Party("order__buyer_id", erase=KEEP, because=BECAUSE),),
        plain=("provider", "account_ref", "provider_id", "state", "reference"),
        withheld=("key", "url"),
        kept=KEPT_TEN_YEARS,
    )
)
declare(
    Record(
        "money.Refund",
        group=MONEY,
        purpose=_("Refunds of your orders"),
        basis=DUTY,
        parties=(Party("order__buyer_id", erase=KEEP, because=BECAUSE),),
        plain=("state", "method", "reason", "provider_id", "fault"),
        kept=KEPT_TEN_YEARS,
    )
)
declare(
    Record(
        "money.Document",
        group=MONEY,
        purpose=_("Receipts and credit notes in your name"),
        basis=DUTY,
        parties=(Party("order__buyer_id", columns=("content",), erase=KEEP, because=BECAUSE),),
        plain=("kind", "key"),
        kept=KEPT_TEN_YEARS,
    )
)
TREASURY_TEXTS = ("holder_kind", "holder_id", "name", "currency", "frozen_because")
declare_plain("money.Treasury", group=MONEY, plain=TREASURY_TEXTS, kept=WITH_SCHOOL)
declare_plain("money.RefundLine", group=MONEY, kept=KEPT_TEN_YEARS)
declare_plain("money.Dispute", group=MONEY, plain=("provider_id", "state"), kept=KEPT_TEN_YEARS)
declare_plain("money.LedgerAccount", group=MONEY, plain=("kind", "qualifier"), kept=KEPT_TEN_YEARS)
declare_plain(
    "money.LedgerTransaction", group=MONEY, plain=("kind", "key", "note", "previous_hash", "hash"), kept=KEPT_TEN_YEARS
)
declare_plain("money.LedgerEntry", group=MONEY, kept=KEPT_TEN_YEARS)
declare_plain("money.LedgerSeal", group=MONEY, plain=("hash", "faults"), kept=KEPT_TEN_YEARS)
declare_plain("money.MoneyAlarm", group=MONEY, plain=("kind", "about"), kept=WITH_SCHOOL)
