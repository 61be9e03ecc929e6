"""The ways by which mail leaves, behind one interface. A slow call: never inside of a transaction."""

from typing import Protocol

from ..models import CommunicationLog


class NotSent(Exception):
    """A way did not take a message. `code` is for the log and the page: never text of the other side.

    `final`: it will never take this message. `bounced`: because the address does not exist. `elsewhere`: the way itself
    is closed, whatever the message, so another one should be tried. `after`: seconds it asks to be left alone.
    """

    def __init__(
        self, code: str, *, final: bool = False, bounced: bool = False, elsewhere: bool = False, after: float = 0
    ) -> None:
        super().__init__(code)
        self.code = code
        self.final = final or bounced
        self.bounced = bounced
        self.elsewhere = elsewhere
        self.after = after


class Way(Protocol):
    @property
    def code(self) -> str:
        """One of models.Channel."""

    def send(self, log: CommunicationLog) -> None:
        """Hand the message over, with an id of its row in it. Raises NotSent."""
