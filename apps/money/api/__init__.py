"""Orders, payments, refunds and the ledger, for programs."""
