"""Sign-in with Microsoft: send the browser away, and make sure of who comes back.

Begin and complete share nothing but the data that `begin_sign_in` returns; the caller keeps it on the server,
bound to the browser, and throws it away when it is used once.
"""

import hmac
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from .login import (
    MSAL_FAULTS,
    ORGANISATIONS,
    LoginConfused,
    LoginUnavailable,
    is_guid,
    msal_client,
    require_tenant,
    to_configured,
)
from .refusals import Reason, SignInRefused, refusal, refusal_of_answer
from .registration import MicrosoftApp
from .tokens import Expected, InvalidToken, KeysUnavailable, signing_keys, validate_id_token

logger = logging.getLogger(__name__)

SCOPES: Final = ["email"]  # msal adds openid and profile; nothing of the directory is asked at sign-in
LONGEST_PARAMETER: Final = 8192
MOST_ROLES: Final = 200
LONGEST_HINT: Final = 1_000
GLOBAL_ADMINISTRATOR: Final = "62e90394-69f5-4237-9190-012177145e10"
# Microsoft's template ids, the same in every organisation: who may allow an application for all its people.
ADMINISTRATORS: Final = frozenset(
    {
        GLOBAL_ADMINISTRATOR,
        "e8611ab8-c189-46e8-94e1-60213ab1f814",  # Privileged Role Administrator
        "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",  # Application Administrator
        "158c047a-c907-4556-b7ef-446551a6b5f7",  # Cloud Application Administrator
    }
)


@dataclass(frozen=True, slots=True)
class Flow:
    """`data` to keep on the server (JSON; it holds the PKCE verifier), `url` to send the browser to."""

    data: dict[str, Any]
    url: str

    @property
    def state(self) -> str:
        return str(self.data["msal"]["state"])


@dataclass(frozen=True, slots=True)
class IdClaims:
    """Who signed in, proven. `(tenant_id, object_id)` is the person; what follows `session_id` may change."""

    issuer: str
    tenant_id: str
    object_id: str
    subject: str
    session_id: str
    preferred_username: str
    email: str
    name: str
    is_guest: bool
    directory_roles: frozenset[str] = frozenset()  # of the organisation, by template id
    auth_time: int = 0  # when Microsoft last asked for the credentials, seconds since 1970; 0: it did not say

    multi_factor: bool = False  # Microsoft asked for more than one factor: `amr` names "mfa"
    login_hint: str = ""  # opaque; names the account at Microsoft's sign-out

    @property
    def sid(self) -> str:
        return self.session_id

    @property
    def authenticated_at(self) -> datetime | None:
        return datetime.fromtimestamp(self.auth_time, UTC) if self.auth_time else None

    @property
    def is_administrator(self) -> bool:
        """Whether this person may speak for the whole organisation; false when Microsoft did not say."""
        return not self.directory_roles.isdisjoint(ADMINISTRATORS)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "directory_roles": sorted(self.directory_roles)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "IdClaims":
        return cls(**{**kept, "directory_roles": frozenset(kept.get("directory_roles", ()))})


def begin_sign_in(
    app: MicrosoftApp,
    tenant_id: str,
    redirect_uri: str,
    *,
    state: str | None = None,
    login_hint: str | None = None,
    prompt: str | None = None,
    claims: str | None = None,
) -> Flow:
    """Start a sign-in in one organisation, or in any ("organizations") while a school links its own."""
    client = _ready_client(app, tenant_id, secret=app.client_secrets[0])
    flow = client.initiate_auth_code_flow(
        SCOPES,
        redirect_uri=redirect_uri,
        state=state,
        prompt=prompt,
        # Microsoft refuses a hint together with the account chooser.
        login_hint=None if prompt == "select_account" else login_hint,
        claims_challenge=claims,
        response_mode="form_post",
    )
    url = _answered_by_get(to_configured(flow.pop("auth_uri"), app.login_url))
    return Flow(data={"tenant_id": tenant_id, "client_id": app.client_id, "msal": flow}, url=url)


def complete_sign_in(
    app: MicrosoftApp,
    flow_data: Mapping[str, Any],
    params: Mapping[str, Any],
    *,
    expected_tenant_id: str | None,
    now: datetime,
) -> IdClaims:
    """Who came back, or SignInRefused. Without `expected_tenant_id`: of any organisation."""
    flow = _own_flow(app, flow_data)
    answer = _answer_of_browser(params)
    if not hmac.compare_digest(answer.get("state", "").encode(), str(flow.get("state", "")).encode()):
        raise refusal(Reason.EXPIRED)
    if "error" in answer:
        raise refusal_of_answer(answer)
    if "code" not in answer:
        raise refusal(Reason.EXPIRED)
    tenant_id = str(flow_data["tenant_id"])
    token = _redeem(app, tenant_id, flow, answer)
    wanted = expected_tenant_id or (None if tenant_id == ORGANISATIONS else tenant_id)
    return _claims(token, Expected(app.client_id, app.login_url, str(flow.get("nonce") or ""), wanted, now))


def admin_consent_url(app: MicrosoftApp, *, state: str, redirect_uri: str, tenant: str = ORGANISATIONS) -> str:
    """Where an administrator allows `app`. What comes back proves nothing: see `read_consent`."""
    query = {
        "client_id": app.client_id,
        "scope": app.graph_scope,
        "redirect_uri": redirect_uri,
        "state": state,
    }
    return f"{app.login_url}/{require_tenant(tenant)}/v2.0/adminconsent?{urlencode(query)}"


def read_consent(params: Mapping[str, Any], *, state: str) -> str:
    """The organisation that the browser says has consented: anyone can write that; a sign-in must prove it.

    Raises SignInRefused when consent was refused or the answer belongs to another request.
    """
    said = {name: str(params.get(name) or "")[:LONGEST_PARAMETER] for name in ("state", "tenant", "admin_consent")}
    if not state or not hmac.compare_digest(said["state"].encode(), state.encode()):
        raise refusal(Reason.EXPIRED)
    if params.get("error"):
        raise refusal_of_answer(_texts(params, "error", "error_description"))
    if said["admin_consent"].lower() != "true" or not is_guid(said["tenant"].lower()):
        raise refusal(Reason.NOT_TRUSTED)
    return said["tenant"].lower()


def logout_url(
    app: MicrosoftApp,
    *,
    post_logout_redirect_uri: str,
    tenant_id: str = ORGANISATIONS,
    state: str = "",
    login_hint: str = "",
) -> str:
    """Where the browser ends its session with Microsoft too. Microsoft brings `state` back with the browser.

    With the `login_hint` claim of the account Microsoft does not ask which one is meant.
    """
    said = {"state": state, "logout_hint": login_hint}
    query = {
        "post_logout_redirect_uri": post_logout_redirect_uri,
        **{name: text for name, text in said.items() if text},
    }
    return f"{app.login_url}/{require_tenant(tenant_id)}/oauth2/v2.0/logout?{urlencode(query)}"


def _answered_by_get(url: str) -> str:
    """Ask for the answer in the query: a form posted by Microsoft's page would come without our SameSite=Lax cookie.

    msal warns on every call that asks it for this. The code in the address is worthless after one use and without
    the verifier.
    """
    return url.replace("response_mode=form_post", "response_mode=query")


def _own_flow(app: MicrosoftApp, flow_data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of what msal stored (it empties what it is given), if this registration began the flow."""
    flow = flow_data.get("msal")
    tenant = flow_data.get("tenant_id")
    if not isinstance(flow, dict) or flow_data.get("client_id") != app.client_id:
        raise refusal(Reason.EXPIRED)
    if not (tenant == ORGANISATIONS or is_guid(tenant)):
        raise refusal(Reason.EXPIRED)
    if not all(isinstance(flow.get(name), str) and flow[name] for name in ("state", "nonce", "code_verifier")):
        raise refusal(Reason.EXPIRED)
    return dict(flow)


def _answer_of_browser(params: Mapping[str, Any]) -> dict[str, str]:
    """Only what the protocol needs: msal would decode `client_info` and put it into a header."""
    return _texts(params, "code", "state", "error", "error_description")


def _texts(params: Mapping[str, Any], *names: str) -> dict[str, str]:
    found = {name: params.get(name) for name in names}
    return {name: value[:LONGEST_PARAMETER] for name, value in found.items() if isinstance(value, str) and value}


def _redeem(app: MicrosoftApp, tenant_id: str, flow: dict[str, Any], answer: dict[str, str]) -> object:
    """The ID token for the code. A secret that Microsoft no longer knows gives way to the next one."""
    result: dict[str, Any] = {}
    for secret in app.client_secrets:
        result = _exchange(app, tenant_id, secret, dict(flow), answer)
        if result.get("error") != "invalid_client":
            break
    if "error" in result:
        raise refusal_of_answer(result)
    return result.get("id_token")


def _exchange(
    app: MicrosoftApp, tenant_id: str, secret: str, flow: dict[str, Any], answer: dict[str, str]
) -> dict[str, Any]:
    client = _ready_client(app, tenant_id, secret=secret)
    try:
        result = client.acquire_token_by_auth_code_flow(flow, answer)
    except LoginUnavailable:
        raise refusal(Reason.UNAVAILABLE) from None
    except (LoginConfused, *MSAL_FAULTS) as fault:
        # The text of msal's errors repeats states, nonces and tokens.
        raise _not_trusted(f"msal: {type(fault).__name__}") from None
    return result if isinstance(result, dict) else {}


def _ready_client(app: MicrosoftApp, tenant_id: str, *, secret: str) -> Any:
    require_tenant(tenant_id)
    try:
        return msal_client(app, tenant_id, secret=secret)
    except LoginUnavailable:
        raise refusal(Reason.UNAVAILABLE) from None
    except ValueError:
        # The login host does not know this organisation.
        raise refusal(Reason.WRONG_ORGANISATION) from None
    except (LoginConfused, *MSAL_FAULTS) as fault:
        raise _not_trusted(f"discovery: {type(fault).__name__}") from None


def _claims(token: object, expected: Expected) -> IdClaims:
    try:
        claims = validate_id_token(token, expected, signing_keys(expected.login_url))
    except KeysUnavailable:
        raise refusal(Reason.UNAVAILABLE) from None
    except InvalidToken as fault:
        raise _not_trusted(fault.rule, fault.reason) from None
    return IdClaims(
        issuer=claims["iss"],
        tenant_id=claims["tid"],
        object_id=claims["oid"],
        subject=claims["sub"],
        session_id=_text(claims, "sid"),
        preferred_username=_text(claims, "preferred_username"),
        email=_text(claims, "email"),
        name=_text(claims, "name"),
        is_guest=claims.get("acct") == 1 or claims.get("idp", claims["iss"]) != claims["iss"],
        directory_roles=_roles(claims.get("wids")),
        auth_time=_seconds(claims.get("auth_time")),
        multi_factor=_is_multi_factor(claims.get("amr")),
        login_hint=_hint(claims.get("login_hint")),
    )


def _roles(wids: object) -> frozenset[str]:
    """A list of ids, else nothing at all: what cannot be read gives no power."""
    if not isinstance(wids, list) or len(wids) > MOST_ROLES or not all(is_guid(role) for role in wids):
        return frozenset()
    return frozenset(wids)


def _is_multi_factor(methods: object) -> bool:
    """Only a list that says so; anything else proves nothing."""
    return isinstance(methods, list) and "mfa" in methods


def _hint(value: object) -> str:
    """Whole or not at all: half a hint names nobody."""
    return value if isinstance(value, str) and len(value) <= LONGEST_HINT else ""


def _seconds(value: object) -> int:
    """A moment of this century, else 0: what cannot be read proves nothing."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**32 else 0


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip()[:320] if isinstance(value, str) else ""


def _not_trusted(rule: str, reason: Reason = Reason.NOT_TRUSTED) -> SignInRefused:
    logger.warning("a microsoft sign-in was not trusted", extra={"rule": rule, "reason": reason.value})
    return refusal(reason)
