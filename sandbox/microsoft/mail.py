"""sendMail: a message from a mailbox of the organisation, as JSON or as MIME; it arrives in the simulator's mailbox."""

import base64
import binascii
import json
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from sandbox.mail import links_of, read_message
from sandbox.microsoft.errors import GraphError
from sandbox.microsoft.graph import Answer, Call, endpoint
from sandbox.microsoft.query import bad

MAIL_SEND = {"Mail.Send"}


@endpoint("send_mail")
async def send_mail(call: Call) -> Answer:
    """202 without a body: Graph gives no id of the message."""
    if not call.permissions & MAIL_SEND:
        raise GraphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
    person = call.organisation.find_person(call.request.path_params["id"])
    if person is None:
        raise GraphError(404, "ErrorInvalidUser", f"The requested user '{call.request.path_params['id']}' is invalid.")
    raw = await call.request.body()
    mime = call.request.headers.get("content-type", "").startswith("text/plain")
    message = _from_mime(raw) if mime else _from_json(raw)
    sender = person.get("mail") or person["userPrincipalName"]
    message["headers"] = {"From": f"{person['displayName']} <{sender}>"} | message["headers"]
    call.state.mailbox.put({"sender": sender, "way": "graph", **message})
    return Response(status_code=202)


def _from_mime(raw: bytes) -> dict[str, Any]:
    try:
        found = read_message(base64.b64decode(raw, validate=True))
    except binascii.Error:
        raise bad("Invalid base64 string for MIME content.", "ErrorMimeContentInvalidBase64String") from None
    to = [part.strip() for part in found["headers"].get("To", "").split(",") if part.strip()]
    return {"to": _some(to), **found}


def _from_json(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
        message = body["message"]
        to = [one["emailAddress"]["address"] for one in message["toRecipients"]]
        kind, content = message["body"]["contentType"].lower(), str(message["body"]["content"])
        headers = {str(one["name"]): str(one["value"]) for one in message.get("internetMessageHeaders", [])}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise bad("The body is not a message.", "RequestBodyRead") from None
    if any(not name.lower().startswith("x-") for name in headers):
        raise bad("Custom headers must start with 'x-'.", "InvalidInternetMessageHeader")
    text, html = (content, "") if kind == "text" else ("", content)
    subject = str(message.get("subject") or "")
    return {
        "to": _some(to),
        "subject": subject,
        "text": text,
        "html": html,
        "links": links_of(text, html),
        "headers": {"To": ", ".join(to), "Subject": subject} | headers,
        "attachments": [
            {"name": one.get("name", ""), "type": one.get("contentType", "")} for one in message.get("attachments", [])
        ],
        "saved": body.get("saveToSentItems", True) is not False,
    }


def _some(to: list[str]) -> list[str]:
    if not to or not all(isinstance(one, str) and "@" in one for one in to):
        raise bad("At least one recipient is not valid.", "ErrorInvalidRecipients")
    return to


routes = [Route("/users/{id}/sendMail", send_mail, methods=["POST"])]
