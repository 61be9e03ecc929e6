"""How often something may be tried: per account and per address, slower each time, alike for what does not exist.

Counted before the attempt is looked at, in one atomic step, so that many at once do not slip through.
"""

import contextlib
import hashlib
import unicodedata
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

REMEMBERED = 24 * 3600  # seconds after which earlier strikes are forgotten
PAUSES = (300, 900, 3600)  # seconds; the first, second and every later time the limit is reached


class TooManyAttempts(DomainError):
    """Wait. `retry_after` is in seconds; only the first refusal of a window is worth writing down."""

    code = "too-many-attempts"
    status = 429

    def __init__(self, retry_after: int, *, is_first: bool) -> None:
        super().__init__(
            _("Too many attempts. Wait a few minutes and try again, or use another way to sign in."),
            retry_after=retry_after,
        )
        self.retry_after = retry_after
        self.is_first = is_first


@dataclass(frozen=True, slots=True)
class Limit:
    """`allowed` attempts within a window; the window grows each time it is used up."""

    name: str
    allowed: int

    def spend(self, subject: str) -> None:
        """Count one attempt of this subject. Raises TooManyAttempts."""
        key, strikes = self._key(subject), self._key(subject, "strikes")
        pause = PAUSES[min(int(cache.get(strikes, 0)), len(PAUSES) - 1)]
        cache.add(key, 0, pause)
        count = _increment(key, pause)
        if count == self.allowed + 1:
            cache.add(strikes, 0, REMEMBERED)
            _increment(strikes, REMEMBERED)
        if count > self.allowed:
            raise TooManyAttempts(pause, is_first=count == self.allowed + 1)

    def give_back(self, subject: str) -> None:
        """This attempt was right and does not count: many right ones of one subject must not refuse the next."""
        with contextlib.suppress(ValueError):  # the window ended meanwhile
            cache.decr(self._key(subject))

    def forgive(self, subject: str) -> None:
        """The subject proved to be right: forget the attempts."""
        cache.delete_many([self._key(subject), self._key(subject, "strikes")])

    def _key(self, subject: str, what: str = "count") -> str:
        return f"limit:{self.name}:{what}:{hashlib.sha256(same(subject).encode()).hexdigest()}"


def _increment(key: str, seconds: int) -> int:
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired between the two steps
        cache.set(key, 1, seconds)
        return 1


def same(subject: str) -> str:
    """Spellings of one address share one counter: case, width, accents, spaces."""
    plain = unicodedata.normalize("NFKD", subject.strip().casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


SIGN_IN_ACCOUNT = Limit("sign-in-account", 5)
SIGN_IN_ADDRESS = Limit("sign-in-address", 100)  # a whole school may share one address
MICROSOFT_ADDRESS = Limit("microsoft-address", 300)  # ways to Microsoft from which nobody came back signed in
RESET_ACCOUNT = Limit("reset-account", 3)
RESET_ADDRESS = Limit("reset-address", 30)
LINK_ADDRESS = Limit("link-address", 60)  # invitation and reset links
ASK_AGAIN = Limit("ask-again", 3)
