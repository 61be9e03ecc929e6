"""Subscriptions and accounts at payment providers, for programs."""
