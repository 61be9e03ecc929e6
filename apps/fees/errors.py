"""Refusals of this app, each with what to do."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError


class SoldOut(DomainError):
    code = "fee-sold-out"

    def __init__(self) -> None:
        super().__init__(_("Every place of this fee is taken. Places that are not paid in time become free again."))


class NotEligible(DomainError):
    """With the reason in its own words."""

    code = "fee-not-eligible"


class Nothing(DomainError):
    code = "no-fee-chosen"

    def __init__(self) -> None:
        super().__init__(_("Choose at least one fee."))


class HasMembers(DomainError):
    code = "fee-has-members"

    def __init__(self) -> None:
        super().__init__(_("Somebody paid this fee already: its period stays as it is. Archive it, and make another."))
