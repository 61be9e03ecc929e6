"""How a call can fail that httpx has no words for. All are transport errors, so that every caller meets them."""

import httpx


class AnswerTooLarge(httpx.RequestError):
    """The other side sent more than this call may receive."""


class AnswerTooSlow(httpx.TimeoutException):
    """It did not end within the time of the whole call, tries and pauses included."""


class NothingSent(httpx.TransportError):
    """The call was not made. Nothing reached the other side."""


class CircuitOpen(NothingSent):
    """Too many of the last calls failed: none is made for `retry_after` seconds."""

    def __init__(self, provider: str, retry_after: float) -> None:
        super().__init__(f"{provider} failed too often and is left alone for a moment")
        self.provider = provider
        self.retry_after = retry_after


class TooBusy(NothingSent):
    """So many calls to this provider are under way that ours did not get a place in time."""

    def __init__(self, provider: str) -> None:
        super().__init__(f"too many calls to {provider} at once")
        self.provider = provider


class AddressRefused(NothingSent):
    """An address somebody gave leads to where we do not call. `reason` is a word for logs and forms."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"this address is not called: {reason}")
        self.reason = reason
