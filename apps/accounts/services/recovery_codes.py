"""Ten codes on paper for the day the phone is lost: each replaces the second factor once."""

import base64
import os
import unicodedata
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from apps.core.errors import Invalid

from ..credentials import digest
from ..models import RecoveryCode, User

COUNT: Final = 10
FEW: Final = 3  # so many left: the person is warned
BYTES: Final = 10  # 80 bits: a copy of the hashes opens nothing


class WrongRecoveryCode(Invalid):
    def __init__(self) -> None:
        super().__init__(fields={"code": [_("This recovery code is not right, or was used already.")]})


def renew(user: User) -> list[str]:
    """Ten new codes; the old ones are worth nothing. They are shown once and never stored."""
    codes = [_new() for _number in range(COUNT)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_hash(user, code)) for code in codes)
    return codes


def use(user: User, text: str, now: datetime) -> int:
    """Use one up; how many are left. Raises WrongRecoveryCode."""
    code = "".join(letter for letter in unicodedata.normalize("NFKC", text[:100]).lower() if letter.isalnum())
    found = RecoveryCode.objects.filter(user=user, code_hash=_hash(user, code), used_at=None)
    if not code or not found.update(used_at=now):
        raise WrongRecoveryCode
    return left(user)


def left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _new() -> str:
    text = base64.b32encode(os.urandom(BYTES)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _hash(user: User, code: str) -> str:
    return digest(f"{user.pk}:{code.replace('-', '')}")
