"""Signing in and out, whatever the proof was."""

import re
from datetime import datetime

from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError

from .. import acts, known_browsers, selectors
from ..models import Session, User
from ..sessions import FACTS
from .limits import SIGN_IN, SIGN_IN_BROWSER, TooManyAttempts
from .passwords import PasswordsOff

LOOKS_LIKE_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
BACKEND = "apps.accounts.backends.PasswordBackend"


class WrongCredentials(DomainError):
    """Said alike for an unknown address, a wrong password and an account that may not sign in."""

    code = "wrong-credentials"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            _(
                "This e-mail and password do not open an account. Check both, reset your password, "
                "or ask an administrator of your school."
            )
        )


def sign_in_with_password(request: HttpRequest, *, email: str, password: str, now: datetime) -> User:
    """Sign the browser in. Raises WrongCredentials, PasswordsOff or TooManyAttempts, and writes why."""
    user = check_password(request, email=email, password=password)
    start_session(request, user, way=Session.Way.PASSWORD, now=now)
    return user


def check_password(request: HttpRequest, *, email: str, password: str) -> User:
    """Whose password this is, for every door alike. Raises WrongCredentials, PasswordsOff or TooManyAttempts."""
    if not selectors.password_sign_in_allowed(request.school):
        raise PasswordsOff
    try:
        count_attempt(request, email)
    except TooManyAttempts as stopped:
        refused_for_now(request.actor, stopped, email=email)
        raise
    user = authenticate(request, email=email, password=password)
    if not isinstance(user, User):
        refused(request.actor, reason="wrong credentials", email=email)
        raise WrongCredentials
    forgive_attempts(request, email)
    return user


def count_attempt(request: HttpRequest, email: str) -> None:
    """Before any password is looked at. A browser that signed in to this account before has a count of its own, so
    that nobody elsewhere locks it out. Raises TooManyAttempts.
    """
    shown = email if LOOKS_LIKE_EMAIL.fullmatch(email) else ""
    if browser := known_browsers.name_of(request, email):
        SIGN_IN_BROWSER.spend(f"{browser} {email}", shown=shown)
    else:
        SIGN_IN.attempt(account=email, address=request.META["REMOTE_ADDR"], shown=shown)


def forgive_attempts(request: HttpRequest, email: str) -> None:
    """The password was right: what was counted for this attempt is forgiven, the attempts of others are not."""
    if browser := known_browsers.name_of(request, email):
        SIGN_IN_BROWSER.forgive(f"{browser} {email}")
    else:
        SIGN_IN.succeeded(account=email, address=request.META["REMOTE_ADDR"])


@transaction.atomic
def start_session(
    request: HttpRequest, user: User, *, way: str, now: datetime, provider_session: str = "", proven: bool | None = None
) -> None:
    """A new session of this person in this browser, under a new key; nothing of an earlier one is kept.

    `proven`: whether the person has just shown who they are. Microsoft may let somebody in whom it recognised, so
    by default only a password counts: dangerous acts then ask for a proof first (step-up).
    """
    request.session.flush()
    request.session[FACTS] = {
        "way": way,
        "proven": way == Session.Way.PASSWORD if proven is None else proven,
        "provider_session": provider_session[:120],
        "address": request.META["REMOTE_ADDR"],
        "agent": request.headers.get("User-Agent", "")[:300],
    }
    login(request, user, backend=BACKEND)
    known_browsers.remember(request, user.email)
    request.session.save()
    actor = selectors.actor_for(
        user, request_id=request.request_id, address=request.META["REMOTE_ADDR"], session=request.session.row
    )
    request.actor = actor
    record(actor=actor, act=acts.SIGNED_IN, target=user, data={"way": str(way)})


def end_session(request: HttpRequest) -> None:
    """Sign this browser out. Signing out twice changes nothing."""
    actor = request.actor
    with transaction.atomic():
        if not actor.is_anonymous:
            record(actor=actor, act=acts.SIGNED_OUT, target_label=actor.label)
        logout(request)


def refused_for_now(actor: Actor, stopped: TooManyAttempts, *, email: str = "") -> None:
    """One entry per window: whoever goes on trying would fill the audit trail, from which nothing is taken out."""
    if stopped.is_first:
        refused(actor, reason="too many attempts", email=email)


def refused(actor: Actor, *, reason: str, email: str = "", user: User | None = None) -> None:
    """Write down that a sign-in did not happen. What was typed is kept only when it looks like an address."""
    label = email if LOOKS_LIKE_EMAIL.fullmatch(email) else ""
    record(actor=actor, act=acts.SIGN_IN_REFUSED, target=user, target_label=label, reason=reason)
