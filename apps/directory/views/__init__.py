"""Doors for people, by what they are about."""
