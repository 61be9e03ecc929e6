"""The operations of HelloAsso's API that are played, and its pages: where one pays, and where one lets a partner in."""

import base64
import copy
import hashlib
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.microsoft.directory import Refused
from sandbox.payments.helloasso import money
from sandbox.payments.stripe.wire import public
from sandbox.payments.world import Body, World
from sandbox.web import render

CLIENTS = ("sandbox-live", "sandbox-test")
CLIENT_SECRET = "sandbox-secret"
LASTS = 1800


def _world(request: Request) -> World:
    return request.app.state.sandbox.payments


def _given(world: World, slug: str = "") -> Body:
    """A pair of tokens; who acts for one association sees only that one."""
    access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    world.grants[access] = {"slug": slug, "until": time.time() + LASTS}
    world.refreshes[refresh] = slug
    return {"access_token": access, "refresh_token": refresh, "token_type": "bearer", "expires_in": LASTS} | (
        {"organization_slug": slug} if slug else {}
    )


async def token(request: Request) -> JSONResponse:
    """A refresh token is good once: the answer has the next one."""
    world, form = _world(request), await request.form()
    if "helloasso" in world.away:
        return JSONResponse({"message": "away"}, 503)
    if form.get("client_id") not in CLIENTS or form.get("client_secret") != CLIENT_SECRET:
        return JSONResponse({"error": "unauthorized_client"}, 401)
    kind = form.get("grant_type")
    if kind == "client_credentials":
        return JSONResponse(_given(world))
    if kind == "refresh_token":
        slug = world.refreshes.pop(str(form.get("refresh_token")), None)
        return JSONResponse({"error": "invalid_grant"}, 400) if slug is None else JSONResponse(_given(world, slug))
    if kind == "authorization_code":
        code = world.codes.pop(str(form.get("code")), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(str(form.get("code_verifier")).encode()).digest())
        if (
            code is None
            or code["challenge"] != proof.decode().rstrip("=")
            or code["redirect_uri"] != form.get("redirect_uri")
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(_given(world, code["slug"]))
    return JSONResponse({"error": "unsupported_grant_type"}, 400)


def _opened(request: Request, slug: str = "") -> tuple[World, str] | JSONResponse:
    world = _world(request)
    if "helloasso" in world.away:
        return JSONResponse({"message": "away"}, 503)
    grant = world.grants.get(request.headers.get("authorization", "").removeprefix("Bearer "))
    if grant is None or grant["until"] < time.time():
        return JSONResponse({"message": "Unauthorized"}, 401)
    if grant["slug"] and slug and grant["slug"] != slug:
        return JSONResponse({"message": "Forbidden"}, 403)
    return world, grant["slug"]


async def organisation(request: Request) -> JSONResponse:
    slug = request.path_params["slug"]
    opened = _opened(request, slug)
    if isinstance(opened, JSONResponse):
        return opened
    known = opened[0].accounts["helloasso"].get(slug)
    if known is None:
        return JSONResponse({"message": "Not found"}, 404)
    facts = {"organizationSlug": known["slug"], "name": known["name"], "isAuthenticated": known["verified"]}
    return JSONResponse(facts)


async def thing(request: Request) -> JSONResponse:
    opened = _opened(request)
    if isinstance(opened, JSONResponse):
        return opened
    world, own = opened
    known = world.things.get((request.path_params["kind"], request.path_params["id"]))
    whose = known and (known.get("organizationSlug") or (known.get("order") or {}).get("organizationSlug"))
    if known is None or (own and whose != own):
        return JSONResponse({"message": "Not found"}, 404)
    return JSONResponse(public(known))


async def create_intent(request: Request) -> JSONResponse:
    slug = request.path_params["slug"]
    opened = _opened(request, slug)
    if isinstance(opened, JSONResponse):
        return opened
    try:
        made = money.open_intent(opened[0], slug, json.loads(await request.body()))
    except Refused as error:
        return JSONResponse({"errors": [{"code": "ArgumentInvalid", "message": str(error)}]}, 400)
    request.app.state.sandbox.changed()
    return JSONResponse({"id": made["id"], "redirectUrl": made["redirectUrl"]})


async def intent(request: Request) -> JSONResponse:
    """With its order once it is paid."""
    slug = request.path_params["slug"]
    opened = _opened(request, slug)
    if isinstance(opened, JSONResponse):
        return opened
    found = opened[0].things.get(("intents", request.path_params["id"]))
    if found is None or found["_slug"] != slug:
        return JSONResponse({"message": "Not found"}, 404)
    said: Body = public(copy.deepcopy(found))
    if found["_order"]:
        said["order"] = public(opened[0].things["orders", str(found["_order"])])
    return JSONResponse(said)


async def refund(request: Request) -> JSONResponse:
    opened = _opened(request)
    if isinstance(opened, JSONResponse):
        return opened
    world, own = opened
    payment = world.things.get(("payments", request.path_params["id"]))
    if payment is None or (own and payment["order"]["organizationSlug"] != own):
        return JSONResponse({"message": "Not found"}, 404)
    try:
        money.refund(world, payment, int(request.query_params.get("amount") or payment["amount"]))
    except Refused as error:
        return JSONResponse({"errors": [{"code": "ArgumentInvalid", "message": str(error)}]}, 400)
    request.app.state.sandbox.changed()
    return JSONResponse({"id": payment["id"], "refundOperations": payment["refundOperations"]})


# -- pages ------------------------------------------------------------------------------------------------


async def authorize(request: Request) -> Response:
    """Where somebody of an association lets a partner act for it."""
    world, query = _world(request), request.query_params
    if query.get("client_id") not in CLIENTS or query.get("code_challenge_method") != "S256":
        return render(request, "helloasso/over.html", status=400, said="This partner is not known here.")
    back = query.get("redirect_uri", "")
    if request.method == "POST":
        slug = str((await request.form()).get("organisation", ""))
        said: dict[str, Any] = {"state": query.get("state", "")}
        if slug not in world.accounts["helloasso"]:
            return RedirectResponse(f"{back}?{urlencode({**said, 'error': 'access_denied'})}", 303)
        code = secrets.token_urlsafe(24)
        world.codes[code] = {"slug": slug, "redirect_uri": back, "challenge": query.get("code_challenge", "")}
        return RedirectResponse(f"{back}?{urlencode({**said, 'code': code})}", 303)
    return render(request, "helloasso/authorize.html", accounts=world.accounts["helloasso"])


async def checkout(request: Request) -> Response:
    world, id_ = _world(request), request.path_params["id"]
    found = world.things.get(("intents", id_))
    if found is None or not money.is_open(found):
        return render(request, "helloasso/over.html", said="This payment is over.")
    asked = found["_asked"]
    if request.method == "POST":
        answer = str((await request.form()).get("answer", ""))
        about = {"checkoutIntentId": found["id"]}
        if answer in ("pay", "pay_with_tip"):
            paid = money.pay(world, id_, 300 if answer == "pay_with_tip" else 0)
            request.app.state.sandbox.changed()
            said = {**about, "code": "succeeded", "orderId": paid["order"]["id"]}
            return RedirectResponse(_with(asked["returnUrl"], said), 303)
        if answer == "refuse":
            return RedirectResponse(_with(asked["returnUrl"], {**about, "code": "refused"}), 303)
        return RedirectResponse(asked["backUrl"], 303)
    return render(request, "helloasso/checkout.html", asked=asked, slug=found["_slug"])


def _with(url: str, said: dict[str, Any]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(said)}"


routes = [
    Route("/oauth2/token", token, methods=["POST"]),
    Route("/authorize", authorize, methods=["GET", "POST"]),
    Route("/checkout/{id}", checkout, methods=["GET", "POST"]),
    Route("/v5/organizations/{slug}", organisation),
    Route("/v5/organizations/{slug}/checkout-intents", create_intent, methods=["POST"]),
    Route("/v5/organizations/{slug}/checkout-intents/{id}", intent),
    Route("/v5/payments/{id}/refund", refund, methods=["POST"]),
    Route("/v5/{kind}/{id}", thing),
]
