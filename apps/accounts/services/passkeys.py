"""Passkeys (WebAuthn): the challenge, and what a browser answers to it. All of it bound to one host and one purpose."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from apps.core.errors import DomainError
from apps.tenants.context import selected

from ..credentials import digest
from ..models import Passkey, PasskeyChallenge, User

logger = logging.getLogger("campanile.passkeys")
logging.getLogger("fido2").setLevel(logging.WARNING)

CHALLENGE_LIVES: Final = timedelta(minutes=5)
LONGEST: Final = 20_000  # characters of what a browser answers
MOST: Final = 10  # passkeys of one person
Purpose = PasskeyChallenge.Purpose
REQUIRED: Final = UserVerificationRequirement.REQUIRED


class PasskeyRefused(DomainError):
    """Alike for whatever was wrong; the log says which."""

    code = "passkey-refused"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("This passkey was not accepted. Try again, or use another way."))


class TooManyPasskeys(DomainError):
    code = "too-many-passkeys"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("You have ten passkeys. Remove one that you do not use any more."))


class AlreadyThere(DomainError):
    code = "passkey-already-there"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("This passkey is registered already."))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ceremony happens: a passkey of one host name is worth nothing on another."""

    rp_id: str
    origin: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Place":
        host = request.get_host()
        return cls(rp_id=host.rpartition(":")[0] or host, origin=f"{request.scheme}://{host}")

    @property
    def server(self) -> Fido2Server:
        tenancy = selected()
        name = tenancy.name if tenancy and tenancy.name else "Campanile"
        rp = PublicKeyCredentialRpEntity(id=self.rp_id, name=name)
        return Fido2Server(rp, verify_origin=lambda origin: origin == self.origin)


# --- asking ------------------------------------------------------------------------------------------------


def ask_to_add(*, place: Place, browser: str, user: User, now: datetime) -> dict[str, Any]:
    """Options for making a passkey: kept on the device, and opened by the person's finger, face or PIN."""
    known = Passkey.objects.filter(user=user, rp_id=place.rp_id)
    options, state = place.server.register_begin(
        PublicKeyCredentialUserEntity(id=user.pk.bytes, name=user.email, display_name=user.name),
        credentials=_descriptors(known),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=REQUIRED,
    )
    _keep(Purpose.ADD, state, place=place, browser=browser, user=user, now=now)
    return _as_json(options)


def ask(*, place: Place, browser: str, purpose: Purpose, user: User | None, now: datetime) -> dict[str, Any]:
    """Options for using one. Without a person, any passkey of this host will do: nobody is named."""
    known = _descriptors(Passkey.objects.filter(user=user, rp_id=place.rp_id)) if user else None
    options, state = place.server.authenticate_begin(credentials=known, user_verification=REQUIRED)
    _keep(purpose, state, place=place, browser=browser, user=user, now=now)
    return _as_json(options)


def _keep(purpose: Purpose, state: Any, *, place: Place, browser: str, user: User | None, now: datetime) -> None:
    PasskeyChallenge.objects.create(
        purpose=purpose,
        browser_hash=digest(browser),
        user=user,
        challenge=state["challenge"],
        rp_id=place.rp_id,
        expires_at=now + CHALLENGE_LIVES,
    )


def _descriptors(passkeys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            type=PublicKeyCredentialType.PUBLIC_KEY,
            id=websafe_decode(passkey.credential_id),
            transports=passkey.transports or None,
        )
        for passkey in passkeys
    ]


def _as_json(options: Any) -> dict[str, Any]:
    return dict(json.loads(json.dumps(dict(options), default=dict))["publicKey"])


# --- answers -----------------------------------------------------------------------------------------------


def add(*, place: Place, browser: str, user: User, answer: str, name: str, now: datetime) -> Passkey:
    """Register what the browser made. Raises PasskeyRefused, AlreadyThere, TooManyPasskeys."""
    if Passkey.objects.filter(user=user).count() >= MOST:
        raise TooManyPasskeys
    data = _read(answer)
    try:
        response = RegistrationResponse.from_dict(data)
        state = _take(Purpose.ADD, response.response.client_data, place=place, browser=browser, user=user, now=now)
        made = place.server.register_complete(state, response)
        credential = made.credential_data
        if credential is None:
            raise _refused("no credential")
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError) as fault:
        raise _refused(type(fault).__name__) from None
    key = websafe_encode(credential.credential_id)
    passkey, is_new = Passkey.objects.get_or_create(
        credential_id=key,
        defaults={
            "user": user,
            "name": name.strip()[:60] or str(_("Passkey")),
            "rp_id": place.rp_id,
            "credential": bytes(credential),
            "sign_count": made.counter,
            "transports": _transports(data),
            "is_synced": bool(made.flags & AuthenticatorData.FLAG.BE),
        },
    )
    if not is_new:
        raise AlreadyThere
    return passkey


def use(*, place: Place, browser: str, purpose: Purpose, user: User | None, answer: str, now: datetime) -> Passkey:
    """Whose passkey answered, with the person verified on their device. Raises PasskeyRefused.

    The challenge is spent even when the answer is wrong, so call this outside of a transaction.
    """
    try:
        response = AuthenticationResponse.from_dict(_read(answer))
        state = _take(purpose, response.response.client_data, place=place, browser=browser, user=user, now=now)
        with transaction.atomic():
            passkey = _found(response, place=place, user=user)
            place.server.authenticate_complete(state, [AttestedCredentialData(bytes(passkey.credential))], response)
            _count(passkey, response.response.authenticator_data.counter, now)
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError) as fault:
        raise _refused(type(fault).__name__) from None
    return passkey


def _found(response: AuthenticationResponse, *, place: Place, user: User | None) -> Passkey:
    """The passkey that answered, locked. Without a known person the device must name one, and the right one."""
    found = Passkey.objects.select_related("user").filter(
        credential_id=websafe_encode(response.raw_id), rp_id=place.rp_id
    )
    passkey = (found.filter(user=user) if user else found).select_for_update(of=("self",)).first()
    if passkey is None or not passkey.user.is_active:
        raise _refused("unknown credential")
    handle = response.response.user_handle
    if handle != passkey.user_id.bytes and (handle is not None or user is None):
        raise _refused("another person's handle")
    return passkey


def _count(passkey: Passkey, count: int, now: datetime) -> None:
    """A counter that does not go up means that there are two of this key. Synced passkeys never count: always 0."""
    if (count or passkey.sign_count) and count <= passkey.sign_count:
        raise _refused("sign count went back: perhaps a copy")
    passkey.sign_count, passkey.last_used_at = count, now
    passkey.save(update_fields=["sign_count", "last_used_at"])


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST:
        raise _refused("too long")
    try:
        data = json.loads(answer)
    except (ValueError, RecursionError):
        raise _refused("not JSON") from None
    if not isinstance(data, dict):
        raise _refused("not an object")
    return data


def _take(purpose: Purpose, client_data: Any, *, place: Place, browser: str, user: User | None, now: datetime) -> Any:
    """The challenge this answers, once; for the same purpose, browser, person and host only."""
    if client_data.cross_origin:
        raise _refused("from a frame of another page")
    taken = PasskeyChallenge.objects.filter(
        purpose=purpose,
        browser_hash=digest(browser),
        user=user,
        challenge=websafe_encode(client_data.challenge),
        rp_id=place.rp_id,
        used_at=None,
        expires_at__gt=now,
    ).update(used_at=now)
    if not browser or not taken:
        raise _refused("no such challenge")
    return {"challenge": websafe_encode(client_data.challenge), "user_verification": REQUIRED}


def _transports(data: dict[str, Any]) -> list[str]:
    known = ("usb", "nfc", "ble", "hybrid", "internal", "smart-card")
    named = data.get("response", {}).get("transports")
    return [name for name in named if name in known][:6] if isinstance(named, list) else []


def _refused(why: str) -> PasskeyRefused:
    logger.info("a passkey was not accepted", extra={"rule": why})
    return PasskeyRefused()
