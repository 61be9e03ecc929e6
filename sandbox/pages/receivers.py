"""What receivers of webhooks were sent, and how they answer."""

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.microsoft.directory import Refused
from sandbox.pages.doing import Form, act, page
from sandbox.receiver import Receiver
from sandbox.state import State

SHOWN = 50
ANSWERS = {
    "204": Receiver(204),
    "400": Receiver(400, "not what I expected"),
    "410": Receiver(410, "wants nothing more"),
    "429": Receiver(429, headers={"retry-after": "30"}),
    "503": Receiver(503, "back in a moment"),
    "slow": Receiver(204, seconds=20),
    "cut": Receiver(204, cut=True),
}


@page
def receivers(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    found = {name: one.messages[: -SHOWN - 1 : -1] for name, one in sorted(state.receivers.items())}
    return "receivers.html", {"found": found, "answers": list(ANSWERS)}


@act
def set_receiver(request: Request, state: State, form: Form) -> tuple[str, str]:
    name, answer = form.get("name", "").strip(), form.get("answer", "204")
    if not name.replace("-", "").isalnum() or answer not in ANSWERS:
        raise Refused("A receiver has a name of letters, digits and hyphens, and one of these answers.")
    known = state.receivers.setdefault(name, Receiver())
    new = ANSWERS[answer]
    known.status, known.text, known.headers = new.status, new.text, dict(new.headers)
    known.seconds, known.cut, known.times = new.seconds, new.cut, None
    if secret := form.get("secret", "").strip():
        known.secret = secret
    return "/receivers", f"The receiver {name} answers {answer}."


routes = [Route("/receivers", receivers), Route("/receivers/set", set_receiver, methods=["POST"])]
