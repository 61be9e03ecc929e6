"""Stripe, HelloAsso and Bridge: what is at them, what they answer, and the webhooks they send."""
