"""A button was pressed: do it, go back, say what happened."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sandbox.microsoft.directory import Organisation, Refused
from sandbox.microsoft.faults import UnknownFault
from sandbox.state import State
from sandbox.web import render

Form = Mapping[str, str]
# An act returns where to go and what to say.
Act = Callable[[Request, State, Form], tuple[str, str]]
Page = Callable[[Request], Awaitable[Response]]


def state_of(request: Request) -> State:
    return request.app.state.sandbox


def organisation_of(request: Request) -> Organisation:
    return state_of(request).organisation(request.path_params["tid"])


def going(address: str, **message: str) -> RedirectResponse:
    mark = "&" if "?" in address else "?"
    return RedirectResponse(f"{address}{mark}{urlencode(message)}" if message else address, 303)


def act(handler: Act) -> Page:
    """The door of a button. What the directory refuses comes back as a sentence on the page it was pressed on."""

    @wraps(handler)
    async def wrapped(request: Request) -> Response:
        form = {name: str(value).strip() for name, value in (await request.form()).items()}
        state = state_of(request)
        try:
            address, said = handler(request, state, form)
        except (Refused, UnknownFault, ValueError, TypeError, KeyError) as error:
            return going(form.get("back", "/"), refused=str(error))
        state.changed()
        return going(address, said=said)

    return wrapped


def page(handler: Callable[[Request, State], tuple[str, dict[str, Any]]]) -> Page:
    """The door of a page: a template and what it shows. Something that has gone is a page too."""

    @wraps(handler)
    async def wrapped(request: Request) -> Response:
        try:
            template, context = handler(request, state_of(request))
        except Refused as error:
            return render(request, "missing.html", status=404, why=str(error))
        return render(request, template, **context)

    return wrapped
