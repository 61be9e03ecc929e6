"""What became of an event of the payment service, and what a replay would do (apps.integrations.wording)."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.core.ui import Text

EVENT_DID: Final[Mapping[str, Text]] = {
    "subscription-created": _("created the subscription %(name)s"),
    "subscription-updated": _("changed the subscription %(name)s"),
    "subscription-cancelled": _("cancelled the subscription %(name)s"),
    "payment-noted": _("noted a payment for %(name)s"),
    "failure-noted": _("noted a failed payment for %(name)s"),
    "subscription-unknown": _("the subscription it is about is not known here yet"),
    "belongs-to-somebody-else": _("the subscription belongs to somebody else"),
    "other-currency": _("its currency is not that of the subscription"),
    "account-noted": _("noted the state of the account %(name)s"),
    "payment-settled": _("brought the payment of %(name)s in line with its provider"),
    "payout-noted": _("noted the payout %(name)s"),
    "not-ours": _("it is about nothing that was sold here"),
    "payment-of-another-subscription": _("the payment belongs to another subscription"),
}
EVENT_WOULD: Final[Mapping[str, Text]] = {
    "subscription-created": _("would create the subscription %(name)s"),
    "subscription-updated": _("would change the subscription %(name)s"),
    "subscription-cancelled": _("would cancel the subscription %(name)s"),
    "payment-noted": _("would note a payment for %(name)s"),
    "failure-noted": _("would note a failed payment for %(name)s"),
    "account-noted": _("would note the state of the account %(name)s"),
    "payment-settled": _("would bring the payment of %(name)s in line with its provider"),
    "payout-noted": _("would note the payout %(name)s"),
}
