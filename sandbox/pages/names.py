"""The DNS: what a school's web master would do at the registrar."""

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.nameserver import OUTAGES
from sandbox.pages.doing import Form, act, page
from sandbox.state import State


@page
def names(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    return "names.html", {"records": sorted(state.names.records.items()), "outages": OUTAGES}


@act
def put(request: Request, state: State, form: Form) -> tuple[str, str]:
    values = [line.strip() for line in form.get("values", "").splitlines() if line.strip()]
    state.names.put(form.get("name", ""), values)
    return "/dns", "The record is published." if values else "The record was taken away."


@act
def outage(request: Request, state: State, form: Form) -> tuple[str, str]:
    state.names.set_outage(form.get("kind", ""))
    return "/dns", "The DNS is out of order." if state.names.outage else "The DNS answers."


routes = [
    Route("/dns", names),
    Route("/dns", put, methods=["POST"]),
    Route("/dns/outage", outage, methods=["POST"]),
]
