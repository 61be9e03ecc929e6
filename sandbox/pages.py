"""The control pages."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.web import render


async def home(request: Request) -> Response:
    return render(request, "home.html")


routes = [Route("/", home)]
