"""Faults and wrong tokens."""

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox import control
from sandbox.microsoft.faults import ANSWERS, BREAKS, CHANGES, DELAYS, OPERATIONS
from sandbox.microsoft.tokens import WRONG
from sandbox.pages.doing import Form, act, page
from sandbox.state import State

FAMILIES = {"Answer instead": ANSWERS, "Spoil the page": CHANGES, "Break the connection": BREAKS, "Wait": DELAYS}


@page
def faults(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    return "faults.html", {"faults": state.faults.listed(), "families": FAMILIES, "operations": OPERATIONS}


def _details(text: str) -> dict[str, Any]:
    """`retry_after=2 to=host` as parameters of a fault."""
    details: dict[str, Any] = {}
    for pair in text.replace(",", " ").split():
        name, _, value = pair.partition("=")
        if not value:
            raise ValueError(f"Details are written as name=value, not {pair!r}.")
        details[name] = None if value in ("null", "none") else int(value) if value.lstrip("-").isdigit() else value
    return details


@act
def add_fault(request: Request, state: State, form: Form) -> tuple[str, str]:
    numbers = {name: int(form[name]) for name in ("page", "after") if form.get(name)}
    times = None if "always" in form else int(form.get("times") or 1)
    fields = {name: form.get(name) or "*" for name in ("tid", "operation")} | numbers
    control.add_fault(
        state, _details(form.get("details", "")) | fields | {"kind": form.get("kind", ""), "times": times}
    )
    return "/faults", "The fault is waiting."


@act
def clear_faults(request: Request, state: State, form: Form) -> tuple[str, str]:
    if id_ := form.get("id"):
        state.faults.remove(int(id_))
        return "/faults", "The fault was taken away."
    state.faults.clear()
    return "/faults", "All faults were taken away."


@page
def tokens(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    return "tokens.html", {"kinds": {name: says for name, (says, _) in WRONG.items()}}


@act
def add_token(request: Request, state: State, form: Form) -> tuple[str, str]:
    control.add_wrong_token(state, {"how": form.get("how"), "tid": form.get("tid") or "*", "times": 1})
    return "/tokens", "The next ID token will be wrong."


@act
def clear_tokens(request: Request, state: State, form: Form) -> tuple[str, str]:
    state.wrong_tokens.clear()
    return "/tokens", "The next ID token will be right."


@act
def clock(request: Request, state: State, form: Form) -> tuple[str, str]:
    state.clock_skew = int(form.get("skew_seconds") or 0)
    return "/tokens", "The clock was set."


@act
def rotate(request: Request, state: State, form: Form) -> tuple[str, str]:
    state.keys.rotate(keep_old="keep_old" in form)
    return "/tokens", "A new key signs from now on."


routes = [
    Route("/faults", faults),
    Route("/faults", add_fault, methods=["POST"]),
    Route("/faults/clear", clear_faults, methods=["POST"]),
    Route("/tokens", tokens),
    Route("/tokens", add_token, methods=["POST"]),
    Route("/tokens/clear", clear_tokens, methods=["POST"]),
    Route("/tokens/clock", clock, methods=["POST"]),
    Route("/tokens/rotate", rotate, methods=["POST"]),
]
