"""News travels upward: a lower app defines a hook, higher apps connect to it in AppConfig.ready."""

from collections.abc import Callable
from typing import Any


class Hook:
    """A named list of functions. `send` calls all in order of connection, in the caller's transaction."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._receivers: list[Callable[..., Any]] = []

    def connect(self, receiver: Callable[..., Any]) -> Callable[..., Any]:
        """Connecting the same function twice changes nothing (apps may be made ready more than once)."""
        if receiver not in self._receivers:
            self._receivers.append(receiver)
        return receiver

    def send(self, **news: Any) -> list[Any]:
        """Call every receiver and return their answers. An error of a receiver is the sender's error."""
        return [receiver(**news) for receiver in self._receivers]
