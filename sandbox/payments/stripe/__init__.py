"""Stripe: accounts, payments of connected accounts, and what it tells of them."""

from sandbox.payments.stripe import api, pages
from sandbox.payments.stripe.accounts import STATES, add
from sandbox.payments.stripe.acts import act
from sandbox.payments.stripe.notices import KINDS, deliveries, signed

__all__ = ["KINDS", "STATES", "act", "add", "deliveries", "routes", "signed"]
routes = [*api.routes, *pages.routes]
