"""Sending from a mailbox of an organisation, in our own name (application permission Mail.Send)."""

import logging
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import httpx

from apps.integrations import http

from .app_tokens import APP_TOKENS, AppTokens
from .errors import GraphConfused, GraphThrottled, GraphUnavailable, error_of_status
from .graph import asks_for_patience, body_of, claims_challenge, correlation_id
from .patience import retry_after
from .registration import MicrosoftApp, mail_app

logger = logging.getLogger(__name__)

LIMITS: Final = http.Limits(seconds=30.0, size=1024 * 1024, tries=1)
MESSAGE_ID: Final = "x-campanile-message-id"
USUAL_PAUSE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    html: str
    message_id: str  # ours: Graph gives none back


def send_mail(
    tenant_id: str, mailbox: str, mail: Mail, *, app: MicrosoftApp | None = None, tokens: AppTokens = APP_TOKENS
) -> None:
    """Microsoft has taken the message when this returns (202). Never repeated here: a second POST is a second message.

    Raises GraphError subclasses and NotConfigured. Nothing stays in the mailbox's sent items: links of these messages
    are personal.
    """
    app = app or mail_app()
    url = f"{app.graph_url}/users/{quote(mailbox, safe='@')}/sendMail"
    with http.client("microsoft-graph", limits=LIMITS) as web:
        answer = _post(web, url, _body(mail), tokens.get(app, tenant_id))
        if answer.status_code == 401:
            claims = claims_challenge(answer)
            tokens.forget(app, tenant_id)
            answer = _post(web, url, _body(mail), tokens.get(app, tenant_id, claims=claims))
    if answer.status_code == 202:
        return
    if asks_for_patience(answer):
        raise GraphThrottled(retry_after(answer) or USUAL_PAUSE, f"status {answer.status_code}")
    if answer.status_code < 400:
        raise GraphConfused(f"status {answer.status_code}")
    raise error_of_status(answer.status_code, body_of(answer))


def _post(web: http.OutgoingClient, url: str, body: dict[str, Any], bearer: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {bearer}", "client-request-id": correlation_id()}
    try:
        return web.post(url, json=body, headers=headers)
    except httpx.RequestError as broken:
        raise GraphUnavailable(f"connection: {type(broken).__name__}") from None


def _body(mail: Mail) -> dict[str, Any]:
    return {
        "message": {
            "subject": mail.subject,
            "body": {"contentType": "HTML", "content": mail.html},
            "toRecipients": [{"emailAddress": {"address": mail.to}}],
            "internetMessageHeaders": [{"name": MESSAGE_ID, "value": mail.message_id}],
        },
        "saveToSentItems": False,
    }
