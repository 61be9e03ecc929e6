"""Log lines are JSON, one per event, with the facts of the current work and without secrets (OPS-1)."""

import json
import logging
import re
from datetime import UTC, datetime

from . import requestinfo

SENSITIVE_NAME = re.compile(
    r"pass(word|wd)?|secret|token|authorization|cookie|session|csrf|api_?key|signature|\bpin\b|iban|"
    r"client_assertion|code_verifier|^code$|^state$|nonce|ticket",
    re.IGNORECASE,
)
SENSITIVE_VALUE = re.compile(
    r"(?P<bearer>Bearer\s+)[A-Za-z0-9._~+/=-]{8,}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(\.[A-Za-z0-9_-]*)?"
    r"|(?P<name>(?:password|secret|token|code|state|ticket|signature|client_secret|code_verifier)=)[^&\s\"']+"
    r"|(?P<key>[\"'](?:[\w-]*(?:passw|secret|token|authorization|cookie|session|csrf|signature|verifier|nonce|ticket)"
    r"[\w-]*|api_?key|code|state|pin|iban)\\?[\"']\s*:\s*)(?:\\?\"[^\"]*\"|\\?'[^']*')"  # a printed mapping or JSON
    r"|(?P<path>/)(?:[\w-]{43}|[0-9a-z]{1,13}-[0-9a-f]{32})(?![\w.-])",  # the secret of a mailed link
    re.IGNORECASE,
)
HIDDEN = "[hidden]"
STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


def redacted(value: object, name: str = "") -> object:
    """The value with anything that looks like a credential replaced."""
    if name and SENSITIVE_NAME.search(name):
        return HIDDEN
    if isinstance(value, dict):
        return {str(key): redacted(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [redacted(item) for item in value]
    if isinstance(value, str):
        return SENSITIVE_VALUE.sub(lambda m: (m["bearer"] or m["name"] or m["key"] or m["path"] or "") + HIDDEN, value)
    return value


class JsonFormatter(logging.Formatter):
    """One JSON object per record; CR, LF and control characters cannot start a second line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": redacted(record.getMessage()),
            **requestinfo.current(),
        }
        for name, value in record.__dict__.items():
            if name not in STANDARD and not name.startswith("_") and name != "request":
                line[name] = redacted(value, name)
        if record.exc_info:
            line["exception"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, default=str, ensure_ascii=True)
