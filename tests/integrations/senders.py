"""A service that sends us webhooks, signing with the library that real senders use."""

import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook

from apps.integrations.models import WebhookSecret
from apps.integrations.signatures import new_secret

_numbers = itertools.count(1)


def secret_for(service: str) -> str:
    """A live secret of the active school, without the page that makes one."""
    secret = new_secret()
    row = WebhookSecret(service=service, hint=secret[6:12])
    row.secret = secret
    row.save(force_insert=True)
    return secret


def event(kind: str, data: dict[str, Any], **fields: Any) -> dict[str, Any]:
    number = next(_numbers)
    return {
        "id": f"evt_{number}",
        "type": kind,
        "occurred_at": timezone.now().isoformat(),
        "data": data,
        **fields,
    }


def person(number: int | str, **fields: Any) -> dict[str, Any]:
    return {
        "external_id": f"P{number}",
        "email": f"person.{number}@lumiere.example",
        "given_name": "Noé",
        "family_name": f"Numéro {number}",
        **fields,
    }


def headers(body: bytes, secret: str, *, message_id: str = "", at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    message_id = message_id or f"msg_{next(_numbers)}"
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode("utf-8", "surrogateescape")),
    }


@dataclass
class Sender:
    """One service at one host."""

    host: str
    secret: str
    service: str = "user-service"
    client: Client = field(default_factory=Client)

    def post(self, sent: Any, **options: Any):
        """Send this, signed. `body`: these bytes instead; `signed`: these headers instead."""
        body = options.pop("body", None)
        if body is None:
            body = json.dumps(sent).encode()
        signed = options.pop("signed", None)
        if signed is None:
            signed = headers(body, options.pop("secret", self.secret))
        return self.client.post(
            f"/api/v1/webhooks/{self.service}",
            data=body,
            content_type=options.pop("content_type", "application/json"),
            headers={**signed, "host": self.host, **options.pop("extra", {})},
            **options,
        )
