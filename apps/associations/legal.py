"""Numbers that the French state gives to associations."""

import re
from typing import Final

from django.utils.translation import gettext as _

RNA: Final = re.compile(r"W[0-9A-Z]\d{8}")
POSTAL_SERVICE: Final = "356000000"  # its many offices have numbers with a check sum of their own


def normal(number: str) -> str:
    """Without the spaces and dots that people write into it."""
    return re.sub(r"[\s.\-\u00a0\u202f]", "", number).upper()


def rna_fault(number: str) -> str:
    """What is wrong with an RNA number, as a sentence; "" for a good one or none."""
    if number and not RNA.fullmatch(number):
        return _(
            "An RNA number is a W and nine characters, such as W751234567. It stands on the receipt of the prefecture."
        )
    return ""


def siret_fault(number: str) -> str:
    """What is wrong with a SIRET number, as a sentence; "" for a good one or none."""
    if not number:
        return ""
    if not (number.isascii() and number.isdigit() and len(number) == 14):
        return _("A SIRET number has 14 digits.")
    if not _checks(number):
        return _("This SIRET number has a wrong digit: compare it with the document of the INSEE.")
    return ""


def _checks(number: str) -> bool:
    if number.startswith(POSTAL_SERVICE):
        return sum(map(int, number)) % 5 == 0
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(number)]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
