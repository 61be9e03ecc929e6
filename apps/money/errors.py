"""Refusals of this app that more than one service raises."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError


class Frozen(DomainError):
    code = "treasury-frozen"

    def __init__(self) -> None:
        super().__init__(_("This account is frozen: nothing can be sold, received or given back. Ask your school."))


class NotPayable(DomainError):
    code = "order-not-payable"

    def __init__(self) -> None:
        super().__init__(_("This order takes no payment any more. Make a new one."))


class PaidMeanwhile(DomainError):
    code = "order-paid"

    def __init__(self) -> None:
        super().__init__(_("This order is paid. To give the money back, refund it."))


class RefundedMeanwhile(DomainError):
    code = "refunded-meanwhile"

    def __init__(self) -> None:
        super().__init__(_("Somebody refunded this order meanwhile. Look at what is left, then decide again."))


class TooMuch(DomainError):
    code = "more-than-left"

    def __init__(self) -> None:
        super().__init__(_("That is more than what is left of this order. Enter at most what is left."))


class NotReversible(DomainError):
    code = "not-reversible"

    def __init__(self) -> None:
        super().__init__(
            _("Only a movement between accounts can be reversed here. For a payment, refund the order instead.")
        )


class OtherCurrency(DomainError):
    code = "other-currency"

    def __init__(self) -> None:
        super().__init__(_("The provider tells of another currency than that of the order."))
