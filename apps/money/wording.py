"""Money in words: what entries, accounts, faults and alarms are called."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import Text

from . import purposes
from .models import LedgerAccount, MoneyAlarm
from .providers import name_of

KINDS: Final[Mapping[str, Text]] = {
    "payment": gettext_lazy("Payment"),
    "fee": gettext_lazy("Fee of the provider"),
    "application_fee": gettext_lazy("Fee of the school"),
    "refund": gettext_lazy("Refund"),
    "refund_failed": gettext_lazy("Refund came back"),
    "dispute": gettext_lazy("Payment disputed"),
    "dispute_fee": gettext_lazy("Fee of a dispute"),
    "dispute_lost": gettext_lazy("Dispute lost"),
    "dispute_won": gettext_lazy("Dispute won"),
    "payout": gettext_lazy("Paid out to the bank"),
    "payout_failed": gettext_lazy("Payout came back"),
    "moved": gettext_lazy("Moved between accounts"),
    "reversed": gettext_lazy("Correction"),
}
FAULTS: Final[Mapping[str, Text]] = {
    "gap": gettext_lazy("A number is missing before it"),
    "seal": gettext_lazy("Its seal does not fit its content"),
    "balance": gettext_lazy("Its entries do not balance"),
    "rewritten": gettext_lazy("An earlier check saw something else here"),
}
REASONS: Final[Mapping[str, Text]] = {
    "paid-too-late": gettext_lazy("Paid too late: what it was for was gone"),
}


def kind_text(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def account_text(kind: str, qualifier: str = "") -> str:
    label = str(LedgerAccount.Kind(kind).label)
    if not qualifier:
        return label
    named = purposes.label_of(qualifier) if kind in ("income", "refunds") else name_of(qualifier)
    return f"{label} · {named}"


def reason_text(reason: str) -> str:
    return str(REASONS.get(reason, reason))


def fault_text(code: str) -> str:
    kind, _colon, rest = code.partition(":")
    if kind == "differs":
        return _("The account “%(account)s” differs from the payments and refunds") % {"account": account_text(rest)}
    if kind == "order":
        return _("The state of order %(reference)s is not what its payments say") % {"reference": rest}
    return str(FAULTS.get(code, code))


def alarm_title(alarm: MoneyAlarm) -> str:
    if alarm.kind == MoneyAlarm.Kind.REFUND:
        return _("A refund of order %(reference)s does not get through") % {"reference": alarm.about}
    return _("The ledger of %(name)s is not what it was") % {"name": alarm.treasury.name}


def alarm_text(alarm: MoneyAlarm) -> str:
    if alarm.kind == MoneyAlarm.Kind.REFUND:
        return _("The provider has not taken it for an hour. It is tried again; the buyer waits for the money.")
    return _("The nightly check found a difference. Look at the ledger before you book anything else.")
