"""How often something may be tried: per account and per address, slower each time, alike for what does not exist.

Counted before the attempt is looked at, in one atomic step, so that many at once do not slip through (IDN-6).
An address never locks anybody out by itself: a whole school may stand behind it. One that tries too much leaves
each account fewer attempts from there.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.counters import COUNTERS, Rule
from apps.core.errors import DomainError
from apps.core.ratelimit import network

REMEMBERED = 24 * 3600  # seconds after the last attempt until strikes are forgotten
PAUSES = (300, 900, 3600, 4 * 3600)  # seconds; the first, second, third and every later time the limit is reached
SHORT = (60,)  # seconds, for what costs us something but opens nothing
REGISTRY: dict[str, "Limit"] = {}


class TooManyAttempts(DomainError):
    """Wait. `retry_after` is in seconds; only the first refusal of a pause is worth writing down."""

    code = "too-many-attempts"
    status = 429

    def __init__(self, retry_after: int, *, is_first: bool) -> None:
        super().__init__(
            _("Too many attempts. Try again in %(time)s, or use another way to sign in.")
            % {"time": in_words(retry_after)},
            retry_after=retry_after,
        )
        self.retry_after = retry_after
        self.is_first = is_first


def in_words(seconds: int) -> str:
    """The whole minutes or hours that certainly are enough."""
    if seconds <= 90 * 60:
        minutes = max(1, -(-seconds // 60))
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = -(-seconds // 3600)
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}


@dataclass(frozen=True, slots=True)
class Limit:
    """`allowed` attempts of a subject, then a pause; each time it is used up a longer one. Success forgives."""

    name: str
    allowed: int
    title: str | Promise = ""  # what is locked, in words for administrators; empty: not shown to them
    pauses: tuple[int, ...] = PAUSES

    def __post_init__(self) -> None:
        REGISTRY[self.name] = self

    @property
    def rule(self) -> Rule:
        return Rule(self.allowed, self.pauses, REMEMBERED)

    def spend(self, subject: str, *, shown: str = "") -> None:
        """Count one attempt of this subject. Raises TooManyAttempts. `shown`: its name for administrators."""
        verdict = COUNTERS.spend(self.member(subject), self.rule, label=shown)
        if verdict.wait:
            raise TooManyAttempts(verdict.wait, is_first=verdict.is_first)

    def exceeded(self, subject: str, *, shown: str = "") -> bool:
        """Count one attempt, and only say whether there were too many."""
        return COUNTERS.spend(self.member(subject), self.rule, label=shown).wait > 0

    def give_back(self, subject: str) -> None:
        """This attempt was right and does not count: many right ones of one subject must not refuse the next."""
        COUNTERS.give_back(self.member(subject), self.rule)

    def forgive(self, subject: str) -> bool:
        """The subject proved to be right: forget attempts and locks. Says whether there was anything."""
        return COUNTERS.forget(self.member(subject))

    def member(self, subject: str) -> str:
        return f"{self.name}:{hashlib.sha256(same(subject).encode('utf-8', 'surrogatepass')).hexdigest()}"


def same(subject: str) -> str:
    """Spellings of one address share one counter: case, width, accents, invisible letters, spaces."""
    plain = unicodedata.normalize("NFKD", subject).casefold()
    plain = unicodedata.normalize("NFKD", plain)  # folding may make letters that fall apart once more
    return "".join(letter for letter in plain if unicodedata.category(letter) not in IGNORED)


IGNORED = {"Mn", "Me", "Cf", "Cc", "Zs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Door:
    """Something that strangers may try. `there` is one account from an address that tried too much."""

    account: Limit
    address: Limit
    there: Limit

    def attempt(self, *, account: str, address: str, shown: str = "") -> None:
        """Count one attempt. Raises TooManyAttempts for this account only, never for others of the address."""
        place = network(address)
        if self.address.exceeded(place, shown=place):
            self.there.spend(_pair(account, place), shown=f"{shown} · {place}" if shown else "")
        self.account.spend(account, shown=shown)

    def succeeded(self, *, account: str, address: str) -> None:
        """The attempt was right: the account is forgiven, and the address did not try."""
        place = network(address)
        self.account.forgive(account)
        self.there.forgive(_pair(account, place))
        self.address.give_back(place)


def _pair(account: str, place: str) -> str:
    return f"{place} {account}"


def door(name: str, *, account: int, address: int, there: int, titles: Iterable[str | Promise] = ("", "", "")) -> Door:
    of_account, of_address, of_pair = titles
    return Door(
        Limit(f"{name}-account", account, of_account),
        Limit(f"{name}-address", address, of_address),
        Limit(f"{name}-there", there, of_pair),
    )


SIGN_IN = door(
    "sign-in",
    account=5,
    address=100,
    there=2,
    titles=(_("Account"), _("Address with many failures"), _("Account, from that address only")),
)
SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS = SIGN_IN.account, SIGN_IN.address
SIGN_IN_BROWSER = Limit("sign-in-browser", 5, _("Account, in a browser that signed in before"))
SECOND_STEP = Limit("second-step", 5, _("Second step"))
PASSKEY_ADDRESS = Limit("passkey-address", 300, pauses=SHORT)  # sign-ins begun with a passkey and not finished
RESET = door("reset", account=3, address=30, there=1)
UNLOCK = door("unlock", account=3, address=30, there=1)
MICROSOFT_ADDRESS = Limit("microsoft-address", 300, pauses=SHORT)  # ways to Microsoft from which nobody came back
MICROSOFT_BROWSER = Limit("microsoft-browser", 60, pauses=SHORT)  # the same in a browser that signed in before
LINK_ADDRESS = Limit("link-address", 60, pauses=SHORT)  # invitation and reset links
ASK_AGAIN = Limit("ask-again", 3)
EMAIL_CHANGE = Limit("email-change", 5)
GUARDIAN_MAIL = Limit("guardian-mail", 5)  # letters that a young person has sent to an address of their choice
