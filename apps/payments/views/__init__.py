"""Pages of payments: lists, accounts at providers, and paying an order."""
