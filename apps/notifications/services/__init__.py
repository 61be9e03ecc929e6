"""One way to reach a person. Other apps call `send`, and `is_waiting` where something must not overtake a message."""

from .delivery import is_waiting
from .sending import send

__all__ = ["is_waiting", "send"]
