"""The control API: everything that tests and the control pages may arrange, as JSON under /control/."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.microsoft.directory import DIRECTORY_PERMISSIONS, Missing, Organisation, Refused
from sandbox.microsoft.faults import KINDS, UnknownFault
from sandbox.microsoft.paging import wrong_address
from sandbox.microsoft.sessions import end as end_session
from sandbox.microsoft.tokens import WRONG
from sandbox.payments import helloasso, sending, telling
from sandbox.payments.stripe.wire import public
from sandbox.receiver import Receiver
from sandbox.seed.demo import organisations as demo_organisations
from sandbox.seed.people import invent
from sandbox.state import CLIENT_ID, Client, State

Body = dict[str, Any]
SETTINGS = {"name", "domain", "city", "page_size", "shuffle"}


def action(handler: Callable[[Request, State, Body], Any]) -> Callable[[Request], Awaitable[JSONResponse]]:
    """A control call: JSON in, JSON out, a sentence when it is refused."""

    @wraps(handler)
    async def wrapped(request: Request) -> JSONResponse:
        state: State = request.app.state.sandbox
        try:
            text = await request.body()
            body = json.loads(text) if text else {}
            answer = handler(request, state, body if isinstance(body, dict) else {})
        except (Refused, UnknownFault) as error:
            return JSONResponse({"error": str(error)}, 404 if isinstance(error, Missing) else 400)
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        if request.method not in ("GET", "HEAD"):
            state.changed()
        return JSONResponse(answer if answer is not None else {"ok": True})

    return wrapped


def _organisation(request: Request, state: State) -> Organisation:
    return state.organisation(request.path_params["tid"])


# -- everything -------------------------------------------------------------------------------------------


def reset(state: State, seed: str) -> None:
    if seed not in ("demo", "empty"):
        raise Refused(f"the seed is demo or empty, not {seed!r}")
    state.empty()
    if seed == "demo":
        state.organisations = {organisation.tid: organisation for organisation in demo_organisations()}
        helloasso.add(state.payments, "ecole-lumiere", name="École Lumière")


@action
def do_reset(request: Request, state: State, body: Body) -> Any:
    reset(state, body.get("seed", "empty"))


@action
def health(request: Request, state: State, body: Body) -> Any:
    return {"ok": True, "organisations": len(state.organisations)}


# -- organisations ----------------------------------------------------------------------------------------


def summary(organisation: Organisation) -> Body:
    return {
        "tid": organisation.tid,
        "name": organisation.name,
        "domain": organisation.domain,
        "city": organisation.city,
        "page_size": organisation.page_size,
        "shuffle": organisation.shuffle,
        "people": len(organisation.living()),
        "groups": len(organisation.groups),
        "consents": organisation.consents,
    }


@action
def organisations(request: Request, state: State, body: Body) -> Any:
    if request.method == "GET":
        return {"organisations": [summary(organisation) for organisation in state.organisations.values()]}
    return summary(add_organisation(state, body))


def add_organisation(state: State, body: Body) -> Organisation:
    body = dict(body)
    tid = body.pop("tid", None) or f"{len(state.organisations) + 1:08x}-0000-4000-8000-0000000000aa"
    if tid in state.organisations:
        raise Refused(f"an organisation {tid} exists already")
    consented = body.pop("consented", True)
    _check_settings(body | {"tid": tid})
    body.setdefault("domain", f"org{len(state.organisations) + 1}.example")
    organisation = Organisation(tid=tid, **{name: value for name, value in body.items() if name in SETTINGS})
    if unknown := set(body) - SETTINGS:
        raise Refused(f"unknown settings: {', '.join(sorted(unknown))}")
    if consented:
        organisation.consents[CLIENT_ID] = list(DIRECTORY_PERMISSIONS)
    state.organisations[tid] = organisation
    return organisation


@action
def organisation(request: Request, state: State, body: Body) -> Any:
    found = _organisation(request, state)
    if request.method == "DELETE":
        del state.organisations[found.tid]
        return None
    if request.method == "PATCH":
        change_settings(found, body)
    return summary(found)


def _check_settings(body: Body) -> None:
    for name in ("tid", "name", "domain", "city"):
        if name in body and not (isinstance(body[name], str) and body[name].strip()):
            raise Refused(f"{name} must be text")
    if "page_size" in body and not (isinstance(body["page_size"], int) and 1 <= body["page_size"] <= 999):
        raise Refused("page_size is between 1 and 999")
    if not isinstance(body.get("shuffle", False), bool):
        raise Refused("shuffle is true or false")


def change_settings(organisation: Organisation, body: Body) -> None:
    if unknown := set(body) - SETTINGS:
        raise Refused(f"unknown settings: {', '.join(sorted(unknown))}")
    _check_settings(body)
    for name, value in body.items():
        setattr(organisation, name, value)


@action
def consent(request: Request, state: State, body: Body) -> Any:
    """permissions: a list (consent is given), or null (it is not)."""
    found, client_id = _organisation(request, state), request.path_params["client_id"]
    found.consents.pop(client_id, None)
    if body.get("permissions") is not None:
        found.consents[client_id] = [str(permission) for permission in body["permissions"]]
    return summary(found)


# -- people -----------------------------------------------------------------------------------------------


@action
def people(request: Request, state: State, body: Body) -> Any:
    found = _organisation(request, state)
    if request.method == "GET":
        query = request.query_params
        limit = int(query.get("limit", 100))
        return {"people": found.search_people(query.get("search", ""), limit, deleted=query.get("deleted") == "true")}
    return {"people": add_people(found, body)}


def add_people(organisation: Organisation, body: Body) -> list[Body]:
    common = dict(body.get("common") or {})
    domain = common.pop("domain", None) or organisation.domain
    added = [organisation.add_person(**(common | person)) for person in body.get("people") or []]
    for _ in range(int(body.get("count") or 0)):
        added.append(organisation.add_person(**(invent(organisation, domain) | common)))
    if group := body.get("group"):
        organisation.change_members(group, add=[person["id"] for person in added])
    return added


@action
def person(request: Request, state: State, body: Body) -> Any:
    found, id_ = _organisation(request, state), request.path_params["id"]
    if request.method == "DELETE":
        found.delete_person(id_, forever=request.query_params.get("forever") == "true")
        return None
    if request.method == "PATCH":
        return found.change_person(id_, **body)
    return found.person(id_) | {"roles": found.roles.get(id_, [])}


@action
def photo(request: Request, state: State, body: Body) -> Any:
    """PUT {"hex": bytes as hexadecimal}: what the directory answers as this person's photo, whatever it is."""
    found, id_ = _organisation(request, state), request.path_params["id"]
    person_id = found.person(id_)["id"]
    if request.method == "DELETE":
        found.photos.pop(person_id, None)
        return None
    found.photos[person_id] = bytes.fromhex(body["hex"]).hex()
    return None


@action
def restore(request: Request, state: State, body: Body) -> Any:
    return _organisation(request, state).restore_person(request.path_params["id"])


# -- groups -----------------------------------------------------------------------------------------------


def group_summary(organisation: Organisation, group: Body) -> Body:
    id_ = group["id"]
    return group | {
        "direct": len(organisation.direct(id_)),
        "users": len(organisation.users_of(id_, "transitive")),
        "members": list(organisation.direct(id_)),
    }


@action
def groups(request: Request, state: State, body: Body) -> Any:
    found = _organisation(request, state)
    if request.method == "GET":
        return {"groups": [group_summary(found, group) for group in found.groups.values()]}
    devices = [found.add_device(f"Device {number + 1}")["id"] for number in range(int(body.pop("devices", 0)))]
    group = found.add_group(body.pop("displayName"), [*body.pop("members", []), *devices], **body)
    return group_summary(found, group)


@action
def group(request: Request, state: State, body: Body) -> Any:
    found, id_ = _organisation(request, state), request.path_params["id"]
    if request.method == "DELETE":
        found.delete_group(id_)
        return None
    if request.method == "PATCH":
        found.change_group(id_, **body)
    return group_summary(found, found.group(id_))


@action
def group_members(request: Request, state: State, body: Body) -> Any:
    found, id_ = _organisation(request, state), request.path_params["id"]
    found.change_members(id_, add=body.get("add") or [], remove=body.get("remove") or [])
    return group_summary(found, found.group(id_))


# -- change notifications ---------------------------------------------------------------------------------


@action
def subscriptions(request: Request, state: State, body: Body) -> Any:
    """GET: all of them and what was sent. PUT silent: true keeps every change to itself, as if Graph had missed it."""
    if request.method == "PUT":
        state.announcer.silent = bool(body.get("silent"))
    return {"subscriptions": state.living_subscriptions(), "sent": state.announcer.sent}


@action
def subscription(request: Request, state: State, body: Body) -> Any:
    """POST: send a notification with these fields changed, or a lifecycle event. DELETE: gone, without a word."""
    id_ = request.path_params["id"]
    found = state.subscriptions.get(id_)
    if found is None:
        raise Missing(f"no subscription {id_}")
    if request.method == "DELETE":
        del state.subscriptions[id_]
    elif event := body.get("lifecycle"):
        state.announcer.lifecycle(state, found, event)
        if event == "subscriptionRemoved":
            del state.subscriptions[id_]
    else:
        state.announcer.send(state, found, **body)


# -- trouble ----------------------------------------------------------------------------------------------


@action
def faults(request: Request, state: State, body: Body) -> Any:
    if request.method == "DELETE":
        state.faults.clear()
        return None
    if request.method == "POST":
        return add_fault(state, body)
    return {"faults": state.faults.listed(), "kinds": KINDS}


def add_fault(state: State, body: Body) -> Body:
    if body.get("kind") == "next_link":
        wrong_address(state, f"{state.graph_url}/x", body.get("to", "host"))  # refuses what it does not know
    return asdict(state.faults.add(**body))


@action
def fault(request: Request, state: State, body: Body) -> Any:
    if not state.faults.remove(request.path_params["id"]):
        raise Missing(f"no fault {request.path_params['id']}")


@action
def wrong_tokens(request: Request, state: State, body: Body) -> Any:
    if request.method == "DELETE":
        state.wrong_tokens.clear()
        return None
    if request.method == "POST":
        return add_wrong_token(state, body)
    return {"waiting": state.wrong_tokens, "kinds": {name: says for name, (says, _) in WRONG.items()}}


def add_wrong_token(state: State, body: Body) -> Body:
    """how: a kind; or claims: set these (null removes) in an otherwise good token."""
    how = body.get("how")
    if how is not None and how not in WRONG:
        raise Refused(f"no wrong token is called {how!r}; there are: {', '.join(WRONG)}")
    if not isinstance(body.get("times", 1), int | None) or not isinstance(body.get("claims"), dict | None):
        raise Refused("times is a number or null, claims are an object")
    wish = {"how": how, "tid": body.get("tid") or "*", "times": body.get("times", 1), "claims": body.get("claims")}
    state.wrong_tokens.append(wish)
    return wish


@action
def clock(request: Request, state: State, body: Body) -> Any:
    if request.method == "PUT":
        state.clock_skew = int(body.get("skew_seconds", 0))
        state.token_lifetime = int(body.get("token_lifetime", 3599))
    return {"skew_seconds": state.clock_skew, "token_lifetime": state.token_lifetime}


@action
def rotate_keys(request: Request, state: State, body: Body) -> Any:
    state.keys.rotate(keep_old=body.get("keep_old", True))
    return {"kids": [key.kid for key in state.keys.keys]}


# -- DNS --------------------------------------------------------------------------------------------------


@action
def names(request: Request, state: State, body: Body) -> Any:
    """PUT: name and values (a list of texts; none removes the record)."""
    if request.method == "PUT":
        state.names.put(body.get("name"), body.get("values"))
    return {"records": state.names.records, "outage": state.names.outage, "asked": state.names.asked}


@action
def names_outage(request: Request, state: State, body: Body) -> Any:
    state.names.set_outage(body.get("kind"))


# -- apps, journal, mail ----------------------------------------------------------------------------------


@action
def clients(request: Request, state: State, body: Body) -> Any:
    if request.method == "POST":
        client = Client(**body)
        if not all(isinstance(text, str) and text for text in (client.client_id, client.secret, client.name)):
            raise Refused("client_id, secret and name are text")
        state.clients[client.client_id] = client
        return asdict(client)
    return {"clients": [asdict(client) for client in state.clients.values()]}


@action
def requests(request: Request, state: State, body: Body) -> Any:
    if request.method == "DELETE":
        state.log.clear()
        return None
    query = request.query_params
    wanted = {name: query.get(name) for name in ("operation", "tid", "path", "provider")}
    return {"requests": state.log.found(**wanted)}


@action
def mail(request: Request, state: State, body: Body) -> Any:
    if request.method == "DELETE":
        state.mailbox.clear()
        return None
    return {"messages": state.mailbox.found(request.query_params.get("to"))}


@action
def sessions(request: Request, state: State, body: Body) -> Any:
    """GET: who is signed in. POST: end these (all of them without "sid"); the addresses a page would frame."""
    if request.method == "GET":
        return {"sessions": [asdict(session) for session in state.sessions.values()]}
    wanted = [body["sid"]] if "sid" in body else list(state.sessions)
    return {"frames": [url for sid in wanted if (url := end_session(state, sid))]}


@action
def receiver(request: Request, state: State, body: Body) -> Any:
    """PUT: how a receiver of webhooks answers. GET: what it was sent. DELETE: it is forgotten."""
    name = request.path_params["name"]
    if request.method == "DELETE":
        state.receivers.pop(name, None)
        return None
    if request.method == "PUT":
        known = state.receivers.get(name)
        state.receivers[name] = Receiver(**body, messages=known.messages if known else [])
    return {"messages": state.receivers[name].messages if name in state.receivers else []}


ORG = "/organisations/{tid}"


@action
def vault(request: Request, state: State, body: Body) -> Any:
    """Write a secret (`data` null deletes its newest version), or say what is wrong with the store."""
    store = state.vault
    if "path" in body:
        store.write(str(body.get("mount", "secret")), str(body["path"]), body.get("data"))
    store.sealed = bool(body.get("sealed", store.sealed))
    store.forbidden = set(body.get("forbidden", store.forbidden))
    store.version_one = set(body.get("version_one", store.version_one))


@action
def payment_accounts(request: Request, state: State, body: Body) -> Any:
    """PUT: an account at a payment provider, with these facts changed. DELETE: it is not there any more."""
    provider, account = request.path_params["provider"], request.path_params["account"]
    if provider not in sending.PROVIDERS:
        raise Missing(f"no provider {provider}")
    if request.method == "DELETE":
        state.payments.accounts[provider].pop(account, None)
        return None
    return sending.PROVIDERS[provider].add(state.payments, account, **body)


@action
def payment_deliveries(request: Request, state: State, body: Body) -> Any:
    """The requests with which a provider would tell an event, without sending them."""
    facts = (body.get("how", "good"), body.get("kind", ""), body.get("account", ""))
    found = sending.made(state.payments, request.path_params["provider"], *facts)
    return {"deliveries": [asdict(one) for one in found]}


@action
def payment_settings(request: Request, state: State, body: Body) -> Any:
    """`away`: providers that answer 503 from now on; `addresses`: where each sends; `telling`: how.

    `slow_refunds`: refunds of Stripe wait for the word of a bank.
    """
    state.payments.away = set(body.get("away", state.payments.away))
    state.payments.addresses |= body.get("addresses", {})
    if unknown := set(body.get("telling", {}).values()) - set(telling.WAYS):
        raise Refused(f"webhooks go out {', '.join(telling.WAYS)}, not {unknown}")
    state.payments.telling |= body.get("telling", {})
    state.payments.slow_refunds = bool(body.get("slow_refunds", state.payments.slow_refunds))
    return {"away": sorted(state.payments.away), "addresses": state.payments.addresses}


@action
def payment_act(request: Request, state: State, body: Body) -> Any:
    """Something happens at a provider: `act`, the `id` of what it happens to, and facts of its own."""
    provider = sending.PROVIDERS.get(request.path_params["provider"])
    if provider is None or not hasattr(provider, "act"):
        raise Missing("nothing can be made to happen there")
    return public(provider.act(state.payments, body.pop("act", ""), body.pop("id", ""), **body))


@action
def payment_told(request: Request, state: State, body: Body) -> Any:
    """What a provider has told or should have, oldest first, as requests that are signed now."""
    name = request.path_params["provider"]
    if request.method == "DELETE":
        state.payments.told = [one for one in state.payments.told if one["provider"] != name]
        return None
    found = [one["made"] for one in state.payments.told if one["provider"] == name]
    sign = sending.PROVIDERS[name].signed
    return {
        "told": [
            {"kind": made.get("type") or made.get("eventType"), **asdict(sign(state.payments, made))} for made in found
        ]
    }


routes = [
    Route("/payments", payment_settings, methods=["PUT"]),
    Route("/payments/{provider}/act", payment_act, methods=["POST"]),
    Route("/payments/{provider}/told", payment_told, methods=["GET", "DELETE"]),
    Route("/payments/{provider}/deliveries", payment_deliveries, methods=["POST"]),
    Route("/payments/{provider}/accounts/{account}", payment_accounts, methods=["PUT", "DELETE"]),
    Route("/sessions", sessions, methods=["GET", "POST"]),
    Route("/health", health),
    Route("/reset", do_reset, methods=["POST"]),
    Route("/organisations", organisations, methods=["GET", "POST"]),
    Route(ORG, organisation, methods=["GET", "PATCH", "DELETE"]),
    Route(f"{ORG}/consents/{{client_id}}", consent, methods=["PUT"]),
    Route(f"{ORG}/people", people, methods=["GET", "POST"]),
    Route(f"{ORG}/people/{{id}}", person, methods=["GET", "PATCH", "DELETE"]),
    Route(f"{ORG}/people/{{id}}/photo", photo, methods=["PUT", "DELETE"]),
    Route(f"{ORG}/people/{{id}}/restore", restore, methods=["POST"]),
    Route(f"{ORG}/groups", groups, methods=["GET", "POST"]),
    Route(f"{ORG}/groups/{{id}}", group, methods=["GET", "PATCH", "DELETE"]),
    Route(f"{ORG}/groups/{{id}}/members", group_members, methods=["POST"]),
    Route("/subscriptions", subscriptions, methods=["GET", "PUT"]),
    Route("/subscriptions/{id}", subscription, methods=["POST", "DELETE"]),
    Route("/faults", faults, methods=["GET", "POST", "DELETE"]),
    Route("/faults/{id:int}", fault, methods=["DELETE"]),
    Route("/wrong-tokens", wrong_tokens, methods=["GET", "POST", "DELETE"]),
    Route("/clock", clock, methods=["GET", "PUT"]),
    Route("/keys/rotate", rotate_keys, methods=["POST"]),
    Route("/dns", names, methods=["GET", "PUT"]),
    Route("/dns/outage", names_outage, methods=["PUT"]),
    Route("/receivers/{name}", receiver, methods=["GET", "PUT", "DELETE"]),
    Route("/vault", vault, methods=["PUT"]),
    Route("/clients", clients, methods=["GET", "POST"]),
    Route("/requests", requests, methods=["GET", "DELETE"]),
    Route("/mail", mail, methods=["GET", "DELETE"]),
]
