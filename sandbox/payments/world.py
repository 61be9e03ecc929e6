"""What is at the three providers, and what they sent: in memory only."""

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]
KEPT = 200
KEPT_OVER_A_RESTART = (
    "accounts",
    "objects",
    "owners",
    "repeated",
    "events",
    "addresses",
    "telling",
    "grants",
    "refreshes",
)
HOWS = {
    "good": "as it should be",
    "twice": "the same delivery two times",
    "late": "signed ten minutes ago",
    "wrong_signature": "signed with a secret that is none",
    "unknown_account": "about an account that nobody has bound",
    "no_account": "about no account at all",
    "test": "from the test mode",
    "reordered": "two events, the later one first",
    "other_body": "twice under one id, with different content",
    "forged": "well signed, about something that the provider does not know",
}


@dataclass
class Secrets:
    """With what each provider signs; the product's local settings name the same."""

    live: str
    test: str


@dataclass(frozen=True)
class Delivery:
    """One request as it goes out."""

    headers: dict[str, str]
    body: str


@dataclass
class World:
    """Accounts by provider; `away`: providers that answer 503; `sent`: what went where."""

    product_url: str = ""
    public_url: str = ""
    tells: str = "held"  # how webhooks go out until somebody says otherwise: telling.WAYS
    accounts: dict[str, dict[str, Body]] = field(default_factory=lambda: {"stripe": {}, "helloasso": {}, "bridge": {}})
    events: dict[str, Body] = field(default_factory=dict)  # of Stripe, by id
    things: dict[tuple[str, str], Body] = field(default_factory=dict)  # of HelloAsso: ("payments", "15222")
    objects: dict[str, Body] = field(default_factory=dict)  # of Stripe, by id; `owners` says of which account
    owners: dict[str, str] = field(default_factory=dict)
    links: dict[str, Body] = field(default_factory=dict)  # by which accounts are filled in
    repeated: dict[str, Body] = field(default_factory=dict)  # what was answered under an idempotency key
    grants: dict[str, Body] = field(default_factory=dict)  # of HelloAsso: access tokens, for whom and until when
    refreshes: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Body] = field(default_factory=dict)
    slow_refunds: bool = False
    told: list[Body] = field(default_factory=list)
    waiting: dict[str, list[Body]] = field(default_factory=dict)
    telling: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    away: set[str] = field(default_factory=set)
    addresses: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, Secrets] = field(
        default_factory=lambda: {
            "stripe": Secrets("whsec_sandbox_live", "whsec_sandbox_test"),
            "helloasso": Secrets("sandbox-helloasso-key", "sandbox-helloasso-test-key"),
            "bridge": Secrets("sandbox-bridge-secret", "sandbox-bridge-test-secret"),
        }
    )
    sent: list[Body] = field(default_factory=list)
    numbers: Callable[[], int] = field(default_factory=lambda: itertools.count(1001).__next__)

    def __post_init__(self) -> None:
        self.telling = dict.fromkeys(self.accounts, self.tells)

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{uuid.uuid4().hex[:16]}"

    def note(self, entry: Body) -> None:
        self.sent.append(entry)
        del self.sent[:-KEPT]

    def snapshot(self) -> Body:
        """What is at the providers, without what is under way."""
        return {
            **{name: getattr(self, name) for name in KEPT_OVER_A_RESTART},
            "things": [[*key, thing] for key, thing in self.things.items()],
        }

    def restore(self, saved: Body) -> None:
        for name in KEPT_OVER_A_RESTART:
            getattr(self, name).update(saved.get(name, {}))
        self.things = {(kind, id_): thing for kind, id_, thing in saved.get("things", [])}
