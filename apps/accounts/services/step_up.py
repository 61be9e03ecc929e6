"""Step-up: a dangerous act asks the person to prove once more who they are (IDN-4).

The proof counts for STEP_UP_SECONDS in this session only, and only under tokens that are issued with it. What the
person had sent is kept meanwhile, so that nothing has to be typed twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid
from apps.core.logs import SENSITIVE_NAME
from apps.microsoft.identity import IdClaims

from .. import acts, selectors
from ..models import Identity, PasskeyChallenge, Session, User
from . import second_factors, second_step
from .families import next_generation
from .limits import SIGN_IN_ACCOUNT
from .passkeys import Place

KEPT: Final = "_repeat"
LARGEST_KEPT: Final = 20_000  # characters of a form that is kept while the person proves who they are
MICROSOFT_PROOF: Final = timedelta(minutes=5)  # how long ago Microsoft may have asked for the credentials


class WrongProof(Invalid):
    def __init__(self) -> None:
        super().__init__(fields={"password": [_("This is not your password. Try again, or use another way.")]})


class FactorWanted(DomainError):
    """Whoever has a second factor confirms with it: a password alone may be known to somebody else."""

    code = "second-factor-wanted"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Confirm with the second step of your account."))


class NotAProof(DomainError):
    """Microsoft knows the person but did not ask for the credentials just now, or it is somebody else."""

    code = "not-a-proof"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("Microsoft did not confirm just now that it is you. Try again and sign in there with your own account.")
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """An act that waits for the proof: where its form goes and what it holds."""

    path: str
    values: list[tuple[str, str]]


def keep(request: HttpRequest) -> None:
    """Remember the form that was sent, unless it holds a secret, a file or too much."""
    request.session.pop(KEPT, None)
    values = [
        (name, value) for name, entries in request.POST.lists() for value in entries if name != "csrfmiddlewaretoken"
    ]
    secret = any(SENSITIVE_NAME.search(name) for name, _value in values)
    size = sum(len(name) + len(value) for name, value in values)
    if request.method == "POST" and not request.FILES and not secret and size <= LARGEST_KEPT:
        request.session[KEPT] = {"path": request.get_full_path(), "values": values}


def kept(request: HttpRequest) -> Kept | None:
    """What waits, once: the caller shows it to be sent again."""
    found: Mapping[str, Any] | None = request.session.pop(KEPT, None)
    return Kept(found["path"], [(name, value) for name, value in found["values"]]) if found else None


@transaction.atomic
def prove_with_password(*, actor: Actor, session: Session, password: str, now: datetime) -> None:
    """Raises WrongProof or TooManyAttempts."""
    user = User.objects.get(pk=selectors.own_id(actor))
    if second_step.factors_of(user).any:
        raise FactorWanted
    SIGN_IN_ACCOUNT.spend(user.email)
    if not user.check_password(password):
        raise WrongProof
    SIGN_IN_ACCOUNT.forgive(user.email)
    proven(actor=actor, session=session, way="password", now=now)


def prove_with_code(*, actor: Actor, session: Session, text: str, now: datetime) -> None:
    """A code of the authenticator app. Raises WrongCode or TooManyAttempts."""
    user = User.objects.get(pk=selectors.own_id(actor))
    way = second_factors.use_code(actor=actor, user=user, text=text, now=now)
    proven(actor=actor, session=session, way=way, now=now)


def prove_with_passkey(
    *, actor: Actor, session: Session, place: Place, browser: str, answer: str, now: datetime
) -> None:
    """A passkey of this person. Raises PasskeyRefused or TooManyAttempts."""
    user = User.objects.get(pk=selectors.own_id(actor))
    purpose = PasskeyChallenge.Purpose.CONFIRM
    way = second_factors.use_passkey(
        actor=actor, user=user, place=place, browser=browser, answer=answer, purpose=purpose, now=now
    )
    proven(actor=actor, session=session, way=way, now=now)


@transaction.atomic
def prove_with_microsoft(*, actor: Actor, session: Session, claims: IdClaims, now: datetime) -> None:
    """The same Microsoft account, and credentials typed a moment ago. Raises NotAProof."""
    own = Identity.objects.filter(
        user_id=selectors.own_id(actor), tenant_id=claims.tenant_id, object_id=claims.object_id
    )
    require_recent(claims, now)
    if not own.exists():
        raise NotAProof
    if not claims.multi_factor and second_step.factors_of(User(pk=actor.user_id)).any:
        raise FactorWanted
    proven(actor=actor, session=session, way="microsoft", now=now)


def require_recent(claims: IdClaims, now: datetime) -> None:
    """Microsoft asked for the credentials a moment ago. Raises NotAProof."""
    if claims.authenticated_at is None or now - claims.authenticated_at > MICROSOFT_PROOF:
        raise NotAProof


@transaction.atomic
def proven(*, actor: Actor, session: Session, way: str, now: datetime) -> None:
    """Write that the person proved who they are, and move on to new tokens: older ones do not carry the proof."""
    session.proven_at = now
    session.save(update_fields=["proven_at"])
    next_generation(session, now)
    record(actor=actor, act=acts.IDENTITY_PROVEN, target=User(pk=actor.user_id, email=actor.email), data={"way": way})
