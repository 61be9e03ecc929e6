"""Tokens with which we read a school's directory in our own name: one per organisation, in memory only."""

import logging
import threading
from collections import OrderedDict
from typing import Any, Final

from .errors import GraphConfused, GraphError, GraphForbidden, GraphMisconfigured, GraphUnavailable
from .login import MSAL_FAULTS, LoginConfused, LoginUnavailable, is_guid, msal_client
from .refusals import Reason, reason_of_answer, traces
from .registration import MicrosoftApp

logger = logging.getLogger(__name__)

_ERRORS: Final[dict[Reason, type[GraphError]]] = {
    Reason.CONSENT: GraphForbidden,
    Reason.DECLINED: GraphForbidden,
    Reason.WRONG_ACCOUNT: GraphForbidden,  # the registration is not, or no longer, in this organisation
    Reason.BLOCKED: GraphForbidden,
    Reason.MISCONFIGURED: GraphMisconfigured,
    Reason.UNAVAILABLE: GraphUnavailable,
}


class AppTokens:
    """Client credentials per organisation. msal remembers a token while it is good; we remember msal."""

    LARGEST: Final = 512

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: OrderedDict[tuple[MicrosoftApp, str, int], Any] = OrderedDict()

    def get(self, app: MicrosoftApp, tenant_id: str, *, claims: str | None = None) -> str:
        """A bearer token, or a GraphError. `claims`, a challenge of Graph, asks for a new one."""
        if not is_guid(tenant_id):
            raise GraphConfused("the organisation is not named by its id")
        try:
            result = self._acquire(app, tenant_id, claims)
        except LoginUnavailable as fault:
            raise GraphUnavailable(f"login: {fault}") from None
        except ValueError:
            # Discovery refused: the login host does not know this organisation.
            raise GraphForbidden("login: unknown organisation") from None
        except (LoginConfused, *MSAL_FAULTS) as fault:
            raise GraphConfused(f"login: {type(fault).__name__}") from None
        granted = result.get("access_token")
        if not isinstance(granted, str) or not granted.isascii() or not granted.isprintable() or not granted:
            raise self._refused(app, tenant_id, result)
        return granted

    def forget(self, app: MicrosoftApp, tenant_id: str) -> None:
        """The next call asks for a new token, whatever is remembered."""
        with self._lock:
            for position in range(len(app.client_secrets)):
                self._clients.pop((app, tenant_id, position), None)

    def _acquire(self, app: MicrosoftApp, tenant_id: str, claims: str | None) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for position in range(len(app.client_secrets)):
            client = self._client(app, tenant_id, position)
            result = client.acquire_token_for_client([app.graph_scope], claims_challenge=claims) or {}
            if result.get("error") != "invalid_client":
                return result
        return result

    def _client(self, app: MicrosoftApp, tenant_id: str, position: int) -> Any:
        """msal's application for the secret at `position`. Made without the lock: it takes the network."""
        key = (app, tenant_id, position)
        with self._lock:
            if key in self._clients:
                self._clients.move_to_end(key)
                return self._clients[key]
        made = msal_client(app, tenant_id, secret=app.client_secrets[position])
        with self._lock:
            self._clients[key] = made
            while len(self._clients) > self.LARGEST:
                self._clients.popitem(last=False)
        return made

    def _refused(self, app: MicrosoftApp, tenant_id: str, result: dict[str, Any]) -> GraphError:
        # msal would answer from its memory of this refusal for a minute.
        self.forget(app, tenant_id)
        reason = reason_of_answer(result)
        kind = _ERRORS.get(reason, GraphForbidden)
        logger.log(
            logging.ERROR if kind is GraphMisconfigured else logging.WARNING,
            "microsoft refused an app token",
            extra={"reason": reason.value, "tenant_id": tenant_id, **traces(result)},
        )
        return kind(f"login: {reason.value}")


APP_TOKENS: Final = AppTokens()
