"""PINs: chosen by the person after a proof of identity, or at the tablet with a one-time code (IDN-10).

A PIN has 4 to 6 digits, so its hash alone would be found in minutes. It is stored as Argon2 over a keyed hash of
school, person and PIN: worthless in another school, for another person, and without the server's key.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import get_person, own_id
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.crypto import derived_keys
from apps.core.errors import DomainError, Invalid
from apps.core.permissions import require_fresh
from apps.tenants.context import current_schema

from .. import acts
from ..models import DeskPin, GuessCount
from ..permissions import PINS_MANAGE, PINS_VIEW
from ..selectors import may_use_desks
from . import guesses

CODE_LIVES: Final = timedelta(hours=24)
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read as something else
CODE_LENGTH: Final = 8


class RightsTooHigh(DomainError):
    code = "rights-too-high"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("An account with administrative rights has no PIN: four digits must not open it. Use your own sign-in.")
        )


# --- a PIN and its hash --------------------------------------------------------------------------------------


def faults_of(pin: str, user: User) -> list[object]:
    """Why this PIN is not accepted; empty when it is."""
    if not re.fullmatch(r"[0-9]{4,6}", pin):
        return [_("A PIN has 4 to 6 digits.")]
    if is_trivial(pin) or pin in _of_known_days(user):
        return [_("This PIN is too easy to guess: no repetition, no sequence, no year, no birthday.")]
    return []


def is_trivial(pin: str) -> bool:
    """Repetitions (0000, 1212, 123123), pairs (1122), runs (1234, 9876), years, and the lines of the pad."""
    steps = {(int(after) - int(before)) % 10 for before, after in zip(pin, pin[1:], strict=False)}
    repeats = any(len(pin) % size == 0 and pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin)))
    pairs = len(pin) % 2 == 0 and pin[::2] == pin[1::2]
    is_year = len(pin) == 4 and 1930 <= int(pin) <= 2039
    return steps in ({1}, {9}) or repeats or pairs or is_year or pin in {"2580", "0852", "1470", "3690", "159753"}


def _of_known_days(user: User) -> set[str]:
    days = [user.birth_date] if user.birth_date else []
    return {day.strftime(form) for day in days for form in ("%d%m", "%m%d", "%Y", "%d%m%y", "%y%m%d", "%m%d%y")}


def _keys() -> dict[str, bytes]:
    """The keys of this school by their names: the one that is used, then those that are being retired (OPS-4)."""
    return derived_keys(f"desk-pin:{current_schema()}")


def _keyed(key: bytes, user_id: UUID, pin: str) -> str:
    return hmac.new(key, f"{user_id}:{pin}".encode(), hashlib.sha256).hexdigest()


def is_right(stored: DeskPin | None, user_id: UUID, pin: str) -> bool:
    """Slow on purpose, also for a person without a PIN. One made under a retired key is made anew."""
    keys = _keys()
    name, newest = next(iter(keys.items()))
    if stored is None or not stored.hash or stored.key not in keys:
        make_password(_keyed(newest, user_id, pin))
        return False
    if not check_password(_keyed(keys[stored.key], user_id, pin), stored.hash):
        return False
    if stored.key != name:
        fresh = make_password(_keyed(newest, user_id, pin))
        DeskPin.objects.filter(pk=stored.pk, hash=stored.hash).update(hash=fresh, key=name)
    return True


# --- setting one ---------------------------------------------------------------------------------------------


def set_own(*, actor: Actor, pin: str, now: datetime) -> None:
    """On the account page, after a proof of identity. Raises StepUpRequired, RightsTooHigh, Invalid."""
    require_fresh(actor)
    user = get_person(actor, own_id(actor))
    _set(actor=actor, user=user, pin=pin, way="account", now=now)


def _set(*, actor: Actor, user: User, pin: str, way: str, now: datetime) -> None:
    if not may_use_desks(user, now):
        raise RightsTooHigh
    if faults := faults_of(pin, user):
        raise Invalid(fields={"new": faults})
    name, key = next(iter(_keys().items()))
    hashed = make_password(_keyed(key, user.pk, pin))
    with transaction.atomic():
        values = {"hash": hashed, "key": name, "set_at": now, "code_hash": "", "code_expires_at": None}
        DeskPin.objects.update_or_create(user=user, defaults=values)
        record(actor=actor, act=acts.PIN_SET, target=user, data={"way": way}, at=now)


def remove_own(*, actor: Actor, now: datetime) -> None:
    """One's own PIN. Without one nothing changes."""
    _remove(actor, get_person(actor, own_id(actor)), now)


def remove(*, actor: Actor, user_id: UUID, now: datetime) -> None:
    """Somebody's PIN. Raises NotVisible, Forbidden, StepUpRequired."""
    _remove(actor, _person(actor, user_id), now)


@transaction.atomic
def _remove(actor: Actor, user: User, now: datetime) -> None:
    if DeskPin.objects.filter(user=user).delete()[0]:
        record(actor=actor, act=acts.PIN_REMOVED, target=user, at=now)


@transaction.atomic
def lift(*, actor: Actor, user_id: UUID, now: datetime) -> bool:
    """Unlock a profile; says whether anything was counted. Raises NotVisible, Forbidden, StepUpRequired."""
    user = _person(actor, user_id)
    lifted = guesses.forget(GuessCount.Kind.PERSON, user.pk)
    if lifted:
        record(actor=actor, act=acts.PIN_LOCK_LIFTED, target=user, at=now)
    return lifted


def _person(actor: Actor, user_id: UUID) -> User:
    user = get_person(actor, user_id)
    PINS_VIEW.require(actor, user)
    PINS_MANAGE.require(actor, user)
    return user


# --- one-time codes --------------------------------------------------------------------------------------------


def new_code() -> str:
    """40 random bits, for people to read and type."""
    return "".join(secrets.choice(LETTERS) for _letter in range(CODE_LENGTH))


def plain_code(typed: str) -> str:
    """As it was made, however it was typed: small letters, spaces, a dash in the middle."""
    return re.sub(r"[\s-]", "", typed).upper()[:40]


def spaced(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


def code_digest(code: str, purpose: str) -> str:
    """Keyed, because a code is short: a copy of the database alone does not tell it."""
    key = next(iter(_keys().values()))
    return hmac.new(key, f"{purpose}:{code}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def make_code(*, actor: Actor, user_id: UUID, now: datetime) -> str:
    """A code with which the person chooses a PIN at a tablet, once, within a day; an earlier one is void.

    Raises NotVisible, Forbidden, StepUpRequired, RightsTooHigh.
    """
    user = _person(actor, user_id)
    if not may_use_desks(user, now):
        raise RightsTooHigh
    code = new_code()
    with transaction.atomic():
        values = {"code_hash": code_digest(code, f"pin:{user.pk}"), "code_expires_at": now + CODE_LIVES}
        DeskPin.objects.update_or_create(user=user, defaults=values)
        record(actor=actor, act=acts.PIN_CODE_MADE, target=user, at=now)
    return code


def set_with_code(*, actor: Actor, user: User, code: str, pin: str, now: datetime) -> bool:
    """Use the code; says whether it was right. The caller counts the attempt. Raises Invalid, RightsTooHigh."""
    if faults := faults_of(pin, user):
        raise Invalid(fields={"new": faults})
    given = code_digest(plain_code(code), f"pin:{user.pk}")
    with transaction.atomic():
        usable = DeskPin.objects.select_for_update().filter(user=user, code_expires_at__gt=now).exclude(code_hash="")
        stored = usable.first()
        if stored is None or not hmac.compare_digest(stored.code_hash, given):
            return False
        _set(actor=actor, user=user, pin=pin, way="code", now=now)
    return True
