"""The way back from Microsoft's pages to the app."""

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from sandbox.web import render


def wants_json(request: Request) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def send_back(request: Request, answer: dict[str, str], *, uri: str | None = None, mode: str | None = None) -> Response:
    """To the app, in the response mode it asked for."""
    query = request.query_params
    uri = uri or query["redirect_uri"]
    mode = mode or query.get("response_mode", "query")
    if "state" in query:
        answer = answer | {"state": query["state"]}
    if wants_json(request):
        return JSONResponse({"method": "POST" if mode == "form_post" else "GET", "url": uri, "params": answer})
    if mode == "form_post":
        return render(request, "microsoft/form_post.html", uri=uri, answer=answer)
    mark = "#" if mode == "fragment" else "&" if urlsplit(uri).query else "?"
    return RedirectResponse(f"{uri}{mark}{urlencode(answer)}", 302, headers={"cache-control": "no-store"})
