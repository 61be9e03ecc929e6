"""One-time codes of an authenticator app (TOTP, RFC 6238): six digits, thirty seconds, each good once."""

import hmac
import unicodedata
from datetime import datetime
from typing import Final

import pyotp
import segno
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.tenants.context import selected

from ..models import Authenticator, User

INTERVAL: Final = 30  # seconds
DRIFT: Final = 1  # intervals that a clock may be off, each way
DIGITS: Final = 6
IGNORED: Final = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"}  # spaces, invisible letters, dashes: people copy them along


class WrongCode(Invalid):
    """Also said of a code that was used already: whoever looks over a shoulder learns nothing."""

    def __init__(self) -> None:
        super().__init__(fields={"code": [_("This code is not right, or was used already. Wait for the next one.")]})


def digits_of(text: str) -> str:
    """The code somebody typed: any script's digits become ours, spaces and dashes go; "" for anything else."""
    kept = [letter for letter in text[:64] if unicodedata.category(letter) not in IGNORED]
    if len(kept) != DIGITS or not all(letter.isdecimal() for letter in kept):
        return ""
    return "".join(str(unicodedata.decimal(letter)) for letter in kept)


def use(authenticator: Authenticator, text: str, now: datetime) -> None:
    """Accept this code, once: one moment's code never works twice, in whatever way it is written. Raises WrongCode.

    The step of the code is taken in the same statement that checks that nobody took it before, so of two browsers
    that send one code at once only one gets in.
    """
    step = _step_of(authenticator.secret, digits_of(text), now)
    unused = Authenticator.objects.filter(pk=authenticator.pk, last_step__lt=step)
    if step == 0 or not unused.update(last_step=step, last_used_at=now):
        raise WrongCode
    authenticator.last_step = step


def _step_of(secret: str, code: str, now: datetime) -> int:
    """The interval that the code belongs to; 0 when it is of none that counts now."""
    codes, present = pyotp.TOTP(secret), int(now.timestamp()) // INTERVAL
    found = 0
    for step in range(present - DRIFT, present + DRIFT + 1):  # all of them, so that the time tells nothing
        if hmac.compare_digest(codes.generate_otp(step), code):
            found = step
    return found


def being_set_up(user: User) -> Authenticator:
    """The app this person is setting up: the same until it is confirmed, so that a reload shows the same picture."""
    fresh = {"secret": pyotp.random_base32()}
    return Authenticator.objects.get_or_create(user=user, confirmed_at=None, defaults=fresh)[0]


def waiting(user: User) -> Authenticator | None:
    """The app this person has begun to set up."""
    return Authenticator.objects.select_related("user").filter(user=user, confirmed_at=None).first()


def address_of(authenticator: Authenticator) -> str:
    """What the picture says to the app: whose codes these are, and where."""
    tenancy = selected()
    issuer = tenancy.name if tenancy and tenancy.name else "Campanile"
    return pyotp.TOTP(authenticator.secret).provisioning_uri(name=authenticator.user.email, issuer_name=issuer)


def picture_of(authenticator: Authenticator) -> str:
    """A QR code, as the address of an image."""
    return segno.make(address_of(authenticator), error="m", micro=False).svg_data_uri(scale=4, border=3, light="#fff")


def in_groups(secret: str) -> str:
    """For typing it by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def confirmed(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(Q(user=user) & Q(confirmed_at__isnull=False)).first()
