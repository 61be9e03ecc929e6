"""What orders are for. Whoever sells something registers a purpose; orders know nothing of what they sell.

A handler is told inside the transaction of the change, and may refuse it by raising. It is told the same once. What was
refunded comes as a difference, with the order as it is now.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from django.utils.translation import gettext_lazy as _

from apps.core.ui import Text

from .models import Order

OTHER: Final = "other"


class Handler(Protocol):
    def paid(self, *, order: Order, now: datetime) -> bool:
        """The order is paid. False: what it was for is gone meanwhile (paid too late), so the money goes back."""

    def refunded(self, *, order: Order, amount: int, now: datetime) -> None: ...

    def expired(self, *, order: Order, now: datetime) -> None:
        """Nobody paid in time, or it was cancelled: release what was held."""


class Nothing:
    """A sale or gift that nothing depends on."""

    def paid(self, *, order: Order, now: datetime) -> bool:
        return True

    def refunded(self, *, order: Order, amount: int, now: datetime) -> None:
        return

    def expired(self, *, order: Order, now: datetime) -> None:
        return


@dataclass(frozen=True, slots=True)
class Purpose:
    code: str
    label: Text
    handler: Handler


REGISTRY: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """Registering a code again replaces it (apps may be made ready more than once)."""
    REGISTRY[purpose.code] = purpose


def of(order: Order) -> Purpose:
    """The purpose of an order. One whose app is gone is one that nothing depends on."""
    return REGISTRY.get(order.purpose) or Purpose(order.purpose, order.purpose, Nothing())


def label_of(code: str) -> Text:
    purpose = REGISTRY.get(code)
    return purpose.label if purpose else code


register(Purpose(OTHER, _("Sale or gift"), Nothing()))
