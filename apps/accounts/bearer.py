"""Who carries a bearer token: a program with a session, or a machine with a credential. Only on machine addresses."""

from datetime import datetime

from django.http import HttpRequest

from apps.core.actor import Actor

from . import tokens
from .models import Session, User
from .rules import idle_time
from .selectors import actor_for
from .services import second_step, service_credentials

MACHINE_PATHS = ("/api/", "/scim/")
SCHEME = "bearer "


def token_of(request: HttpRequest) -> str | None:
    """The token of the Authorization header, "" when the header says something else; None on pages or without one."""
    header = request.headers.get("Authorization")
    if header is None or not request.path.startswith(MACHINE_PATHS):
        return None
    return header[len(SCHEME) :].strip() if header[: len(SCHEME)].lower() == SCHEME else ""


def actor_of(request: HttpRequest, token: str, now: datetime) -> Actor | None:
    """The actor of a token of this school; None for anything else. Cookies do not count beside a token."""
    address = request.META["REMOTE_ADDR"]
    if token.startswith(service_credentials.PREFIX):
        return service_credentials.actor_of(token, address=address, now=now) if request.school else None
    claims = tokens.read_access(token, Session.Kind.API)
    if claims is None:
        return None
    living = Session.objects.living(now, idle_time()).select_related("user")
    session = living.filter(pk=claims.session_id, kind=Session.Kind.API).first()
    user = session.user if session else None
    if session is None or not isinstance(user, User) or not user.is_active:
        return None
    actor = actor_for(user, surface="api", request_id=request.request_id, address=address, session=session)
    return None if second_step.is_missing(session, actor, request.school) else actor
