"""The mailbox: everything that is sent to the simulator's SMTP port or by Graph's sendMail, for whomever."""

import email.policy
import re
import time
from collections import deque
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from html import unescape
from itertools import count
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

KEPT = 500
HREF = re.compile(r"""<a\s[^>]*href=["']([^"']+)["']""", re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")


def links_of(text: str, html: str) -> list[str]:
    """The web addresses in a message, in order, each once."""
    found = [unescape(link) for link in HREF.findall(html)] + ADDRESS.findall(text)
    return list(dict.fromkeys(link.rstrip(".,;") for link in found if link.startswith(("http://", "https://"))))


def _content(part: EmailMessage | None) -> str:
    return "" if part is None else str(part.get_content())


def read_message(raw: bytes) -> dict[str, Any]:
    message: Any = BytesParser(policy=email.policy.default).parsebytes(raw)
    text, html = _content(message.get_body(("plain",))), _content(message.get_body(("html",)))
    return {
        "subject": str(message["subject"] or "").strip(),
        "text": text,
        "html": html,
        "links": links_of(text, html),
        "headers": {name: str(value) for name, value in message.items()},
        "attachments": [
            {"name": part.get_filename() or "", "type": part.get_content_type()} for part in message.iter_attachments()
        ],
    }


class Mailbox:
    def __init__(self) -> None:
        self._messages: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._numbers = count(1)
        self.on_arrival: Callable[[], None] = lambda: None

    def take(self, sender: str, to: list[str], raw: bytes) -> dict[str, Any]:
        return self.put({"sender": sender, "to": to, "way": "smtp", **read_message(raw)})

    def put(self, found: dict[str, Any]) -> dict[str, Any]:
        """A message that came by whatever way."""
        message = {"id": next(self._numbers), "at": time.time(), **found}
        self._messages.append(message)
        self.on_arrival()
        return message

    def found(self, to: str | None = None) -> list[dict[str, Any]]:
        """Oldest first; `to` is a part of a recipient's address."""
        wanted = (to or "").lower()
        return [
            message
            for message in self._messages
            if not wanted or any(wanted in recipient.lower() for recipient in message["to"])
        ]

    def get(self, id_: int) -> dict[str, Any] | None:
        return next((message for message in self._messages if message["id"] == id_), None)

    def clear(self) -> None:
        self._messages.clear()

    def snapshot(self) -> list[dict[str, Any]]:
        return list(self._messages)

    def restore(self, messages: list[dict[str, Any]]) -> None:
        self._messages.extend(messages)
        self._numbers = count(max((message["id"] for message in messages), default=0) + 1)


class Receiver:
    """aiosmtpd's handler: accepts whatever comes."""

    def __init__(self, mailbox: Mailbox):
        self.mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        self.mailbox.take(envelope.mail_from or "", list(envelope.rcpt_tos), bytes(envelope.content or b""))
        return "250 Message accepted for delivery"


def smtp_protocol(mailbox: Mailbox) -> SMTP:
    """One SMTP conversation; runs in the event loop of the web server."""
    return SMTP(Receiver(mailbox), enable_SMTPUTF8=True, hostname="sandbox.localhost")
