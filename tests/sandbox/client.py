"""Real clients pointed at the simulator: msal and httpx."""

from urllib.parse import urlsplit

import httpx
import msal
import requests
from requests.adapters import HTTPAdapter

from tests.sandbox_fixture import LUMIERE, Answer, Simulator

MICROSOFT = "https://login.microsoftonline.com"
REDIRECT = "http://campanile.localhost:8000/sign-in/microsoft/callback"
GRAPH_SCOPE = "https://graph.microsoft.com/.default"


class Rewriting(HTTPAdapter):
    """Sends what is meant for Microsoft to the simulator; the Host header stays Microsoft's."""

    def __init__(self, simulator: Simulator):
        super().__init__()
        self.base = simulator.microsoft_url

    def send(self, request, **options):
        request.headers["Host"] = urlsplit(MICROSOFT).netloc
        request.url = request.url.replace(MICROSOFT, self.base, 1)
        return super().send(request, **options)


def session_for(simulator: Simulator) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount(MICROSOFT, Rewriting(simulator))
    return session


def msal_app(
    simulator: Simulator, tid: str, session: requests.Session, **options
) -> msal.ConfidentialClientApplication:
    """A new application each time: msal keeps errors of the provider for a minute."""
    return msal.ConfidentialClientApplication(
        simulator.client_id,
        client_credential=options.pop("secret", simulator.client_secret),
        authority=f"{MICROSOFT}/{tid}",
        http_client=session,
        **options,
    )


def local(simulator: Simulator, address: str) -> str:
    """The browser's leg: msal made the address for Microsoft's host."""
    return address.replace(MICROSOFT, simulator.microsoft_url, 1)


def signed_in(simulator: Simulator, app: msal.ConfidentialClientApplication, person: str, **options) -> dict:
    """The whole dance; msal's result."""
    flow = app.initiate_auth_code_flow([], redirect_uri=REDIRECT, response_mode="form_post", **options)
    answer = simulator.sign_in(local(simulator, flow["auth_uri"]), person)
    return app.acquire_token_by_auth_code_flow(flow, answer.params)


def code_answer(simulator: Simulator, person: str, *, tid: str = LUMIERE, **query: str) -> Answer:
    """Only the browser's part, with parameters of our own."""
    return simulator.sign_in(
        str(
            httpx.URL(
                f"{simulator.microsoft_url}/{tid}/oauth2/v2.0/authorize", params=authorize_query(simulator, **query)
            )
        ),
        person,
    )


def authorize_query(simulator: Simulator, **query: str) -> dict[str, str]:
    wanted = {
        "client_id": simulator.client_id,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": "openid profile offline_access",
        "state": "the-state",
        "nonce": "the-nonce",
    }
    return wanted | query


def token_request(simulator: Simulator, *, tid: str = LUMIERE, **form: str) -> httpx.Response:
    body = {
        "client_id": simulator.client_id,
        "client_secret": simulator.client_secret,
        "grant_type": "authorization_code",
        "redirect_uri": REDIRECT,
    }
    return httpx.post(
        f"{simulator.microsoft_url}/{tid}/oauth2/v2.0/token", data=body | form, trust_env=False, verify=False
    )


def app_token(simulator: Simulator, tid: str = LUMIERE) -> str:
    response = token_request(simulator, tid=tid, grant_type="client_credentials", scope=GRAPH_SCOPE)
    return response.json()["access_token"]


class Graph:
    """A plain client of Graph: one token, one organisation."""

    def __init__(self, simulator: Simulator, tid: str = LUMIERE):
        self.simulator = simulator
        self.headers = {"authorization": f"Bearer {app_token(simulator, tid)}", "consistencylevel": "eventual"}
        self.http = httpx.Client(trust_env=False, verify=False, timeout=30)

    def __enter__(self) -> "Graph":
        return self

    def __exit__(self, *error) -> None:
        self.http.close()

    def get(self, path: str, *, headers: dict | None = None, **params) -> httpx.Response:
        address = path if path.startswith("http") else f"{self.simulator.graph_url}{path}"
        return self.http.get(address, headers=self.headers | (headers or {}), params=params or None)

    def pages(self, path: str, **params) -> list[dict]:
        pages = [self.get(path, **params).json()]
        while link := pages[-1].get("@odata.nextLink"):
            pages.append(self.get(link).json())
        return pages

    def members(self, group: str, **params) -> list[dict]:
        path = f"/groups/{group}/transitiveMembers/microsoft.graph.user"
        return [item for page in self.pages(path, **params) for item in page["value"]]
