"""How payment providers prove themselves to us and know us, from the environment. What is not set is not connected."""

import ipaddress
import re

from config.env import Env

#: provider (or "<provider>-url" for the secret end of an address) -> the variable's ending; TEST goes in between
KINDS = {
    "stripe": "STRIPE{}_WEBHOOK_SECRETS",
    "helloasso": "HELLOASSO{}_SIGNATURE_KEYS",
    "helloasso-url": "HELLOASSO{}_URL_SECRETS",
    "bridge": "BRIDGE{}_WEBHOOK_SECRETS",
}
MODES = {"live": "", "test": "_TEST"}
URLS = {
    "stripe": {"live": "https://api.stripe.com", "test": "https://api.stripe.com"},
    "helloasso": {"live": "https://api.helloasso.com", "test": "https://api.helloasso-sandbox.com"},
    "bridge": {"live": "https://api.bridgeapi.io", "test": "https://api.bridgeapi.io"},
}
AUTHORIZE_URLS = {
    "live": "https://auth.helloasso.com/authorize",
    "test": "https://auth.helloasso-sandbox.com/authorize",
}


def provider_secrets(env: Env) -> dict[str, dict[str, list[str]]]:
    """Two of a kind are good at once while one replaces the other."""
    return {
        kind: {mode: env.secrets(name.format(infix), at_least=16) for mode, infix in MODES.items()}
        for kind, name in KINDS.items()
    }


def is_hidden(secret: str) -> bool:
    """Logs hide the end of an address that looks like this (apps.core.logs)."""
    return bool(re.fullmatch(r"[\w-]{43}", secret))


def provider_apis(env: Env) -> dict[str, dict[str, dict[str, str]]]:
    """Only modes that have a key."""
    found: dict[str, dict[str, dict[str, str]]] = {"stripe": {}, "helloasso": {}, "bridge": {}}
    for mode, infix in MODES.items():
        if key := env.text(f"STRIPE{infix}_API_KEY", default=""):
            found["stripe"][mode] = {"url": URLS["stripe"][mode], "key": key}
        if client := env.text(f"HELLOASSO{infix}_CLIENT_ID", default=""):
            secret = env.text(f"HELLOASSO{infix}_CLIENT_SECRET")
            addresses = {"url": URLS["helloasso"][mode], "authorize_url": AUTHORIZE_URLS[mode]}
            found["helloasso"][mode] = {**addresses, "client_id": client, "client_secret": secret}
        if client := env.text(f"BRIDGE{infix}_CLIENT_ID", default=""):
            secret = env.text(f"BRIDGE{infix}_CLIENT_SECRET")
            found["bridge"][mode] = {"url": URLS["bridge"][mode], "client_id": client, "client_secret": secret}
    return found


def is_network(block: str) -> bool:
    try:
        ipaddress.ip_network(block)
    except ValueError:
        return False
    return True
