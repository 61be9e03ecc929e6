"""Webhooks out, for programs."""
