"""Bridge: webhooks that are signed without a time and have no id. A user of Bridge is the account of a school."""

import hashlib
import hmac
from datetime import datetime
from typing import Any, Final

from ..reading import Malformed
from ..signatures import NotSigned
from .protocol import (
    LONGEST_ACCOUNT,
    Notice,
    Proof,
    Request,
    header,
    kept,
    moment,
    object_of,
    require_address,
    secrets_of,
    text,
    word,
)

PING: Final = "TEST_EVENT"
LONGEST_TYPE: Final = 80
MOST_SIGNATURES: Final = 5  # two, while one secret replaces the other


class Bridge:
    name = "bridge"

    def prove(self, request: Request, now: datetime) -> Proof:
        require_address(self.name, request.address)
        parts = [one.strip().partition("=") for one in header(request, "bridgeapi-signature").split(",")]
        given = [value.upper() for scheme, _equals, value in parts[:MOST_SIGNATURES] if scheme == "v1" and value]
        if not given:
            raise NotSigned("no signature")
        for proof, secret in secrets_of(self.name):
            right = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest().upper()
            if sum(hmac.compare_digest(right, one) for one in given):
                return proof
        raise NotSigned("signature")

    def read(self, body: bytes, proof: Proof, now: datetime) -> Notice:
        """Kind, thing and time of Bridge make the id, so the same again with other content is told apart."""
        sent = object_of(body)
        content = sent.get("content")
        if not isinstance(content, dict):
            raise Malformed("content: missing")
        kind = word(sent, "type", longest=LONGEST_TYPE)
        text_body, body_hash = kept(sent)
        return Notice(
            event_id=f"{kind}:{_thing(content)}:{text(sent, 'timestamp', longest=20) or body_hash[:16]}",
            kind=kind,
            account=text(content, "user_uuid", longest=LONGEST_ACCOUNT).strip().lower(),
            is_live=proof.is_live,
            occurred_at=_when(sent.get("timestamp"), now),
            body=text_body,
            body_hash=body_hash,
            is_ping=kind == PING,
        )


def _thing(content: dict[str, Any]) -> str:
    for name in ("account_id", "item_id", "user_uuid"):
        found = text(content, name, longest=60)
        if found and all("!" <= one <= "~" for one in found):
            return found
    return "-"


def _when(milliseconds: Any, now: datetime) -> datetime:
    is_number = isinstance(milliseconds, int) and not isinstance(milliseconds, bool)
    return moment(milliseconds / 1000, now) if is_number else now


BRIDGE: Final = Bridge()
