"""How to sign and send an event, for those who connect a service (pages and docs/integrations.md)."""

from collections.abc import Mapping, Sequence
from typing import Final

CURL: Final = """# the secret's bytes come after "whsec_"; openssl and xxd are on every Linux and macOS
secret='{secret}'
body='{body}'
id="msg_$(openssl rand -hex 12)"
time=$(date +%s)
key=$(printf %s "${{secret#whsec_}}" | base64 -d | xxd -p -c 256)
signature=$(printf '%s.%s.%s' "$id" "$time" "$body" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
curl -i '{url}' \\
  -H 'Content-Type: application/json' \\
  -H "webhook-id: $id" -H "webhook-timestamp: $time" -H "webhook-signature: v1,$signature" \\
  --data-raw "$body"
"""
PYTHON: Final = """# pip install standardwebhooks httpx
import json, uuid
from datetime import UTC, datetime

import httpx
from standardwebhooks import Webhook

body = json.dumps({event})
sent_at, message = datetime.now(UTC), f"msg_{{uuid.uuid4().hex}}"
answer = httpx.post(
    "{url}",
    content=body,
    headers={{
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook("{secret}").sign(message, sent_at, body),
    }},
)
print(answer.status_code, answer.json())
"""
SAMPLE_DATA: Final[Mapping[str, tuple[str, str]]] = {
    "user-service": (
        "user.created",
        '{"external_id": "P-1001", "email": "camille.martin@example.org", "given_name": "Camille"}',
    ),
}


def samples(service: str, url: str, kinds: Sequence[str] = ()) -> list[tuple[str, str]]:
    """How to sign and send one event, for those who connect the service. The secret itself is not in them."""
    kind, data = SAMPLE_DATA.get(service, (next(iter(kinds), "…"), "{}"))
    event = f'{{"id": "evt_1", "type": "{kind}", "occurred_at": "2026-01-31T09:30:00Z", "data": {data}}}'
    facts = {"url": url, "secret": "whsec_…", "body": event, "event": event}
    return [("curl", CURL.format(**facts)), ("Python", PYTHON.format(**facts))]
