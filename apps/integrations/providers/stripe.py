"""Stripe: signed snapshot events, and thin events of its second API. `livemode` says the mode, `account` whose it is.

A secret of live mode may sign events of test mode (an endpoint for connected accounts gets both), never the other way.
"""

import re
from datetime import datetime
from typing import Any, Final

from ..reading import Malformed
from ..signatures import TOLERANCE, NotSigned
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
    secrets_of,
    text,
    word,
)

THIN: Final = "v2.core.event"
PING: Final = "v2.core.event_destination.ping"
ACCOUNT_TYPES: Final = frozenset({"account", "v2.core.account"})
PASSING: Final = ("pending_webhooks",)  # counts down while deliveries of one event are under way
_TIME = re.compile(r"(?:^|,)t=([0-9]{1,12})(?:,|$)")


class Stripe:
    name = "stripe"

    def prove(self, request: Request, now: datetime) -> Proof:
        """By Stripe's own library, which bounds the past; a bound for the future is ours. Raises NotSigned."""
        given = header(request, "stripe-signature")
        sent = _TIME.search(given)
        if sent is None:
            raise NotSigned("no signature")
        if int(sent[1]) > now.timestamp() + TOLERANCE:
            raise NotSigned("time")
        try:
            body = request.body.decode()
        except UnicodeDecodeError:
            raise NotSigned("not text") from None
        found = [proof for proof, secret in secrets_of(self.name) if _is_signed(body, given, secret)]
        if not found:
            raise NotSigned("signature")
        return found[0]

    def read(self, body: bytes, proof: Proof, now: datetime) -> Notice:
        sent = object_of(body)
        is_live = sent.get("livemode")
        if not isinstance(is_live, bool):
            raise Malformed("livemode: missing")
        text_body, body_hash = kept(sent, passing=PASSING)
        kind = word(sent, "type", longest=LONGEST_KIND)
        account, trouble = _whose(sent)
        if is_live and not proof.is_live:
            account, trouble = "", "mode-contradicts"
        return Notice(
            event_id=word(sent, "id"),
            kind=kind,
            account=account,
            is_live=is_live,
            occurred_at=moment(sent.get("created"), now),
            body=text_body,
            body_hash=body_hash,
            about=_about(sent),
            trouble=trouble,
            is_ping=kind == PING,
        )


def _is_signed(body: str, given: str, secret: str) -> bool:
    from stripe import SignatureVerificationError, WebhookSignature  # takes most of a second to import

    try:
        return bool(WebhookSignature.verify_header(body, given, secret, tolerance=TOLERANCE))
    except SignatureVerificationError:
        return False


def _whose(sent: dict[str, Any]) -> tuple[str, str]:
    """The account; or why there is none to be trusted: the event speaks of another one than it came from."""
    is_thin = sent.get("object") == THIN
    owner = text(sent, "context" if is_thin else "account", longest=LONGEST_ACCOUNT).rpartition("/")[2]
    part = ("related_object",) if is_thin else ("data", "object")
    named = text(sent, *part, "type" if is_thin else "object")
    about = text(sent, *part, "id", longest=LONGEST_ACCOUNT) if named in ACCOUNT_TYPES else ""
    if owner and about and owner != about:
        return "", "accounts-contradict"
    return (owner or about if is_thin else owner), ""


def _about(sent: dict[str, Any]) -> str:
    """The e-mail address of the person whom it concerns, for people's rights."""
    for path in (
        ("customer_details", "email"),
        ("customer_email",),
        ("receipt_email",),
        ("billing_details", "email"),
        ("email",),
    ):
        if found := text(sent, "data", "object", *path, longest=254):
            return found.lower() if "@" in found else ""
    return ""


STRIPE: Final = Stripe()
