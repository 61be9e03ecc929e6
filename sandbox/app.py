"""The web application: providers, control API and control pages on one port."""

import time
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox import control, pages, receiver
from sandbox.microsoft import oidc
from sandbox.microsoft import routes as graph_routes
from sandbox.microsoft.graph import userinfo
from sandbox.payments import bridge, helloasso, stripe
from sandbox.state import State
from sandbox.vault import server as vault
from sandbox.web import HERE

PROVIDERS = (
    "/microsoft/", "/graph/", "/elsewhere/", "/vault/", "/receiver/", "/stripe/", "/helloasso/", "/bridge/",
)  # fmt: skip
SAFE = ("GET", "HEAD", "OPTIONS")


class Journal:
    """Writes every call of a provider into the request log, whatever becomes of it."""

    def __init__(self, app: Any):
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PROVIDERS):
            await self.app(scope, receive, send)
            return
        entry = scope["app"].state.sandbox.log.begin(scope)
        scope["sandbox.entry"] = entry
        started = time.perf_counter()

        async def noting_send(message: Any) -> None:
            if message["type"] == "http.response.start":
                entry["status"] = message["status"]
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                entry["complete"] = True

        try:
            await self.app(scope, receive, noting_send)
        finally:
            entry["seconds"] = round(time.perf_counter() - started, 4)


class SameOriginOnly:
    """A foreign web page must not press the buttons of a simulator that happens to run on this machine."""

    def __init__(self, app: Any):
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE and not scope["path"].startswith(PROVIDERS):
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            origin = headers.get("origin")
            if origin and urlsplit(origin).netloc != headers.get("host"):
                await JSONResponse({"error": "another page may not do this"}, 403)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def make_app(state: State) -> Starlette:
    app = Starlette(
        routes=[
            Mount("/microsoft", routes=oidc.routes),
            Route("/graph/oidc/userinfo", userinfo),
            Mount("/graph/v1.0", routes=graph_routes.routes),
            Mount("/vault/v1", routes=vault.routes),
            Mount("/receiver", routes=receiver.routes),
            Mount("/stripe", routes=stripe.routes),
            Mount("/helloasso", routes=helloasso.routes),
            Mount("/bridge", routes=bridge.routes),
            Mount("/control", routes=control.routes),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            *pages.routes,
        ],
        middleware=[Middleware(SameOriginOnly), Middleware(Journal)],
    )
    app.state.sandbox = state
    return app
