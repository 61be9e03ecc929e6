"""Sign-in: discovery, the account page, codes and tokens, admin consent, sign-out."""

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.log import masked_form
from sandbox.microsoft import sessions
from sandbox.microsoft.answers import send_back, wants_json
from sandbox.microsoft.directory import Organisation
from sandbox.microsoft.errors import AadError, aad_response
from sandbox.microsoft.keys import b64url
from sandbox.microsoft.tokens import claims_of, client_info, id_token, issuer, login_hint
from sandbox.microsoft.trouble import note, troubled
from sandbox.state import Client, State
from sandbox.web import render

ANY_TENANT = {"organizations", "common", "consumers"}
CODE_LIFE = 600
GRAPH_DEFAULT_SCOPES = {"https://graph.microsoft.com/.default", "https://graph.microsoft.com//.default"}
LOCAL_SUFFIXES = (".localhost", ".test", ".example")
LOCAL_HOSTS = {"localhost", "127.0.0.1", "testserver"}


@dataclass
class Grant:
    """What an authorization code or a refresh token stands for."""

    client_id: str
    tid: str
    oid: str
    redirect_uri: str
    scope: str
    nonce: str | None
    challenge: str
    method: str
    sid: str
    issued: float
    used: bool = False


@dataclass
class AccessToken:
    tid: str
    client_id: str
    permissions: list[str]
    expires: float
    oid: str | None = None
    dead: bool = False


def _state(request: Request) -> State:
    return request.app.state.sandbox


def endpoints_base(request: Request) -> str:
    """Where the endpoints are announced: to a client that rewrites addresses (MSAL wants https), Microsoft's own."""
    host = request.headers.get("host", "")
    return f"https://{host}" if host == "login.microsoftonline.com" else _state(request).microsoft_url


# -- documents --------------------------------------------------------------------------------------------


@troubled("discovery")
async def discovery(request: Request) -> Response:
    state, tenant = _state(request), request.path_params["tenant"]
    if tenant not in ANY_TENANT and tenant not in state.organisations:
        return aad_response(AadError(90002, f"Tenant '{tenant}'."), request)
    base = f"{endpoints_base(request)}/{tenant}"
    document = {
        "issuer": issuer(state, "{tenantid}" if tenant in ANY_TENANT else tenant),
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "userinfo_endpoint": f"{state.public_url}/graph/oidc/userinfo",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "frontchannel_logout_supported": True,
        "tenant_region_scope": "EU",
    }
    return JSONResponse(document)


@troubled("keys")
async def keys(request: Request) -> Response:
    state = _state(request)
    return JSONResponse(state.keys.document(issuer(state, "{tenantid}")))


# -- the account page -------------------------------------------------------------------------------------


def _client(state: State, client_id: str | None) -> Client:
    client = state.clients.get(client_id or "")
    if client is None:
        raise AadError(700016, f"Application with identifier '{client_id}'.")
    return client


def redirect_allowed(client: Client, uri: str) -> bool:
    if client.redirect_uris:
        return uri in client.redirect_uris
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and (host in LOCAL_HOSTS or host.endswith(LOCAL_SUFFIXES))


def _organisations(state: State, tenant: str) -> list[Organisation]:
    if tenant in ANY_TENANT:
        return list(state.organisations.values())
    if tenant not in state.organisations:
        raise AadError(90002, f"Tenant '{tenant}'.")
    return [state.organisations[tenant]]


def _checked_authorize(state: State, tenant: str, query: Any) -> tuple[Client, list[Organisation]]:
    """Errors here are shown on Microsoft's own page: the return address is not trusted yet."""
    client = _client(state, query.get("client_id"))
    if not redirect_allowed(client, query.get("redirect_uri", "")):
        raise AadError(50011, f"'{query.get('redirect_uri', '')}'.")
    return client, _organisations(state, tenant)


def _authorize_fault(query: Any) -> tuple[str, str] | None:
    """Errors here go back to the app."""
    if query.get("response_type") != "code":
        return "unsupported_response_type", "AADSTS700054: response_type is not enabled for the application."
    if "openid" not in query.get("scope", "").split():
        return "invalid_scope", "AADSTS70011: The provided value for the input parameter 'scope' is not valid."
    if query.get("code_challenge") and query.get("code_challenge_method") != "S256":
        return "invalid_request", "AADSTS501491: Invalid size or method of Code_Challenge."
    if query.get("prompt") == "none":
        return "login_required", AadError(50058).described()
    return None


@troubled("authorize")
async def authorize(request: Request) -> Response:
    """GET shows the account picker; POST is the person's choice."""
    state, query = _state(request), request.query_params
    try:
        client, organisations = _checked_authorize(state, request.path_params["tenant"], query)
    except AadError as error:
        return _error_page(request, error)
    if fault := _authorize_fault(query):
        return send_back(request, {"error": fault[0], "error_description": fault[1]})
    if request.method == "GET":
        return _picker(request, client, organisations)
    form = await request.form()
    if form.get("cancel"):
        return send_back(request, {"error": "access_denied", "error_description": AadError(65004).described()})
    try:
        organisation, person = _chosen(organisations, str(form.get("person", "")))
    except AadError as error:
        return _error_page(request, error)
    answer = _code_answer(state, client, organisation, person, query)
    return sessions.keep(request, send_back(request, answer), answer["session_state"])


def _chosen(organisations: list[Organisation], key: str) -> tuple[Organisation, dict[str, Any]]:
    for organisation in organisations:
        if person := organisation.find_person(key):
            if not person["accountEnabled"]:
                raise AadError(50057)
            return organisation, person
    raise AadError(50020 if len(organisations) == 1 else 50034, f"'{key}'.")


def _code_answer(
    state: State, client: Client, organisation: Organisation, person: dict[str, Any], query: Any
) -> dict[str, str]:
    sid = str(uuid.uuid4())
    grant = Grant(
        client_id=client.client_id, tid=organisation.tid, oid=person["id"], redirect_uri=query["redirect_uri"],
        scope=query.get("scope", ""), nonce=query.get("nonce"), challenge=query.get("code_challenge", ""),
        method=query.get("code_challenge_method", ""), sid=sid, issued=state.now(),
    )  # fmt: skip
    logout_url = sessions.registered_logout_url(client, query["redirect_uri"])
    sessions.remember(
        state, sessions.SignedIn(sid, organisation.tid, person["id"], client.name, logout_url, state.now())
    )
    answer = {"code": state.codes.issue("1.AX", grant), "session_state": sid}
    if query.get("client_info") == "1":
        answer["client_info"] = client_info(organisation.tid, person["id"])
    return answer


def _picker(request: Request, client: Client, organisations: list[Organisation]) -> Response:
    query = request.query_params
    search = query.get("search", "")
    hint = query.get("login_hint", "")
    hinted = next((p for o in organisations if (p := o.find_person(hint))), None) if hint else None
    rows = []
    for organisation in organisations:
        people = organisation.search_people(search, 12 if search else 6 if len(organisations) == 1 else 4)
        rows.append((organisation, people))
    kept = [(name, value) for name, value in query.multi_items() if name != "search"]
    return render(
        request, "microsoft/authorize.html", client=client, rows=rows, search=search, kept=kept, hinted=hinted,
        query=urlencode(kept), several=len(organisations) > 1,
    )  # fmt: skip


def _error_page(request: Request, error: AadError) -> Response:
    if wants_json(request):
        return aad_response(error, request)
    response = render(request, "microsoft/error.html", error=error)
    response.status_code = error.known.status
    return response


# -- tokens -----------------------------------------------------------------------------------------------


def _authenticated(state: State, form: Any) -> Client:
    if not form.get("client_id"):
        raise AadError(90014, "Field: 'client_id'.")
    client = _client(state, str(form["client_id"]))
    secret = str(form.get("client_secret", ""))
    if not hmac.compare_digest(secret.encode(), client.secret.encode()):
        raise AadError(7000215, f"App: '{client.client_id}'.")
    return client


OPERATION_OF_GRANT = {
    "authorization_code": "token.code",
    "client_credentials": "token.app",
    "refresh_token": "token.refresh",
}


async def _token_operation(request: Request) -> str:
    note(request, body=masked_form(await request.body()))
    form = await request.form()
    return OPERATION_OF_GRANT.get(str(form.get("grant_type")), "token")


@troubled(_token_operation)
async def token(request: Request) -> Response:
    state = _state(request)
    form = await request.form()
    exchange = {
        "authorization_code": _by_code,
        "client_credentials": _by_secret,
        "refresh_token": _by_refresh_token,
    }.get(str(form.get("grant_type", "")))
    try:
        client = _authenticated(state, form)
        _organisations(state, request.path_params["tenant"])
        if exchange is None:
            raise AadError(70003, f"'{form.get('grant_type')}'.")
        body = exchange(state, client, form, request.path_params["tenant"])
    except AadError as error:
        return aad_response(error, request)
    return JSONResponse(body, headers={"cache-control": "no-store", "pragma": "no-cache"})


def _by_code(state: State, client: Client, form: Any, tenant: str) -> dict[str, Any]:
    grant: Grant | None = state.codes.get(str(form.get("code", "")))
    if grant is None or grant.client_id != client.client_id:
        raise AadError(70000, "The code is malformed or was never issued.")
    if grant.used:
        raise AadError(54005)
    if state.now() - grant.issued > CODE_LIFE:
        raise AadError(70008)
    if tenant not in ANY_TENANT and tenant != grant.tid:
        raise AadError(70000, "The code was issued by another tenant.")
    if form.get("redirect_uri") != grant.redirect_uri:
        raise AadError(50011, "The reply address does not match the one of the authorization request.")
    _check_verifier(grant, str(form.get("code_verifier", "")))
    grant.used = True
    return _user_tokens(state, client, grant)


def _check_verifier(grant: Grant, verifier: str) -> None:
    if not grant.challenge:
        return
    if b64url(hashlib.sha256(verifier.encode()).digest()) != grant.challenge:
        raise AadError(501481)


def _by_refresh_token(state: State, client: Client, form: Any, tenant: str) -> dict[str, Any]:
    grant: Grant | None = state.refresh_tokens.get(str(form.get("refresh_token", "")))
    if grant is None or grant.client_id != client.client_id:
        raise AadError(70000)
    return _user_tokens(state, client, grant)


def _user_tokens(state: State, client: Client, grant: Grant) -> dict[str, Any]:
    organisation, person = _still_there(state, grant)
    wrong = _wrong_token(state, grant.tid)
    how = wrong["how"] if wrong else None
    if how == "other_organisation":
        organisation, person = _stranger(state, grant.tid)
    claims = claims_of(
        state, organisation, person, client_id=client.client_id, nonce=grant.nonce, sid=grant.sid
    )  # fmt: skip
    access = AccessToken(
        organisation.tid, client.client_id, ["User.Read"], state.now() + state.token_lifetime, person["id"]
    )
    body = {
        "token_type": "Bearer",
        "scope": " ".join(scope for scope in grant.scope.split() if scope != "offline_access"),
        "expires_in": state.token_lifetime,
        "ext_expires_in": state.token_lifetime,
        "access_token": state.access_tokens.issue("EwB.", access),
        "id_token": id_token(state, claims, how, (wrong or {}).get("claims")),
        "client_info": client_info(organisation.tid, person["id"]),
    }
    if "offline_access" in grant.scope.split():
        body["refresh_token"] = state.refresh_tokens.issue("1.AR", grant)
    if how == "no_id_token":
        del body["id_token"]
    return body


def _still_there(state: State, grant: Grant) -> tuple[Organisation, dict[str, Any]]:
    organisation = state.organisations.get(grant.tid)
    person = organisation and organisation.people.get(grant.oid)
    if organisation is None or person is None or person["deletedDateTime"]:
        raise AadError(50034)
    if not person["accountEnabled"]:
        raise AadError(50057)
    return organisation, person


def _stranger(state: State, tid: str) -> tuple[Organisation, dict[str, Any]]:
    for organisation in state.organisations.values():
        if organisation.tid != tid and organisation.people:
            return organisation, next(iter(organisation.people.values()))
    raise AadError(50034, "The simulator has no other organisation with people.")


def _wrong_token(state: State, tid: str) -> dict[str, Any] | None:
    """The wish that is next for this organisation; used up when its times are over."""
    for wish in state.wrong_tokens:
        if wish["tid"] in ("*", tid):
            if wish["times"] is not None:
                wish["times"] -= 1
                if wish["times"] <= 0:
                    state.wrong_tokens.remove(wish)
            return wish
    return None


def _by_secret(state: State, client: Client, form: Any, tenant: str) -> dict[str, Any]:
    """App-only access to Graph, for an organisation whose administrator has consented."""
    if tenant in ANY_TENANT:
        raise AadError(50194, "Use the tenant's own endpoint.")
    if form.get("scope") not in GRAPH_DEFAULT_SCOPES:
        raise AadError(70011, f"'{form.get('scope')}'. Use https://graph.microsoft.com/.default.")
    organisation = state.organisations[tenant]
    if client.client_id not in organisation.consents:
        raise AadError(700016, f"Application '{client.client_id}', directory '{organisation.name}'.")
    access = AccessToken(
        tenant, client.client_id, list(organisation.consents[client.client_id]), state.now() + state.token_lifetime
    )
    return {
        "token_type": "Bearer",
        "expires_in": state.token_lifetime,
        "ext_expires_in": state.token_lifetime,
        "access_token": state.access_tokens.issue("EwA.", access),
    }


# -- consent and sign-out ---------------------------------------------------------------------------------


@troubled("adminconsent")
async def admin_consent(request: Request) -> Response:
    state, query = _state(request), request.query_params
    try:
        client, organisations = _checked_authorize(state, request.path_params["tenant"], query)
    except AadError as error:
        return _error_page(request, error)
    if request.method == "GET":
        return _consent_page(request, client, organisations)
    form = await request.form()
    if form.get("answer") != "accept":
        return send_back(request, _consent_refused(AadError(65004)), mode="query")
    try:
        organisation, person = _chosen(organisations, str(form.get("person", "")))
    except AadError as error:
        return _error_page(request, error)
    if not organisation.is_admin(person["id"]):
        return _error_page(request, AadError(90094))
    organisation.consents[client.client_id] = list(client.permissions)
    state.changed()
    answer = {"admin_consent": "True", "tenant": organisation.tid, "scope": query.get("scope", "")}
    return send_back(request, answer, mode="query")


def _consent_refused(error: AadError) -> dict[str, str]:
    return {"admin_consent": "True", "error": "consent_required", "error_description": error.described()}


def _consent_page(request: Request, client: Client, organisations: list[Organisation]) -> Response:
    rows = [(organisation, organisation.admins()) for organisation in organisations]
    return render(
        request, "microsoft/consent.html", client=client, rows=rows, query=urlencode(request.query_params.multi_items())
    )


async def logout(request: Request) -> Response:
    """Ends the browser's session here, tells each app in a frame, and goes back to an address that is registered.

    Of several accounts in one browser the one that `logout_hint` names; without it the page asks which.
    """
    uri = request.query_params.get("post_logout_redirect_uri")
    found = sessions.of_browser(request, _state(request))
    leaving = sessions.chosen_to_leave(found, request.query_params.get("logout_hint", ""))
    if leaving is None:
        return _which_account(request, found)
    frames = [url for session in leaving if (url := sessions.end(_state(request), session.sid))]
    onward = ""
    if uri and any(redirect_allowed(client, uri) for client in _state(request).clients.values()):
        mark = "&" if urlsplit(uri).query else "?"
        state = request.query_params.get("state")
        onward = f"{uri}{mark}{urlencode({'state': state})}" if state else uri
    if frames:
        return sessions.signed_out_page(request, frames, onward)
    if onward:
        return RedirectResponse(onward, 302)
    return render(request, "microsoft/signed_out.html")


def _which_account(request: Request, found: list[sessions.SignedIn]) -> Response:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "logout_hint"]
    rows = {}
    for session in found:
        person = _state(request).organisations[session.tid].people.get(session.oid, {})
        query = urlencode([*kept, ("logout_hint", login_hint(session.tid, session.oid))])
        rows[person.get("userPrincipalName", session.oid)] = f"{request.url.path}?{query}"
    return render(request, "microsoft/which_account.html", rows=rows)


async def instance_discovery(request: Request) -> Response:
    """MSAL asks this before it looks into its cache, to learn which hosts are the same."""
    hosts = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"]
    alias = {"preferred_network": hosts[0], "preferred_cache": hosts[1], "aliases": hosts}
    document = f"{endpoints_base(request)}/organizations/v2.0/.well-known/openid-configuration"
    return JSONResponse({"tenant_discovery_endpoint": document, "api-version": "1.1", "metadata": [alias]})


async def home(request: Request) -> Response:
    return HTMLResponse("<p>Microsoft sign-in of the simulator.</p>")


routes = [
    Route("/", home),
    Route("/common/discovery/instance", instance_discovery),
    Route("/{tenant}/v2.0/.well-known/openid-configuration", discovery),
    Route("/{tenant}/discovery/v2.0/keys", keys),
    Route("/{tenant}/oauth2/v2.0/authorize", authorize, methods=["GET", "POST"]),
    Route("/{tenant}/oauth2/v2.0/token", token, methods=["POST"]),
    Route("/{tenant}/oauth2/v2.0/logout", logout),
    Route("/{tenant}/v2.0/adminconsent", admin_consent, methods=["GET", "POST"]),
    Route("/{tenant}/adminconsent", admin_consent, methods=["GET", "POST"]),
]
