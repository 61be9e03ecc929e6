"""An authenticator app for who has no phone at hand: the codes of any key (TOTP, RFC 6238)."""

import base64
import binascii
import hashlib
import hmac
import struct
import time
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.pages.doing import page
from sandbox.state import State

DEMO_KEY = "DEMODEMODEMODEMODEMODEMODEMODEMO"  # the superadmin of the demonstration has it
INTERVAL = 30  # seconds


def code_at(key: str, moment: float) -> str:
    """Six digits, or "" when the key is none."""
    letters = "".join(key.split()).upper()
    try:
        secret = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except (binascii.Error, ValueError):
        return ""
    mac = hmac.digest(secret, struct.pack(">Q", int(moment) // INTERVAL), hashlib.sha1)
    start = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


@page
def authenticator(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    key = request.query_params.get("key", "").strip()[:200] or DEMO_KEY
    now = time.time()
    return "authenticator.html", {
        "key": key,
        "is_demo": key == DEMO_KEY,
        "code": code_at(key, now),
        "following": code_at(key, now + INTERVAL),
        "left": INTERVAL - int(now) % INTERVAL,
    }


routes = [Route("/authenticator", authenticator)]
