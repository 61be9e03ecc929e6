"""Payment accounts and paying an order, for programs."""
