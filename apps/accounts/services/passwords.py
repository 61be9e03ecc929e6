"""Forgotten and changed passwords. What is asked for never tells whether an account exists."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid
from apps.notifications.services import send
from apps.tenants import features
from apps.tenants.context import current, current_schema, selected
from apps.tenants.hosts import school_url
from apps.tenants.jobs import enqueue_or_refuse

from .. import acts, selectors
from ..models import Session, User
from ..rules import PASSWORDS
from . import second_step
from .families import end_other_sessions
from .limits import RESET, SIGN_IN_ACCOUNT
from .links import LinkInvalid, person_of, uid_of


class ResetTokens(PasswordResetTokenGenerator):
    """Worthless after use, after an hour, after a sign-in, after a change of address, and in another school."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:  # type: ignore[override]
        return f"{current_schema()}:{super()._make_hash_value(user, timestamp)}"


TOKENS = ResetTokens()
RULE_LOCK = 7_245_112  # advisory lock class; the second key is the school


class PasswordsOff(DomainError):
    code = "passwords-off"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("This school signs in with Microsoft only. Use the Microsoft button."))


class WrongPassword(Invalid):
    def __init__(self) -> None:
        super().__init__(fields={"current": [_("This is not your current password.")]})


def require_offered() -> None:
    """Raise PasswordsOff where nobody has a password. It tells of the school, not of an account."""
    if not allowed():
        raise PasswordsOff


def request_reset(*, actor: Actor, email: str, address: str, now: datetime) -> None:
    """Ask for a link. The same is done for every address; a job looks whose it is.

    Raises TooManyAttempts, QueueAway.
    """
    RESET.attempt(account=email, address=address)
    enqueue_or_refuse(
        "accounts.send_reset_link", email=email.strip().lower()[:254], address=address, asked_at=now.isoformat()
    )


@transaction.atomic
def send_reset_link(*, actor: Actor, email: str, asked_at: datetime) -> bool:
    """Mail the link to the stored address of an active account; says whether there was one."""
    user = selectors.find_by_email(email)
    if user is None or not user.is_active:
        return False
    context = {"name": user.given_name, "school_name": current().name}
    if user.has_usable_password():
        path = reverse("accounts:reset", args=[uid_of(user), TOKENS.make_token(user)], urlconf="config.urls.school")
        send(
            template="password_reset",
            to=user.email,
            context={**context, "url": school_url(current(), path)},
            cause=f"reset:{user.pk}:{asked_at.isoformat()}",
            language=user.locale,
            user_id=user.pk,
        )
    else:
        send(
            template="no_password",
            to=user.email,
            context={**context, "url": school_url(current(), "/sign-in/")},
            cause=f"no-password:{user.pk}:{asked_at.isoformat()}",
            language=user.locale,
            user_id=user.pk,
        )
    record(actor=actor, act=acts.RESET_REQUESTED, target=user)
    return True


def find_by_link(uid: str, token: str) -> User:
    """Whose link this is. Raises LinkInvalid."""
    user = person_of(uid)
    if not allowed():
        raise LinkInvalid
    if user is None or not user.is_active or not TOKENS.check_token(user, token):
        raise LinkInvalid
    return user


def hold_rule(*, exclusive: bool = False) -> None:
    """Until the transaction ends, nobody switches passwords off (or, exclusive, sets one) in this school: without it
    a password that is being set while they are erased would be left.
    """
    shared = "" if exclusive else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s, hashtext(%s))", [RULE_LOCK, current_schema()])


def allowed() -> bool:
    """Whether the active school (always, on the platform) has passwords at all."""
    tenancy = selected()
    return tenancy is None or tenancy.is_platform or bool(features.value(PASSWORDS.key))


@transaction.atomic
def reset(*, actor: Actor, uid: str, token: str, password: str, now: datetime) -> User:
    """Set a new password and end every session. Of two at once one succeeds. Raises LinkInvalid, Invalid."""
    user = find_by_link(uid, token)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not TOKENS.check_token(user, token):
        raise LinkInvalid
    _set(user, password)
    second_step.end_all(user, now)
    end_other_sessions(user.pk, because=Session.Ended.PASSWORD_CHANGED, now=now)
    SIGN_IN_ACCOUNT.forgive(user.email)
    person = selectors.actor_for(user, request_id=actor.request_id, address=actor.address)
    record(actor=person, act=acts.PASSWORD_CHANGED, target=user, data={"way": "link"})
    return user


@transaction.atomic
def change(*, actor: Actor, current_password: str, password: str, keep_session: UUID, now: datetime) -> User:
    """Change one's own password; other sessions end. Raises WrongPassword, Invalid, TooManyAttempts."""
    user = User.objects.select_for_update().get(pk=selectors.own_id(actor))
    SIGN_IN_ACCOUNT.spend(user.email)
    if not user.check_password(current_password):
        raise WrongPassword
    SIGN_IN_ACCOUNT.forgive(user.email)
    _set(user, password)
    second_step.end_all(user, now)
    end_other_sessions(user.pk, because=Session.Ended.PASSWORD_CHANGED, now=now, keep=keep_session)
    record(actor=actor, act=acts.PASSWORD_CHANGED, target=user, data={"way": "profile"})
    return user


def require_allowed() -> None:
    """Inside the transaction that sets a password. Raises PasswordsOff."""
    hold_rule()
    if not allowed():
        raise PasswordsOff


def _set(user: User, password: str) -> None:
    require_allowed()
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Invalid(fields={"password": list(weak.messages)}) from None
    user.set_password(password)
    user.save(update_fields=["password"])
