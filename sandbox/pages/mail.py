"""The mailbox."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.microsoft.directory import Refused
from sandbox.pages.doing import Form, act, page, state_of
from sandbox.state import State

# The message may look as it likes, but runs nothing and sends nothing; its links open in the whole window.
POLICY = (
    "default-src 'none'; img-src data: http: https:; style-src 'unsafe-inline'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


@page
def box(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    to = request.query_params.get("to", "")
    return "mail.html", {"messages": state.mailbox.found(to)[::-1], "to": to}


@page
def message(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    found = state.mailbox.get(request.path_params["id"])
    if found is None:
        raise Refused("This message is no longer here.")
    return "message.html", {"message": found}


async def body(request: Request) -> Response:
    found = state_of(request).mailbox.get(request.path_params["id"])
    if found is None:
        return PlainTextResponse("This message is no longer here.", 404)
    base = '<base target="_top">'
    html = HEAD.sub(lambda head: head[0] + base, found["html"], count=1)
    if html == found["html"]:
        html = base + html
    return HTMLResponse(html, headers={"content-security-policy": POLICY, "referrer-policy": "no-referrer"})


@act
def clear(request: Request, state: State, form: Form) -> tuple[str, str]:
    state.mailbox.clear()
    return "/mail", "The mailbox is empty."


routes = [
    Route("/mail", box),
    Route("/mail/clear", clear, methods=["POST"]),
    Route("/mail/{id:int}", message),
    Route("/mail/{id:int}/html", body),
]
