"""Who is signed in at Microsoft, for which app, and how its end is told to the app (front-channel logout)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.microsoft.tokens import issuer, login_hint
from sandbox.web import render

if TYPE_CHECKING:
    from sandbox.state import Client, State

COOKIE = "simulator-sessions"
MOST = 10


@dataclass(frozen=True)
class SignedIn:
    """One session. `logout_url` is the one address the app registered for the front channel."""

    sid: str
    tid: str
    oid: str
    app: str
    logout_url: str
    since: float


def registered_logout_url(client: "Client", redirect_uri: str) -> str:
    """The registration's LogoutUrl; for one that has none, beside the address it comes back to."""
    if client.logout_url:
        return client.logout_url
    parts = urlsplit(redirect_uri)
    return f"{parts.scheme}://{parts.netloc}/sso/logout"


def remember(state: "State", session: SignedIn) -> None:
    state.sessions[session.sid] = session
    while len(state.sessions) > 2_000:
        state.sessions.pop(next(iter(state.sessions)))


def of_person(state: "State", tid: str, oid: str) -> list[SignedIn]:
    return [session for session in state.sessions.values() if (session.tid, session.oid) == (tid, oid)]


def end(state: "State", sid: str) -> str:
    """Forget the session; the address that Microsoft's page loads in a frame to tell the app, "" for an unknown one."""
    session = state.sessions.pop(sid, None)
    if session is None:
        return ""
    return f"{session.logout_url}?{urlencode({'sid': session.sid, 'iss': issuer(state, session.tid)})}"


# -- the browser's part -----------------------------------------------------------------------------------


def keep(request: Request, response: Response, sid: str) -> Response:
    """The browser carries its sessions at Microsoft, so that signing out there ends them."""
    earlier = [kept for kept in request.cookies.get(COOKIE, "").split(".") if kept and kept != sid]
    response.set_cookie(COOKIE, ".".join([*earlier, sid][-MOST:]), path="/microsoft", httponly=True, samesite="lax")
    return response


def of_browser(request: Request, state: "State") -> list[SignedIn]:
    sids = request.cookies.get(COOKIE, "").split(".")
    return [state.sessions[sid] for sid in sids if sid in state.sessions]


def chosen_to_leave(found: list[SignedIn], hint: str) -> list[SignedIn] | None:
    """The sessions of the account that the hint names, or of the only one there is; None: the person must be asked."""
    hinted = [session for session in found if hint and login_hint(session.tid, session.oid) == hint]
    return hinted or (found if len({(session.tid, session.oid) for session in found}) <= 1 else None)


def signed_out_page(request: Request, frames: list[str], onward: str = "") -> Response:
    response = render(request, "microsoft/signing_out.html", frames=frames, onward=onward)
    if not of_browser(request, request.app.state.sandbox):
        response.delete_cookie(COOKIE, path="/microsoft")
    return response


async def end_one(request: Request) -> Response:
    """The button of the control pages: what an administrator of the organisation does with "revoke sessions"."""
    state, tid, oid = request.app.state.sandbox, request.path_params["tid"], request.path_params["id"]
    wanted = str((await request.form()).get("sid", ""))
    frames = [end(state, session.sid) for session in of_person(state, tid, oid) if wanted in ("", session.sid)]
    back = f"/organisations/{tid}/people/{oid}"
    return signed_out_page(request, frames, back) if frames else RedirectResponse(back, 303)


routes = [Route("/organisations/{tid}/people/{id}/end-sessions", end_one, methods=["POST"])]
