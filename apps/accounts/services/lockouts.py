"""Locked sign-ins: what administrators see and lift, and the mailed link that opens one's own browser (IDN-6)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from apps.audit.services import record
from apps.core.actor import Actor, Held, Role
from apps.core.counters import COUNTERS
from apps.notifications.services import send
from apps.tenants.context import current, current_schema
from apps.tenants.hosts import school_url
from apps.tenants.jobs import enqueue_or_refuse

from .. import acts, known_browsers, selectors
from ..models import User
from ..permissions import LOCKOUTS_LIFT
from .limits import REGISTRY, SIGN_IN_ACCOUNT, UNLOCK, same
from .links import LinkInvalid, person_of, uid_of


@dataclass(frozen=True, slots=True)
class Lockout:
    """One thing that is locked now. `key` lifts it."""

    key: str
    what: str | Promise
    who: str
    until: datetime
    strikes: int


def lockouts(*, actor: Actor, now: datetime, email: str = "") -> list[Lockout]:
    """What is locked at this school, the longest first; of one account only with `email`. Raises Forbidden."""
    LOCKOUTS_LIFT.require(actor)
    found = []
    for lock in COUNTERS.locks():
        limit = REGISTRY.get(lock.member.partition(":")[0])
        if limit is None or not limit.title:
            continue
        if email and same(lock.label.partition(" · ")[0]) != same(email):
            continue
        until = now + timedelta(seconds=lock.seconds)
        found.append(Lockout(lock.member, limit.title, lock.label, until, lock.strikes))
    return found


def lift(*, actor: Actor, key: str, now: datetime) -> bool:
    """Open what is locked; says whether it was. What is not locked (any more) changes nothing. Raises Forbidden."""
    LOCKOUTS_LIFT.require(actor)
    found = next((lock for lock in lockouts(actor=actor, now=now) if lock.key == key), None)
    if found is None:
        return False
    record(actor=actor, act=acts.LOCKOUT_LIFTED, target_label=found.who, data={"what": str(found.what)})
    COUNTERS.forget(key)
    return True


def lift_account(*, actor: Actor, email: str, reason: str = "", now: datetime) -> int:
    """Open everything that is locked of one address; how many locks there were. For operators: a superadmin has nobody
    above, and a school's only administrator may be the one who is locked. Raises Forbidden.
    """
    found = lockouts(actor=actor, now=now, email=email)
    for lock in found:
        what = {"what": str(lock.what)}
        record(actor=actor, act=acts.LOCKOUT_LIFTED, target_label=lock.who, reason=reason, data=what)
        COUNTERS.forget(lock.key)
    return len(found)


def lift_for_platform(*, actor: Actor, email: str, reason: str, now: datetime) -> int:
    """Runs inside the school, for `apps.tenants.services.break_glass.lift_lockout`, which has asked who may."""
    helper = replace(actor, held=(Held(Role.SYSTEM, because="helps who is locked out"),))
    return lift_account(actor=helper, email=email, reason=reason, now=now)


# --- the mailed link ---------------------------------------------------------------------------------------


class UnlockTokens(PasswordResetTokenGenerator):
    """Worthless after an hour, after a sign-in, after a change of password or address, and in another school."""

    key_salt = "campanile.unlock"

    def _make_hash_value(self, user: User, timestamp: int) -> str:  # type: ignore[override]
        return f"{current_schema()}:{super()._make_hash_value(user, timestamp)}"


TOKENS = UnlockTokens()


def request_link(*, email: str, address: str, now: datetime) -> None:
    """Ask for a link. The same is done for every address; a job looks whose it is.

    Raises TooManyAttempts, QueueAway.
    """
    UNLOCK.attempt(account=email, address=address)
    enqueue_or_refuse(
        "accounts.send_unlock_link", email=email.strip().lower()[:254], address=address, asked_at=now.isoformat()
    )


@transaction.atomic
def send_link(*, actor: Actor, email: str, asked_at: datetime) -> bool:
    """Mail the link to the stored address of an active account; says whether there was one."""
    user = selectors.find_by_email(email)
    if user is None or not user.is_active:
        return False
    path = reverse("accounts:unlock", args=[uid_of(user), TOKENS.make_token(user)], urlconf="config.urls.school")
    send(
        template="unlock",
        to=user.email,
        context={"name": user.given_name, "school_name": current().name, "url": school_url(current(), path)},
        cause=f"unlock:{user.pk}:{asked_at.isoformat()}",
        language=user.locale,
        user_id=user.pk,
    )
    record(actor=actor, act=acts.UNLOCK_REQUESTED, target=user)
    return True


def find_by_link(uid: str, token: str) -> User:
    """Whose link this is. Raises LinkInvalid."""
    user = person_of(uid)
    if user is None or not user.is_active or not TOKENS.check_token(user, token):
        raise LinkInvalid
    return user


@transaction.atomic
def open_by_link(request: HttpRequest, *, uid: str, token: str) -> User:
    """Whoever reads the person's mail sits at this browser: the lock is lifted, and from now on this browser counts
    by itself, so that the one who goes on trying elsewhere does not lock it again. Signs nobody in. Raises LinkInvalid.
    """
    user = find_by_link(uid, token)
    SIGN_IN_ACCOUNT.forgive(user.email)
    known_browsers.remember(request, user.email)
    record(actor=request.actor, act=acts.LOCKOUT_LIFTED, target=user, data={"what": "link"})
    return user
