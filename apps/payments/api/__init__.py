"""Payment accounts, paying an order, and subscriptions, for programs."""
