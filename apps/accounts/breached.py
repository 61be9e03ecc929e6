"""Passwords that became known elsewhere, looked up without telling anybody (NIST SP 800-63B, ASVS 6.2).

With BREACHED_PASSWORDS_FILE: the whole list of Have I Been Pwned, "ordered by hash" (docs/passwords.md says how to get
it). Without it, and besides it: Django's list of 20,000 common passwords, also with digits and signs around them, and
the words everybody at the school would try first.
"""

import hashlib
import logging
import mmap
import re
import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.tenants.context import selected

logger = logging.getLogger("campanile.passwords")

HASH_LETTERS = 40  # SHA-1 in hex
AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
LETTERS_OF_ONES_OWN = 6  # besides the words of the place


class BreachedPasswordValidator:
    """Refuses passwords that are known, and says what to do instead. The password leaves this process in no form."""

    def validate(self, password: str, user: object = None) -> None:
        if is_common(password) or in_file(password):
            raise ValidationError(
                _(
                    "This password is known from break-ins at other sites, so it is tried first. Choose one that you "
                    "use nowhere else, for example four words that do not belong together."
                ),
                code="password_breached",
            )
        if is_of_this_place(password):
            raise ValidationError(
                _(
                    "This password is little more than the name of the school or of Campanile, which is tried first. "
                    "Choose words that have nothing to do with it."
                ),
                code="password_of_this_place",
            )

    def get_help_text(self) -> str:
        return _("It may be a sentence, with spaces and any signs; it must not be known from break-ins at other sites.")


# --- the built-in list -----------------------------------------------------------------------------------


def is_common(password: str) -> bool:
    """In Django's list as it is, or without the digits and signs around it."""
    plain = password.casefold().strip()
    return plain in _common() or AROUND.sub("", plain) in _common()


@cache
def _common() -> frozenset[str]:
    # short ones are parts of good passwords: they say nothing about what is 12 letters long
    return frozenset(word for word in CommonPasswordValidator().passwords if len(word) >= 4)


# --- the words of the place ------------------------------------------------------------------------------


def is_of_this_place(password: str) -> bool:
    """Nothing but the school's and the platform's names, years and signs."""
    letters = _letters(password)
    rest = letters
    for word in sorted(_words_of_this_place(), key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != letters and len(rest) < LETTERS_OF_ONES_OWN


def _words_of_this_place() -> set[str]:
    tenancy = selected()
    names = f"campanile {tenancy.name} {tenancy.slug}" if tenancy else "campanile"
    return {word for part in re.split(r"[\W_]+", names) if len(word := _letters(part)) >= 4}


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalpha())


# --- the large list --------------------------------------------------------------------------------------


def in_file(password: str) -> bool:
    """Whether the list that the operator keeps has it; False when there is none, or it cannot be read."""
    path = str(settings.BREACHED_PASSWORDS_FILE or "")
    if not path:
        return False
    wanted = hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper()
    try:
        with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
            return _has_line(lines, wanted.encode())
    except (OSError, ValueError) as fault:  # ValueError: an empty file
        logger.error("the list of breached passwords cannot be read", extra={"fault": type(fault).__name__})
        return False


def _has_line(lines: mmap.mmap, wanted: bytes) -> bool:
    """Binary search over lines "HASH:COUNT" in the order of their hashes: some 35 looks into 40 GB."""
    low, high = 0, len(lines)  # the line is within [low, high); both are at the start of a line or the end
    while low < high:
        middle = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = lines.find(b"\n", middle, high)
        end = high if end < 0 else end + 1
        found = lines[middle : middle + HASH_LETTERS].upper()
        if found == wanted:
            return True
        if found < wanted:
            low = end
        else:
            high = middle
    return False
