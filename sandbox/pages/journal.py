"""The journal of calls."""

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.pages.doing import Form, act, page
from sandbox.state import State

SHOWN = 200


@page
def requests(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    wanted = {name: request.query_params.get(name, "") for name in ("operation", "tid", "path")}
    found = state.log.found(**wanted)
    return "requests.html", {"entries": found[: -SHOWN - 1 : -1], "found": len(found), "wanted": wanted}


@act
def clear(request: Request, state: State, form: Form) -> tuple[str, str]:
    state.log.clear()
    return "/requests", "The journal is empty."


routes = [Route("/requests", requests), Route("/requests/clear", clear, methods=["POST"])]
