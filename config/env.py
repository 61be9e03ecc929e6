"""Typed reading of the environment. Every fault is collected, so that one start shows them all."""

import base64
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.vault import Vault, VaultProblem

FIELD_KEY_BYTES = 32


class Env:
    """Reads settings from environment variables, the files named by `<NAME>_FILE`, or HashiCorp Vault.

    `<NAME>_VAULT=mount/path#key` names a secret of Vault; how Vault is reached stands in VAULT_ADDR and with it.
    """

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self._source: Mapping[str, str] = os.environ if source is None else source
        self.problems: list[str] = []
        self._vault: Vault | None = None

    def text(self, name: str, default: str | None = None) -> str:
        """The value, the content of the file named by NAME_FILE (a mounted secret), or what NAME_VAULT names."""
        file, secret = (self._source.get(f"{name}_{where}", "").strip() for where in ("FILE", "VAULT"))
        if file and secret:
            self.problems.append(f"{name}_FILE and {name}_VAULT are both set: choose one")
            return ""
        if secret:
            return self._from_vault(name, secret)
        if path := self._source.get(f"{name}_FILE", "").strip():
            if not Path(path).is_file():
                self.problems.append(f"{name}_FILE names no readable file: {path}")
                return ""
            if value := Path(path).read_text().strip():
                return value
            self.problems.append(f"{name}_FILE names an empty file: {path}")
            return ""
        value = self._source.get(name, "").strip()
        if value:
            return value
        if default is None:
            self.problems.append(f"{name} is required")
            return ""
        return default

    def _from_vault(self, name: str, reference: str) -> str:
        if self._vault is None:
            self._vault = self._reach_vault()
        try:
            return self._vault.read(reference)
        except VaultProblem as problem:
            self.problems.append(f"{name}_VAULT: {problem}")
            return ""

    def _reach_vault(self) -> Vault:
        names = ("TOKEN", "ROLE_ID", "SECRET_ID", "NAMESPACE", "CACERT")
        given = {name.lower(): self.text(f"VAULT_{name}", default="") for name in names}
        return Vault(address=self.text("VAULT_ADDR", default=""), **given)

    def secret(self, name: str, *, at_least: int) -> str:
        """A required secret of a minimum length (characters) that is not one of the known defaults."""
        value = self.text(name)
        if value and len(value) < at_least:
            self.problems.append(f"{name} must have at least {at_least} characters")
        if value and is_weak(value):
            self.problems.append(f"{name} is a default or repeated value; generate a random one")
        return value

    def secrets(self, name: str, *, at_least: int) -> list[str]:
        """Any number of secrets, none by default, separated by spaces or line breaks; each as strong as `secret`."""
        values = self.words(name)
        if any(len(value) < at_least for value in values):
            self.problems.append(f"{name}: each must have at least {at_least} characters")
        if any(is_weak(value) for value in values):
            self.problems.append(f"{name} holds a default or repeated value")
        return values

    def keys(self, name: str) -> list[str]:
        """Required keys for encryption, newest first: 32 random bytes each, in base64."""
        values = self.names(name)
        for number, value in enumerate(values, start=1):
            if fault := _fault_of_key(value):
                self.problems.append(f"{name}: key {number} {fault}")
        if len(set(values)) < len(values):
            self.problems.append(f"{name} names a key twice")
        return values

    def flag(self, name: str, default: bool) -> bool:
        raw = self.text(name, str(default)).lower()
        if raw not in {"true", "false"}:
            self.problems.append(f"{name} must be true or false, not {raw!r}")
        return raw == "true"

    def number(self, name: str, default: int) -> int:
        raw = self.text(name, str(default))
        try:
            return int(raw)
        except ValueError:
            self.problems.append(f"{name} must be a whole number, not {raw!r}")
            return default

    def names(self, name: str, default: str | None = None) -> list[str]:
        return [part.strip() for part in self.text(name, default).split(",") if part.strip()]

    def words(self, name: str) -> list[str]:
        """Values separated by spaces or line breaks; none by default."""
        return self.text(name, default="").split()

    def database(self, name: str, default: str | None = None) -> dict[str, object]:
        """A `postgresql://` address as Django's DATABASES entry (without ENGINE)."""
        value = self.text(name, default)
        if not value:
            return {}
        parts = urlsplit(value)
        if parts.scheme not in {"postgres", "postgresql"}:
            self.problems.append(f"{name} must start with postgresql://")
            return {}
        query = dict(parse_qsl(parts.query))
        return {
            "NAME": unquote(parts.path.lstrip("/")),
            "HOST": query.pop("host", unquote(parts.hostname or "")),
            "PORT": query.pop("port", str(parts.port or "")),
            "USER": query.pop("user", unquote(parts.username or "")),
            "PASSWORD": query.pop("password", unquote(parts.password or "")),
            "OPTIONS": query,
        }

    def forbid(self, condition: bool, problem: str) -> None:
        if condition:
            self.problems.append(problem)

    def finish(self) -> None:
        if self.problems:
            raise ImproperlyConfigured("Refusing to start:\n  - " + "\n  - ".join(self.problems))


WEAK_WORDS = (
    "local-only",
    "changeme",
    "change-me",
    "sandbox",
    "insecure",
    "example",
    "password",
    "secret-key",
)


def is_weak(value: str) -> bool:
    """Whether a secret is a known default, or has hardly any different characters."""
    return len(set(value)) < 8 or any(word in value.lower() for word in WEAK_WORDS)


def _fault_of_key(value: str) -> str:
    """What is wrong with a key for encryption; empty for a good one."""
    try:
        raw = base64.b64decode(value, altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    if len(raw) != FIELD_KEY_BYTES:
        return f"must be {FIELD_KEY_BYTES} bytes in base64 (openssl rand -base64 {FIELD_KEY_BYTES})"
    if len(set(raw)) < 16 or raw.isascii() or is_weak(value):
        return "is a default or not random; generate one (openssl rand -base64 32)"
    return ""
