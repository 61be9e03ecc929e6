"""Signing in and out, whatever the proof was."""

import re
from datetime import datetime, timedelta

from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.core.ratelimit import network

from .. import acts, known_browsers, selectors
from ..models import HalfSignIn, PasskeyChallenge, Session, User
from ..sessions import FACTS, store_of
from . import passkeys, second_step
from .limits import PASSKEY_ADDRESS, SIGN_IN, SIGN_IN_BROWSER, TooManyAttempts
from .passkeys import Place
from .passwords import PasswordsOff

LOOKS_LIKE_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
BREAK_GLASS_LIVES = timedelta(hours=1)
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


def require_passwords(request: HttpRequest) -> None:
    """Local accounts may be used here. Raises PasswordsOff in a school that signs in with Microsoft only."""
    if not selectors.password_sign_in_allowed(request.school):
        raise PasswordsOff


def sign_in_with_passkey(request: HttpRequest, *, place: Place, browser: str, answer: str, now: datetime) -> User:
    """Sign the browser in by a passkey alone: the device verified the person, so it is two factors in one.

    Raises PasskeyRefused, PasswordsOff or TooManyAttempts.
    """
    require_passwords(request)
    purpose = PasskeyChallenge.Purpose.SIGN_IN
    try:
        passkey = passkeys.use(place=place, browser=browser, purpose=purpose, user=None, answer=answer, now=now)
    except passkeys.PasskeyRefused:
        refused(request.actor, reason="passkey not accepted")
        raise
    PASSKEY_ADDRESS.give_back(network(request.META["REMOTE_ADDR"]))
    start_session(request, passkey.user, way=Session.Way.PASSKEY, now=now, proven=True, second="passkey")
    return passkey.user


@transaction.atomic
def finish_second_step(request: HttpRequest, half: HalfSignIn, *, shown: str, now: datetime) -> None:
    """The second factor was shown: the half sign-in becomes a session, once. Raises HalfLost."""
    second_step.finish(request, half, now)
    start_session(
        request,
        half.user,
        way=half.way,
        now=now,
        provider_session=half.provider_session,
        proven=True,
        second=shown,
    )


def second_factor_shown(request: HttpRequest) -> None:
    """Somebody who is signed in has just set up a factor in this session, and so has shown it."""
    request.session[FACTS] = {**request.session.get(FACTS, {}), "second": "set up"}


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
    request: HttpRequest,
    user: User,
    *,
    way: str,
    now: datetime,
    provider_session: str = "",
    proven: bool | None = None,
    second: str = "",
) -> None:
    """A new session of this person in this browser, under a new key; nothing of an earlier one is kept.

    `second` names the second factor that was shown. Without one, whoever has a factor or must have one gets no
    session but a half sign-in (services.second_step), and the browser goes to the second step (`views.common.onward`).

    `proven`: whether the person has just shown who they are. Microsoft may let somebody in whom it recognised, so
    by default only a password counts: dangerous acts then ask for a proof first (step-up).
    """
    request.session.flush()
    proven = way == Session.Way.PASSWORD if proven is None else proven
    if not second:
        visitor = selectors.actor_for(user)
        if second_step.is_wanted(user, visitor, request.school):
            second_step.begin(request, user, way=way, now=now, provider_session=provider_session, proven=proven)
            return
    second_step.end(request, now)
    request.session[FACTS] = {
        "way": way,
        "second": second,
        "proven": proven,
        "provider_session": provider_session[:120],
        "address": request.META["REMOTE_ADDR"],
        "agent": request.headers.get("User-Agent", "")[:300],
    }
    login(request, user, backend=BACKEND)
    known_browsers.remember(request, user.email)
    request.session.save()
    if way == Session.Way.BREAK_GLASS:
        _limit(request, now + BREAK_GLASS_LIVES)
    actor = selectors.actor_for(
        user, request_id=request.request_id, address=request.META["REMOTE_ADDR"], session=request.session.row
    )
    request.actor = actor
    data = {"way": str(way), "second": second} if second else {"way": str(way)}
    record(actor=actor, act=acts.SIGNED_IN, target=user, data=data)


def _limit(request: HttpRequest, until: datetime) -> None:
    """The session that was just begun ends then at the latest, whatever follows it."""
    row = store_of(request).row
    assert row is not None
    row.expires_at = until
    Session.objects.filter(pk=row.pk).update(expires_at=until)


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
