"""What people see of Stripe: the page on which they pay, and the one on which an association fills in its account."""

import time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.payments.stripe import money
from sandbox.payments.stripe.wire import Fault
from sandbox.payments.world import Body, World
from sandbox.web import render

ANSWERS = ("pay", "sepa", "decline", "challenge", "leave")
STEPS = {"finish": "active", "more": "restricted", "reject": "rejected", "leave": ""}


def _world(request: Request) -> World:
    return request.app.state.sandbox.payments


async def pay(request: Request) -> Response:
    """GET shows what is to be paid; POST `answer` is what the payer does."""
    world = _world(request)
    try:
        session = money.open_session(world, request.path_params["id"])
    except Fault:
        return render(request, "stripe/over.html", status=404, said="There is no such payment.")
    if session["status"] != "open":
        return render(request, "stripe/over.html", said=f"This payment is {session['status']}.")
    said = ""
    if request.method == "POST":
        answer = str((await request.form()).get("answer", ""))
        if answer in ("pay", "sepa"):
            money.pay(world, session, "card" if answer == "pay" else "sepa")
            request.app.state.sandbox.changed()
            return RedirectResponse(returning(session), 303)
        if answer == "leave":
            return RedirectResponse(session["cancel_url"] or session["success_url"], 303)
        if answer == "decline":
            money.decline(world, session)
            said = "Your card was declined: insufficient funds. Try another one."
        elif answer == "challenge":
            money.challenge(world, session)
            said = "Your bank asks you to confirm this payment, and nobody answers it."
        request.app.state.sandbox.changed()
    seller = world.accounts["stripe"][world.owners[session["id"]]]["name"]
    return render(request, "stripe/pay.html", session=session, seller=seller, said=said)


def returning(session: Body) -> str:
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


async def set_up(request: Request) -> Response:
    """A link is good once: when it was opened and answered, a new one has to be made."""
    world = _world(request)
    link = world.links.get(request.path_params["ticket"])
    if link is None:
        return render(request, "stripe/over.html", status=404, said="There is no such link.")
    if link.get("used") or link["until"] < time.time():
        return RedirectResponse(link["refresh_url"], 303)
    known = world.accounts["stripe"][link["account"]]
    if request.method == "POST":
        answer = str((await request.form()).get("answer", ""))
        if answer in STEPS:
            link["used"] = True
            if STEPS[answer]:
                money.change_account(world, link["account"], STEPS[answer])
            request.app.state.sandbox.changed()
            return RedirectResponse(link["return_url"] or link["refresh_url"], 303)
    return render(request, "stripe/setup.html", account=known)


routes = [
    Route("/pay/{id}", pay, methods=["GET", "POST"]),
    Route("/setup/{ticket}", set_up, methods=["GET", "POST"]),
]
