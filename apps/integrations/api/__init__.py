"""Doors of machines: webhooks in, and how the integrations are."""
