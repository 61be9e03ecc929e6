"""What files are for: declared once by the app that keeps them, with its limits and who may read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.core.actor import Actor
from apps.core.pictures import Size

REGISTRY: dict[str, "Purpose"] = {}


def nobody(actor: Actor, file: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Purpose:
    """`may_read(actor, file)` is asked at every download, besides the signature of the link.

    `sizes`: it is a picture and kept in these sizes only. `in_use(file)`: for files that no foreign key points to.
    """

    code: str
    label: object
    most_bytes: int
    may_read: Callable[[Actor, Any], bool] = nobody
    sizes: Mapping[str, Size] = field(default_factory=dict)
    in_use: Callable[[Any], bool] | None = None


def declare(code: str, label: object, **facts: Any) -> Purpose:
    """Register a purpose. `code` is also the folder, so it is a short word. Twice is a programming error."""
    if code in REGISTRY:
        raise ValueError(f"the purpose {code!r} is declared twice")
    if not (code.isascii() and code.replace("-", "").isalnum() and len(code) <= 30):
        raise ValueError(f"a purpose is a short word, not {code!r}")
    REGISTRY[code] = Purpose(code, label, **facts)
    return REGISTRY[code]
