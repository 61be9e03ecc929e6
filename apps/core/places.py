"""Where an address is, in words: for people who look whether a session is theirs (IDN-4). Nothing is sent to anybody.

Private addresses have plain words. Towns and countries come from a file in MaxMind's format (GEOIP_DATABASE); without
one nothing is said about public addresses.
"""

import ipaddress
import logging
import os
from functools import lru_cache
from typing import Any

import maxminddb
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

logger = logging.getLogger("campanile.places")


def place_of(address: str | None) -> str:
    """A few words, or "" when nothing is known."""
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    known = getattr(known, "ipv4_mapped", None) or known
    if known.is_loopback:
        return _("this computer")
    if known.is_private or known.is_link_local:
        return _("local network")
    return _from_file(str(known)) if settings.GEOIP_DATABASE else ""


def _from_file(address: str) -> str:
    path = settings.GEOIP_DATABASE
    try:
        found = _reader(path, os.stat(path).st_mtime_ns).get(address)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as fault:
        logger.warning("places are not known", extra={"fault": type(fault).__name__})
        return ""
    if not isinstance(found, dict):
        return ""
    names = [_name(found.get(part)) for part in ("city", "country")]
    return ", ".join(name for name in names if name)


@lru_cache(maxsize=1)
def _reader(path: str, _changed: int) -> maxminddb.Reader:
    """Opened once, and again when the file was replaced."""
    return maxminddb.open_database(path)


def _name(part: Any) -> str:
    """In the language of the page, else in English."""
    names = part.get("names") if isinstance(part, dict) else None
    if not isinstance(names, dict):
        return ""
    return str(names.get((get_language() or "en")[:2]) or names.get("en") or "")
