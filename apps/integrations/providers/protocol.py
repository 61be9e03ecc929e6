"""What all providers have in common: a proof first, then a notice. Nothing here knows the database."""

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from django.conf import settings

from ..reading import Malformed, canonical, digest, is_near, parsed, unstorable
from ..signatures import NotSigned

LONGEST_HEADER: Final = 2_000
LONGEST_ID: Final = 200
LONGEST_KIND: Final = 100
LONGEST_ACCOUNT: Final = 120


@dataclass(frozen=True, slots=True)
class Request:
    """What came: headers, the raw body, the address it came from, and the end of the path where that is a secret."""

    headers: Mapping[str, str]
    body: bytes
    address: str = ""
    path_secret: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """With which of our secrets it proved itself: `key` is the secret's place, never the secret."""

    key: str
    is_live: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """One event as the provider told it. `trouble`: why it must not go to any school; then `account` is empty too, so
    that no replay can bring it to one.
    """

    event_id: str
    kind: str
    account: str
    is_live: bool
    occurred_at: datetime
    body: str
    body_hash: str
    about: str = ""
    trouble: str = ""
    is_ping: bool = False


class Provider(Protocol):
    name: str

    def prove(self, request: Request, now: datetime) -> Proof:
        """Raises NotSigned."""
        ...

    def read(self, body: bytes, proof: Proof, now: datetime) -> Notice:
        """Raises Malformed."""
        ...


def secrets_of(name: str) -> Iterator[tuple[Proof, str]]:
    """The live secrets of a provider, and those of its test mode."""
    for mode in ("live", "test"):
        for place, secret in enumerate(settings.PROVIDER_SECRETS.get(name, {}).get(mode, []), start=1):
            yield Proof(f"{name}-{mode}-{place}", mode == "live"), secret


def is_configured(name: str) -> bool:
    """Whether this installation has a secret with which the provider could prove itself."""
    return any(True for kept in (name, f"{name}-url") for _secret in secrets_of(kept))


def require_address(name: str, address: str) -> None:
    """Only from where the provider calls, when that is set. Raises NotSigned."""
    blocks = settings.PROVIDER_ADDRESSES.get(name, [])
    if not blocks:
        return
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        raise NotSigned("address") from None
    if not any(caller in ipaddress.ip_network(block) for block in blocks):
        raise NotSigned("address")


def header(request: Request, name: str) -> str:
    """A header as plain text; what cannot be one of a provider's is no signature."""
    value = request.headers.get(name, "")
    if len(value) > LONGEST_HEADER or not value.isascii():
        raise NotSigned("header")
    return value


def object_of(body: bytes) -> dict[str, Any]:
    """The body as an object that can be stored. Raises Malformed."""
    sent = parsed(body)
    if not isinstance(sent, dict):
        raise Malformed("Send one event.")
    if trouble := unstorable(sent):
        raise Malformed(trouble)
    return sent


def text(sent: Any, *path: str, longest: int = LONGEST_ID) -> str:
    """The text at this place, or "": providers send more and other things than we know of. Numbers count as text."""
    for name in path:
        sent = sent.get(name) if isinstance(sent, dict) else None
    if isinstance(sent, int) and not isinstance(sent, bool):
        sent = str(sent)
    return sent if isinstance(sent, str) and len(sent) <= longest else ""


def word(sent: Any, *path: str, longest: int = LONGEST_ID) -> str:
    """The same where it has to be there, without spaces. Raises Malformed."""
    found = text(sent, *path, longest=longest)
    if not found or not all("!" <= one <= "~" for one in found):
        raise Malformed(f"{'.'.join(path)}: missing or not a word")
    return found


def moment(value: Any, otherwise: datetime) -> datetime:
    """Seconds since 1970, or a written moment; what is none, or lies far away, counts as now."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else datetime.fromtimestamp(value, UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return otherwise
    return found if found.tzinfo and is_near(found) else otherwise


def kept(sent: dict[str, Any], *, passing: tuple[str, ...] = ()) -> tuple[str, str]:
    """The body to keep, and the hash by which a repetition is known; `passing` parts differ between repetitions."""
    body = canonical(sent)
    if not passing:
        return body, digest(body)
    return body, digest(canonical({name: value for name, value in sent.items() if name not in passing}))
