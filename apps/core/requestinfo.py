"""What every log line, job and provider call of one piece of work has in common."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_info: ContextVar[dict[str, str] | None] = ContextVar("request_info", default=None)
ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def current() -> dict[str, str]:
    """Facts bound to the current work: request_id, school, user, job_id."""
    return dict(_info.get() or {})


def current_request_id() -> str:
    return (_info.get() or {}).get("request_id", "")


def new_request_id(offered: str = "") -> str:
    """The caller's id where it is harmless, else a new one. Anything else could forge log lines."""
    return offered if ACCEPTABLE_ID.fullmatch(offered) else uuid.uuid4().hex


@contextmanager
def bound(**facts: str) -> Iterator[None]:
    """Add facts for the duration of a block."""
    token = _info.set({**(_info.get() or {}), **facts})
    try:
        yield
    finally:
        _info.reset(token)


def bind(**facts: str) -> None:
    """Add facts until the surrounding `bound` ends."""
    _info.set({**(_info.get() or {}), **facts})
