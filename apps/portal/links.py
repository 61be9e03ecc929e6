"""Addresses of pages that may not exist (yet)."""

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: object) -> str:
    """The address of a page, or "" when there is none of this name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
