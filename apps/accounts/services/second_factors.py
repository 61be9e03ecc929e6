"""Setting up, using, changing and taking away second factors (IDN-7). Every change is audited and told by mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible
from apps.core.permissions import require_fresh
from apps.notifications.services import send
from apps.tenants.context import selected
from apps.tenants.models import School

from .. import acts, selectors
from ..models import Authenticator, Passkey, PasskeyChallenge, RecoveryCode, Session, User
from . import families, passkeys, recovery_codes, second_step, totp
from .limits import SECOND_STEP, TooManyAttempts
from .passkeys import Place

AUTHENTICATOR, PASSKEY, RECOVERY = "authenticator", "passkey", "recovery-code"
Ended = Session.Ended


class LastFactor(DomainError):
    """The only factor of somebody who must have one."""

    code = "last-second-factor"

    def __init__(self) -> None:
        super().__init__(_("Your role needs a second step. Set up another way first, then remove this one."))


@dataclass(frozen=True, slots=True)
class Added:
    """A factor was set up. `codes` are the recovery codes to show once: only with the first factor."""

    codes: list[str]


# --- using ---------------------------------------------------------------------------------------------------


def use_code(*, actor: Actor, user: User, text: str, now: datetime) -> str:
    """Show a code of the authenticator app. Counted before it is looked at. Raises WrongCode, TooManyAttempts."""
    _count(actor, user)
    authenticator = totp.confirmed(user)
    try:
        if authenticator is None:
            raise totp.WrongCode
        totp.use(authenticator, text, now)
    except totp.WrongCode:
        _refused(actor, user, AUTHENTICATOR)
        raise
    SECOND_STEP.forgive(str(user.pk))
    return AUTHENTICATOR


def use_recovery_code(*, actor: Actor, user: User, text: str, now: datetime) -> str:
    """Use a recovery code up; the person is told by mail. Raises WrongRecoveryCode, TooManyAttempts."""
    _count(actor, user)
    try:
        with transaction.atomic():
            left = recovery_codes.use(user, text, now)
            record(actor=actor, act=acts.RECOVERY_CODE_USED, target=user, data={"left": left}, at=now)
            _tell(user, "recovery_code_used", now, left=left)
    except recovery_codes.WrongRecoveryCode:
        _refused(actor, user, RECOVERY)
        raise
    SECOND_STEP.forgive(str(user.pk))
    return RECOVERY


def use_passkey(
    *, actor: Actor, user: User, place: Place, browser: str, answer: str, purpose: Any, now: datetime
) -> str:
    """Show a passkey of this person. Raises PasskeyRefused, TooManyAttempts."""
    _count(actor, user)
    try:
        passkeys.use(place=place, browser=browser, purpose=purpose, user=user, answer=answer, now=now)
    except passkeys.PasskeyRefused:
        _refused(actor, user, PASSKEY)
        raise
    SECOND_STEP.forgive(str(user.pk))
    return PASSKEY


def _count(actor: Actor, user: User) -> None:
    try:
        SECOND_STEP.spend(str(user.pk), shown=user.email)
    except TooManyAttempts as stopped:
        if stopped.is_first:
            record(actor=actor, act=acts.SECOND_STEP_REFUSED, target=user, reason="too many attempts")
        raise


def _refused(actor: Actor, user: User, factor: str) -> None:
    record(actor=actor, act=acts.SECOND_STEP_REFUSED, target=user, reason=f"wrong {factor}")


# --- setting up ----------------------------------------------------------------------------------------------


def begin_authenticator(*, actor: Actor) -> None:
    """Make a key for an app; it counts once the app has shown its code. Raises StepUpRequired. Safe to repeat."""
    require_fresh(actor)
    totp.being_set_up(User.objects.get(pk=selectors.own_id(actor)))


@transaction.atomic
def confirm_authenticator(*, actor: Actor, user: User, text: str, keep_session: UUID | None, now: datetime) -> Added:
    """The app shows the right code, so it counts from now on; the one before does not.

    Raises WrongCode, TooManyAttempts, and StepUpRequired for who is signed in. Other sessions of the person end.
    """
    _check_may_add(actor, user)
    SECOND_STEP.spend(str(user.pk), shown=user.email)
    authenticator = Authenticator.objects.select_for_update().filter(user=user, confirmed_at=None).first()
    if authenticator is None:
        raise totp.WrongCode
    totp.use(authenticator, text, now)
    SECOND_STEP.forgive(str(user.pk))
    replaced, _rows = Authenticator.objects.filter(user=user, confirmed_at__isnull=False).delete()
    authenticator.confirmed_at = now
    authenticator.save(update_fields=["confirmed_at"])
    return _added(
        actor, user, acts.AUTHENTICATOR_ADDED, "authenticator_added", keep_session, now, replaced=bool(replaced)
    )


def add_passkey(
    *,
    actor: Actor,
    user: User,
    place: Place,
    browser: str,
    answer: str,
    name: str,
    keep_session: UUID | None,
    now: datetime,
) -> Added:
    """Register a passkey. Raises PasskeyRefused, AlreadyThere, TooManyPasskeys. Other sessions of the person end."""
    with transaction.atomic():
        _check_may_add(actor, user)
        passkey = passkeys.add(place=place, browser=browser, user=user, answer=answer, name=name, now=now)
        return _added(actor, user, acts.PASSKEY_ADDED, "passkey_added", keep_session, now, name=passkey.name)


def _check_may_add(actor: Actor, user: User) -> None:
    """Signed in: with a fresh proof. In the middle of signing in: only the very first factor.

    Who knows just the password must not add a factor beside the one they do not have.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if actor.user_id == user.pk:
        require_fresh(actor)
    elif second_step.factors_of(user).any:
        raise second_step.HalfLost


def _added(
    actor: Actor, user: User, act: str, change: str, keep_session: UUID | None, now: datetime, **facts: Any
) -> Added:
    person = actor if actor.user_id == user.pk else _as_person(actor, user)
    record(actor=person, act=act, target=user, data=facts, at=now)
    is_first = not RecoveryCode.objects.filter(user=user).exists()
    codes = recovery_codes.renew(user) if is_first else []
    families.end_other_sessions(user.pk, because=Ended.SECURITY_CHANGED, now=now, keep=keep_session)
    _tell(user, change, now, name=facts.get("name", ""))
    return Added(codes)


def _as_person(actor: Actor, user: User) -> Actor:
    """In the middle of signing in nobody is signed in; yet it is this person who acts."""
    return selectors.actor_for(user, request_id=actor.request_id, address=actor.address)


# --- changing, by the person -----------------------------------------------------------------------------------


@transaction.atomic
def renew_recovery_codes(*, actor: Actor, now: datetime) -> list[str]:
    """Ten new recovery codes; the old ones are void. Raises StepUpRequired, NotVisible without a factor."""
    user = _own(actor)
    if not second_step.factors_of(user).any:
        raise NotVisible
    record(actor=actor, act=acts.RECOVERY_CODES_MADE, target=user, at=now)
    codes = recovery_codes.renew(user)
    _tell(user, "recovery_codes_made", now)
    return codes


@transaction.atomic
def remove_authenticator(*, actor: Actor, school: School | None, keep_session: UUID | None, now: datetime) -> None:
    """Raises StepUpRequired, LastFactor. Removing what is not there changes nothing."""
    user = _own(actor)
    found = Authenticator.objects.filter(user=user, confirmed_at__isnull=False)
    if found.exists():
        found.delete()
        _removed(actor, user, school, acts.AUTHENTICATOR_REMOVED, "authenticator_removed", keep_session, now)


@transaction.atomic
def remove_passkey(
    *, actor: Actor, passkey_id: UUID, school: School | None, keep_session: UUID | None, now: datetime
) -> None:
    """Raises StepUpRequired, LastFactor, NotVisible for somebody else's."""
    user = _own(actor)
    passkey = Passkey.objects.filter(user=user, pk=passkey_id).first()
    if passkey is None:
        raise NotVisible
    passkey.delete()
    _removed(actor, user, school, acts.PASSKEY_REMOVED, "passkey_removed", keep_session, now, name=passkey.name)


def _removed(
    actor: Actor,
    user: User,
    school: School | None,
    act: str,
    change: str,
    keep: UUID | None,
    now: datetime,
    **facts: Any,
) -> None:
    if not second_step.factors_of(user).any:
        if second_step.is_required(actor, school):
            raise LastFactor
        RecoveryCode.objects.filter(user=user).delete()
    record(actor=actor, act=act, target=user, data=facts, at=now)
    second_step.end_all(user, now)
    families.end_other_sessions(user.pk, because=Ended.SECURITY_CHANGED, now=now, keep=keep)
    _tell(user, change, now, name=facts.get("name", ""))


def _own(actor: Actor) -> User:
    require_fresh(actor)
    return User.objects.select_for_update().get(pk=selectors.own_id(actor))


# --- taking away, by somebody else -----------------------------------------------------------------------------


def take_away(user: User, *, actor: Actor, reason: str, now: datetime) -> bool:
    """Every factor of a person goes, and their sessions end; whether there was any. The caller has asked who may.

    Whoever must have one sets up a new one at the next sign-in.
    """
    had = second_step.factors_of(user)
    for model in (Authenticator, Passkey, RecoveryCode, PasskeyChallenge):
        model.objects.filter(user=user).delete()
    second_step.end_all(user, now)
    SECOND_STEP.forgive(str(user.pk))
    if not had.any:
        return False
    families.end_other_sessions(user.pk, because=Ended.SECURITY_CHANGED, now=now)
    facts = {"authenticator": had.authenticator, "passkeys": had.passkeys}
    record(actor=actor, act=acts.SECOND_FACTOR_RESET, target=user, reason=reason, data=facts, at=now)
    _tell(user, "reset", now, by=actor.label)
    return True


# --- telling ---------------------------------------------------------------------------------------------------


def _tell(user: User, change: str, now: datetime, *, name: str = "", left: int = 0, by: str = "") -> None:
    tenancy = selected()
    send(
        template="second_factor_changed",
        to=user.email,
        context={
            "name": user.given_name,
            "school_name": tenancy.name if tenancy and tenancy.name else "Campanile",
            "change": change,
            "what": name,
            "left": left,
            "few": left <= recovery_codes.FEW,
            "by": by,
            "at": now,
        },
        cause=f"second-factor:{change}:{user.pk}:{now.isoformat()}",
        language=user.locale,
        user_id=user.pk,
        link="/account/second-step/",
    )
