"""Doors of the portal, one module for each kind of page."""
