"""Sessions of programs (IDN-5): the same families as in browsers, their tokens in the answer instead of in cookies."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible

from .. import acts, selectors, tokens
from ..models import Session, User
from . import families, second_factors, second_step, step_up, totp
from .signing_in import WrongCredentials, check_password


class CodeWanted(DomainError):
    """The password is right; a code of the second factor is wanted with it."""

    code = "second-factor-wanted"
    status = 401

    def __init__(self) -> None:
        super().__init__(_("Send a code of your authenticator app, or a recovery code, with the password."))


class SetUpFirst(DomainError):
    """The person must have a second factor and has none yet."""

    code = "second-factor-missing"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Your role needs a second step. Sign in on the website and set it up first."))


class SessionOver(DomainError):
    """The refresh token opens nothing any more: sign in again."""

    code = "session-over"
    status = 401

    def __init__(self, because: str = "") -> None:
        reason = dict(Session.Ended.choices).get(because, _("This session is over. Sign in again."))
        super().__init__(reason, because=because)


@dataclass(frozen=True, slots=True)
class Pair:
    """The tokens of a program's session."""

    session: Session
    access: str
    refresh: str
    expires_in: int  # seconds, of the access token


def open_session(request: HttpRequest, *, email: str, password: str, code: str = "", now: datetime) -> Pair:
    """Sign a program in. Raises WrongCredentials, PasswordsOff, TooManyAttempts, as the page does.

    Whoever has a second factor, or must have one, sends a code of their app, or a recovery code, with the password.
    Raises CodeWanted without one, WrongCode or WrongRecoveryCode for a wrong one, SetUpFirst while there is none.
    """
    user = check_password(request, email=email, password=password)
    shown = _second_factor(request, user, code, now)
    with transaction.atomic():
        _still_so(user)
        session = Session.objects.create(
            kind=Session.Kind.API,
            user=user,
            signed_in_by=Session.Way.PASSWORD,
            address=request.META["REMOTE_ADDR"],
            user_agent=request.headers.get("User-Agent", "")[:300],
            last_seen_at=now,
            expires_at=now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
            second_factor=shown,
            proven_at=now,
        )
        User.objects.filter(pk=user.pk).update(last_login=now)
        actor = selectors.actor_for(
            user, surface="api", request_id=request.request_id, address=request.META["REMOTE_ADDR"], session=session
        )
        record(actor=actor, act=acts.API_SIGNED_IN, target=user, data={"session": session.pk})
    return _pair(session, now)


def _still_so(user: User) -> None:
    """Until the session is written nobody closes the account or changes its password: what ends sessions would miss
    this one. Raises WrongCredentials when that happened since the password was looked at.
    """
    now = User.objects.select_for_update().get(pk=user.pk)
    if not now.is_active or now.password != user.password:
        raise WrongCredentials


def _second_factor(request: HttpRequest, user: User, code: str, now: datetime) -> str:
    """Which factor the code shows; "" for whoever needs none."""
    if not second_step.is_wanted(user, selectors.actor_for(user), request.school):
        return ""
    factors = second_step.factors_of(user)
    if not factors.any:
        raise SetUpFirst
    if not code:
        raise CodeWanted
    use = second_factors.use_code if totp.digits_of(code) else second_factors.use_recovery_code
    return use(actor=request.actor, user=user, text=code, now=now)


def refresh_session(request: HttpRequest, *, refresh: str, now: datetime) -> Pair:
    """New tokens for a refresh token, which is used up by it (see families.rotate). Raises SessionOver."""
    found = families.rotate(
        refresh=refresh, kind=Session.Kind.API, now=now, address=request.META["REMOTE_ADDR"], surface="api"
    )
    user = User.objects.filter(pk=found.session.user_id).first() if found.session and found.session.user_id else None
    if found.session is None or user is None or not user.is_active:
        raise SessionOver(found.because)
    if second_step.is_missing(found.session, selectors.actor_for(user), request.school):
        raise SessionOver(Session.Ended.SECURITY_CHANGED)
    Session.objects.filter(pk=found.session.pk).update(last_seen_at=now)
    return _pair(found.session, now)


@transaction.atomic
def close_session(request: HttpRequest, *, token: str, now: datetime) -> None:
    """End the family of an access or refresh token. Anything else, and what has ended, changes nothing (RFC 7009)."""
    access = tokens.read_access(token, Session.Kind.API)
    refresh = None if access else tokens.read_refresh(token)
    session_id = access.session_id if access else refresh.session_id if refresh else None
    programs = Session.objects.filter(kind=Session.Kind.API).select_related("user")
    session = programs.filter(pk=session_id).first() if session_id else None
    if session is None or (refresh is not None and not refresh.is_genuine(session)):
        return
    if Session.objects.filter(pk=session.pk).end(Session.Ended.SIGNED_OUT, now):
        record(actor=request.actor, act=acts.API_SIGNED_OUT, target=session.user, data={"session": session.pk})


def confirm(*, actor: Actor, password: str = "", code: str = "", now: datetime) -> Pair:
    """Prove again who one is, for dangerous acts; the tokens that come with it carry the proof (see step_up).

    A code for whoever has a second factor, else the password. Raises NotVisible (a machine, or a browser, which
    confirms on its page), WrongProof, FactorWanted, WrongCode, TooManyAttempts.
    """
    own = Session.objects.filter(kind=Session.Kind.API, user_id=selectors.own_id(actor))
    session = own.filter(pk=actor.session_id).first() if actor.session_id else None
    if session is None:
        raise NotVisible
    if code:
        step_up.prove_with_code(actor=actor, session=session, text=code, now=now)
    else:
        step_up.prove_with_password(actor=actor, session=session, password=password, now=now)
    return _pair(session, now)


def _pair(session: Session, now: datetime) -> Pair:
    return Pair(
        session, tokens.access_token(session, now), tokens.refresh_token(session), settings.ACCESS_TOKEN_SECONDS
    )
