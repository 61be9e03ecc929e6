"""Between the first factor and the second (IDN-7): who must prove more, and the half sign-in that waits for it.

A half sign-in is no session: no user, no actor, no page but the second step itself. Every way in passes
`signing_in.start_session`, which begins one whenever a second factor is set up or required and was not shown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor, Role
from apps.core.errors import DomainError
from apps.core.permissions import REGISTRY
from apps.tenants import features
from apps.tenants.models import School

from ..credentials import digest, new_secret
from ..models import Authenticator, HalfSignIn, Passkey, PasskeyChallenge, Session, User
from ..rules import SECOND_FACTOR
from ..sessions import FACTS
from . import recovery_codes, totp

COOKIE: Final = "__Host-second-step"
LIVES: Final = timedelta(minutes=10)
ALWAYS: Final = {Role.OWNER, Role.ADMIN, Role.AUDITOR}


class HalfLost(DomainError):
    """The half sign-in is over, was used, or belongs to another browser."""

    code = "second-step-over"
    status = 410

    def __init__(self) -> None:
        super().__init__(_("This sign-in took too long or was already finished. Sign in again."))


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has set up. Recovery codes alone are none."""

    authenticator: bool
    passkeys: int
    recovery_codes: int

    @property
    def any(self) -> bool:
        return self.authenticator or self.passkeys > 0


def factors_of(user: User) -> Factors:
    return Factors(
        authenticator=Authenticator.objects.filter(user=user, confirmed_at__isnull=False).exists(),
        passkeys=Passkey.objects.filter(user=user).count(),
        recovery_codes=recovery_codes.left(user),
    )


def is_required(actor: Actor, school: School | None) -> bool:
    """Superadmins always; in a school that asks for it, whoever holds a role that can do harm.

    That is owner, administrator and auditor, and anybody with a permission that asks for a fresh proof of identity.
    """
    if school is None:
        return Role.SUPERADMIN in actor.roles
    if not actor.held or not features.value(SECOND_FACTOR.key, school):
        return False
    return any(
        held.role in ALWAYS or any(held.gives(permission) for permission in REGISTRY.values() if permission.sudo)
        for held in actor.held
    )


def is_missing(session: Session, actor: Actor, school: School | None) -> bool:
    """Whether this session was begun without the second factor that its person must show now."""
    own = session.kind in (Session.Kind.BROWSER, Session.Kind.API)
    return own and not session.second_factor and is_required(actor, school)


def is_wanted(user: User, actor: Actor, school: School | None) -> bool:
    """Whether somebody who showed one factor has to show, or set up, another before they are in."""
    return is_required(actor, school) or factors_of(user).any


# --- the half sign-in ----------------------------------------------------------------------------------------


def begin(
    request: HttpRequest,
    user: User,
    *,
    way: str,
    now: datetime,
    provider_session: str = "",
    proven: bool = True,
    next_path: str = "",
) -> HalfSignIn:
    """Keep in mind who showed the first factor in this browser. The answer to this request carries its secret."""
    end(request, now)
    HalfSignIn.objects.filter(user=user, expires_at__lt=now).delete()
    secret = new_secret()
    half = HalfSignIn.objects.create(
        user=user,
        secret_hash=digest(secret),
        way=way,
        provider_session=provider_session[:120],
        proven=proven,
        next_path=next_path[:500],
        expires_at=now + LIVES,
    )
    if not factors_of(user).any:
        totp.being_set_up(user)  # what the next page shows: opening it writes nothing
    request.second_step_secret = secret  # type: ignore[attr-defined]
    return half


def of(request: HttpRequest, now: datetime) -> HalfSignIn | None:
    """The half sign-in of this browser, if it is still good and the person may still sign in."""
    secret = request.COOKIES.get(COOKIE, "")
    if not secret:
        return None
    found = HalfSignIn.objects.select_related("user").filter(
        secret_hash=digest(secret), ended_at=None, expires_at__gt=now
    )
    half = found.first()
    return half if half is not None and half.user.is_active else None


def keep_path(request: HttpRequest, path: str) -> bool:
    """Whether this very request began a half sign-in; then this is where the person goes after the second step."""
    secret = getattr(request, "second_step_secret", "")
    return bool(secret) and bool(HalfSignIn.objects.filter(secret_hash=digest(secret)).update(next_path=path[:500]))


def downgrade(request: HttpRequest, user: User, now: datetime) -> None:
    """A session that was begun without the second factor that its person must show now: it ends, the way stays open.

    The role may be new, or the school's rule. Signed in is nobody after this; the answer carries the half sign-in.
    """
    facts = request.session.get(FACTS, {})
    wanted = request.get_full_path() if request.method == "GET" else "/"
    request.session.flush()
    request.user = AnonymousUser()
    begin(request, user, way=facts.get("way", ""), now=now, provider_session=facts.get("provider_session", ""))
    keep_path(request, wanted)


def finish(request: HttpRequest, half: HalfSignIn, now: datetime) -> None:
    """Take it, once: of two answers at the same time one gets in. Raises HalfLost."""
    if not HalfSignIn.objects.filter(pk=half.pk, ended_at=None, expires_at__gt=now).update(ended_at=now):
        raise HalfLost
    request.second_step_secret = ""  # type: ignore[attr-defined]


def end(request: HttpRequest, now: datetime) -> None:
    """Give up what waits in this browser, if anything does."""
    if secret := request.COOKIES.get(COOKIE, ""):
        HalfSignIn.objects.filter(secret_hash=digest(secret), ended_at=None).update(ended_at=now)
        request.second_step_secret = ""  # type: ignore[attr-defined]


def forget_old(now: datetime) -> int:
    """Delete half sign-ins and challenges whose time is over; how many."""
    old = HalfSignIn.objects.filter(expires_at__lt=now).delete()[0]
    return old + PasskeyChallenge.objects.filter(expires_at__lt=now).delete()[0]


def end_all(user: User, now: datetime) -> None:
    """Nothing that waits for the second step of this person goes on: their factors or password have just changed."""
    HalfSignIn.objects.filter(user=user, ended_at=None).update(ended_at=now)
