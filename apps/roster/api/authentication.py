"""Who calls the SCIM endpoint: a service credential of this school that may provision people."""

from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.services import service_credentials
from apps.core.actor import Actor
from apps.core.errors import DomainError

from ..permissions import ROSTER_PROVISION


class Unauthorized(DomainError):
    code = "unauthorized"
    status = 401

    def __init__(self) -> None:
        super().__init__("Send a service credential of this school as a bearer token.")


def machine_of(request: HttpRequest) -> Actor:
    """The machine behind a request. Raises Unauthorized, Forbidden (a credential that may do other things only)."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    actor = None
    if scheme.lower() == "bearer":
        address = request.META["REMOTE_ADDR"]
        actor = service_credentials.actor_of(secret.strip(), address=address, now=timezone.now())
    if actor is None:
        raise Unauthorized
    ROSTER_PROVISION.require(actor)
    return actor
