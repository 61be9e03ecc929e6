"""HelloAsso: partners, checkout, orders and payments, and what it tells of them."""

from sandbox.payments.helloasso.api import routes
from sandbox.payments.helloasso.money import act
from sandbox.payments.helloasso.notices import KINDS, add, deliveries, signed

__all__ = ["KINDS", "act", "add", "deliveries", "routes", "signed"]
