"""HelloAsso: notifications without an id and without a time, signed only for partners. Nothing in them is believed.

Who is no partner gets an address with a secret end, and may be bound to the addresses that HelloAsso calls from.
"""

import hashlib
import hmac
import re
from datetime import datetime
from typing import Any, Final

from ..reading import Malformed
from ..signatures import NotSigned
from .protocol import (
    LONGEST_ACCOUNT,
    LONGEST_KIND,
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

_NO_WORD: Final = re.compile(r"[^A-Za-z0-9_.-]")


class HelloAsso:
    name = "helloasso"

    def prove(self, request: Request, now: datetime) -> Proof:
        given = header(request, "x-ha-signature").strip().lower()
        if given:
            found = [proof for proof, key in secrets_of(self.name) if hmac.compare_digest(_mac(key, request), given)]
        else:
            require_address(self.name, request.address)
            end = request.path_secret.encode()
            kept_secrets = list(secrets_of(f"{self.name}-url"))
            found = [proof for proof, secret in kept_secrets if hmac.compare_digest(secret.encode(), end)]
        if not found:
            raise NotSigned("signature" if given else "no signature")
        return found[0]

    def read(self, body: bytes, proof: Proof, now: datetime) -> Notice:
        """The same content is the same notice: there is nothing else by which to know a repetition."""
        sent = object_of(body)
        data = sent.get("data")
        if not isinstance(data, dict):
            raise Malformed("data: missing")
        kind = word(sent, "eventType", longest=LONGEST_KIND)
        own, of_order = (_slug(data, *path) for path in (("organizationSlug",), ("order", "organizationSlug")))
        trouble = "accounts-contradict" if own and of_order and own != of_order else ""
        text_body, body_hash = kept(sent)
        email = text(data, "payer", "email", longest=254)
        about = [kind, text(data, "id") or text(data, "formSlug"), text(data, "state")]
        return Notice(
            event_id=":".join([*(_NO_WORD.sub("", one)[:40] or "-" for one in about), body_hash[:16]]),
            kind=kind,
            account="" if trouble else own or of_order,
            is_live=proof.is_live,
            occurred_at=moment(text(data, "meta", "updatedAt") or text(data, "date"), now),
            body=text_body,
            body_hash=body_hash,
            about=email.lower() if "@" in email else "",
            trouble=trouble,
        )


def _mac(key: str, request: Request) -> str:
    return hmac.new(key.encode(), request.body, hashlib.sha256).hexdigest()


def _slug(data: dict[str, Any], *path: str) -> str:
    return text(data, *path, longest=LONGEST_ACCOUNT).strip().lower()


HELLOASSO: Final = HelloAsso()
