"""The one way out to other services: bounded in every respect, watched by a breaker, silent about secrets.

    with http.client("microsoft-graph", limits=http.Limits(seconds=20), of_school=True) as web:
        answer = web.get(url)

Every fault is an `httpx.RequestError`. `CircuitOpen` and `TooBusy` mean that nothing was sent: say "degraded" and come
back. `public_only=True` is for addresses that people gave us: docs/decisions/0050.
The settings keep httpx and httpcore quiet: they log addresses with their query and headers of answers.
"""

from .calling import Limits, OutgoingClient, client
from .errors import AddressRefused, AnswerTooLarge, AnswerTooSlow, CircuitOpen, TooBusy
from .gate import BreakerState, Rule, breaker_states
from .targets import require_target

__all__ = [
    "AddressRefused",
    "AnswerTooLarge",
    "AnswerTooSlow",
    "BreakerState",
    "CircuitOpen",
    "Limits",
    "OutgoingClient",
    "Rule",
    "TooBusy",
    "breaker_states",
    "client",
    "require_target",
]
