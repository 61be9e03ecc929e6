"""Typed reading of the environment. Every fault is collected, so that one start shows them all."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


class Env:
    """Reads settings from environment variables, or from the files named by `<NAME>_FILE`."""

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self._source: Mapping[str, str] = os.environ if source is None else source
        self.problems: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        """The value, or the content of the file named by NAME_FILE (a mounted secret)."""
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

    def secret(self, name: str, *, at_least: int) -> str:
        """A required secret of a minimum length (characters) that is not one of the known defaults."""
        value = self.text(name)
        if value and len(value) < at_least:
            self.problems.append(f"{name} must have at least {at_least} characters")
        if value and is_weak(value):
            self.problems.append(f"{name} is a default or repeated value; generate a random one")
        return value

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
