"""Optimistic locking (API-1): a thing has a strong ETag, and who changes it says which version they saw.

The tag is a digest of what the caller was shown, so it needs no column and cannot be forgotten by a service.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _

from ..errors import Refusal


class Changed(Refusal):
    """Somebody changed the thing since the caller read it."""

    code = "changed-meanwhile"
    status = 412

    def __init__(self) -> None:
        super().__init__(_("This was changed since you read it. Read it again, then decide."))


class VersionWanted(Refusal):
    """The change does not say which version it is based on."""

    code = "version-wanted"
    status = 428

    def __init__(self) -> None:
        super().__init__(_("Send the ETag that you got as If-Match, so that nobody's change is overwritten unseen."))


def encoded(data: Any) -> bytes:
    """An answer as it is sent."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def tag_of(data: Any) -> str:
    return f'"{hashlib.sha256(encoded(data)).hexdigest()[:32]}"'


def is_known(request: HttpRequest, tag: str) -> bool:
    """The caller has this version already (If-None-Match, compared weakly as RFC 9110 says)."""
    known = [one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))]
    return "*" in known or tag in known


def require_version(request: HttpRequest) -> None:
    """Raise VersionWanted when there is no usable If-Match."""
    if not parse_etags(request.headers.get("If-Match", "")):
        raise VersionWanted


def matches(request: HttpRequest, data: Any) -> bool:
    """What was seen is what is there now. `*` means: whatever it is."""
    header = request.headers.get("If-Match", "")
    if not header:
        return True
    return "*" in (tags := parse_etags(header)) or tag_of(data) in tags  # a weak tag never matches


@contextmanager
def unchanged(request: HttpRequest, shown: Callable[[], Any], lock: Callable[[], Any]) -> Iterator[None]:
    """A transaction in which the thing is as the caller saw it: locked first, then compared. Raises Changed."""
    with transaction.atomic():
        lock()
        if request.headers.get("If-Match") and not matches(request, shown()):
            raise Changed
        yield


def row(model: type[models.Model], key: Any) -> Callable[[], Any]:
    """Locks one row until the transaction ends, so that pages and programs cannot pass each other."""
    return lambda: model._default_manager.select_for_update(of=("self",)).filter(pk=key).first()
