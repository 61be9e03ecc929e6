"""Session families (IDN-4): who a browser's or program's tokens belong to, their rotation, and what a reuse means.

A refresh token is good once. Using it makes the next generation; for a short overlap the one before gets the same
successor, so that parallel requests and lost answers do no harm. Later than that it can only be a copy: the whole
family ends, the audit trail says so and the person is told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.audit.services import record
from apps.core import requestinfo
from apps.core.actor import Actor, Surface
from apps.notifications.services import send
from apps.tenants.context import selected

from .. import acts, tokens
from ..models import Session, User
from ..rules import idle_time

OVERLAP: Final = timedelta(seconds=settings.REFRESH_OVERLAP_SECONDS)
Ended = Session.Ended


@dataclass(frozen=True, slots=True)
class Resumed:
    """The living family of some tokens, or why there is none.

    `because` is empty when nothing was presented, or nothing that this school ever issued.
    `renew`: the access token was missing or over, so new tokens are to be handed out.
    """

    session: Session | None = None
    because: str = ""
    renew: bool = False


def resume(*, access: str, refresh: str, kind: str, now: datetime, address: str | None, surface: Surface) -> Resumed:
    """The family of an access token or, where that is over, of a refresh token, which is then rotated."""
    claims = tokens.read_access(access, kind)
    if claims is not None:
        found = _alive(Session.objects.filter(pk=claims.session_id, kind=kind).first(), now)
        if found.session is not None and claims.generation != found.session.generation:
            found.session.proven_at = None  # a proof of identity is carried by the tokens that came with it
        if found.session is not None or not refresh:
            return found
    return rotate(refresh=refresh, kind=kind, now=now, address=address, surface=surface) if refresh else Resumed()


def rotate(*, refresh: str, kind: str, now: datetime, address: str | None, surface: Surface) -> Resumed:
    """Use a refresh token. Any number of simultaneous uses lead to one and the same next generation."""
    wanted = tokens.read_refresh(refresh)
    if wanted is None:
        return Resumed()
    with transaction.atomic():
        session = Session.objects.select_for_update().filter(pk=wanted.session_id, kind=kind).first()
        if session is None or not wanted.is_genuine(session):  # what was forged must not end anybody's session
            return Resumed()
        found = _alive(session, now)
        if found.session is None:
            return found
        is_overlapping = now - session.rotated_at <= OVERLAP
        if wanted.generation == session.generation:
            if not is_overlapping:
                next_generation(session, now)
            return Resumed(session, renew=True)
        if wanted.generation == session.generation - 1 and is_overlapping:
            return Resumed(session, renew=True)
        _reused(session, wanted.generation, now=now, address=address, surface=surface)
        return Resumed(because=Ended.REUSED)


def next_generation(session: Session, now: datetime) -> None:
    """New tokens from now on; the refresh token before leads here for a short overlap."""
    session.generation += 1
    session.rotated_at = now
    session.save(update_fields=["generation", "rotated_at"])


def idle_of(session: Session) -> timedelta:
    """After how long without use it ends. A shared device may be switched off for the holidays."""
    is_device = session.kind == Session.Kind.DEVICE and session.user_id is None
    return timedelta(seconds=settings.DEVICE_IDLE_SECONDS) if is_device else idle_time()


def lives(session: Session | None, now: datetime) -> bool:
    return _alive(session, now).session is not None


def end_by_token(*, refresh: str, kind: str, because: str, now: datetime) -> bool:
    """End the family a genuine refresh token belongs to, of whatever generation; says whether one ended."""
    wanted = tokens.read_refresh(refresh)
    session = Session.objects.filter(pk=wanted.session_id, kind=kind).first() if wanted else None
    if wanted is None or session is None or not wanted.is_genuine(session):
        return False
    return bool(Session.objects.filter(pk=session.pk).end(because, now))


def _alive(session: Session | None, now: datetime) -> Resumed:
    if session is None:
        return Resumed()
    if session.ended_at is not None:
        return Resumed(because=session.ended_because)
    if session.expires_at <= now:
        return Resumed(because=Ended.TOO_OLD)
    if session.last_seen_at <= now - idle_of(session):
        return Resumed(because=Ended.IDLE)
    return Resumed(session)


def _reused(session: Session, generation: int, *, now: datetime, address: str | None, surface: Surface) -> None:
    """Somebody holds a copy: nobody can tell who, so nobody goes on with this family."""
    Session.objects.filter(pk=session.pk).end(Ended.REUSED, now)
    user = User.objects.filter(pk=session.user_id).first() if session.user_id else None
    actor = Actor(
        label="refresh token used twice",
        surface=surface,
        request_id=requestinfo.current_request_id(),
        address=address,
    )
    facts = {"session": session.pk, "used": generation, "present": session.generation, "began_at": session.address}
    record(actor=actor, act=acts.REFRESH_REUSED, target=user, reason="refresh token used again", data=facts)
    if user is not None:
        tenancy = selected()
        school_name = tenancy.name if tenancy and tenancy.name else "Campanile"
        send(
            template="session_reused",
            to=user.email,
            context={"name": user.given_name, "school_name": school_name, "address": address or "", "at": now},
            cause=f"session-reused:{session.pk}",
            language=user.locale,
            user_id=user.pk,
            link="/account/" if tenancy and not tenancy.is_platform else "",
        )


def end_other_sessions(user_id: UUID, *, because: str, now: datetime, keep: UUID | None = None) -> int:
    """End every session of a person but one; how many ended. The caller has decided that it may be."""
    sessions = Session.objects.filter(user_id=user_id)
    return (sessions.exclude(pk=keep) if keep else sessions).end(because, now)
