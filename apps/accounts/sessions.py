"""SESSION_ENGINE: what Django keeps for a browser, in the row of its session family (models.Session).

To Django the key of a session is its present refresh token. A key of another school is of no family here, so it is
worthless (IDN-4). A family that ended (sign-out, suspension, "end this session") is not brought back by a request
that was still running. Rotation, and what the cookies mean, is in services/families.py and middleware.py.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.http import HttpRequest
from django.utils import timezone

from . import tokens
from .models import Session
from .rules import idle_time


def store_of(request: HttpRequest) -> "SessionStore":
    """The session of a request, as the store that our middleware put there."""
    assert isinstance(request.session, SessionStore)
    return request.session


FACTS = "_facts"  # how and from where the person signed in: told by services.signing_in
SEEN_EVERY = timedelta(minutes=1)


class SessionStore(SessionBase):
    """Django's session interface over `accounts.Session`."""

    def __init__(self, session_key: str | None = None, *, row: Session | None = None) -> None:
        super().__init__(tokens.refresh_token(row) if row else session_key)
        self.row = row

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        self.row = self.row or self._find()
        if self.row is None:
            self._session_key = None
            return {}
        return self.decode(self.row.data) if self.row.data else {}

    def _find(self) -> Session | None:
        """The living family whose present refresh token this is."""
        wanted = tokens.read_refresh(self.session_key or "")
        if wanted is None:
            return None
        living = Session.objects.living(timezone.now(), idle_time())
        row = living.filter(pk=wanted.session_id, generation=wanted.generation).first()
        return row if row is not None and wanted.is_genuine(row) else None

    def exists(self, session_key: str) -> bool:
        return SessionStore(session_key)._find() is not None

    def create(self) -> None:
        """A new family. One that follows another of the same person keeps when it ends and when it was proven."""
        data, before, now = self._get_session(no_load=True), self.row, timezone.now()  # type: ignore[attr-defined]
        facts = data.get(FACTS, {})
        kept = before if before is not None and before.user_id else None
        self.row = Session.objects.create(
            kind=before.kind if before else Session.Kind.BROWSER,
            data=self.encode(data),
            last_seen_at=now,
            expires_at=kept.expires_at if kept else now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
            proven_at=kept.proven_at if kept else (now if facts.get("proven") else None),
            **_columns(data),
        )
        self._session_key = tokens.refresh_token(self.row)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write what is kept. Raises UpdateError when the family ended meanwhile."""
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        if must_create or self.row is None:
            return self.create()
        living = Session.objects.filter(pk=self.row.pk, ended_at__isnull=True)
        if not living.update(data=self.encode(data), **_columns(data)):
            raise UpdateError
        self.row.user_id = _columns(data)["user_id"]
        return None

    def delete(self, session_key: str | None = None) -> None:
        """End the family; of one that goes on under another key it is only said that it was replaced."""
        wanted = tokens.read_refresh(session_key or self.session_key or "")
        if wanted is not None:
            because = Session.Ended.REPLACED if session_key else Session.Ended.SIGNED_OUT
            Session.objects.filter(pk=wanted.session_id).end(because, timezone.now())

    def cycle_key(self) -> None:
        """A new family for the same browser; but not because SECRET_KEY was rotated.

        Django asks for a new key when it meets a session whose hash was made under a former SECRET_KEY. Requests that
        run at the same time would then be signed out; our tokens move to the new key by themselves (OPS-4).
        """
        row = self.row
        user = row.user if row is not None and row.ended_at is None else None
        if user is not None and self.get(HASH_SESSION_KEY) in set(user.get_session_auth_fallback_hash()):
            return
        super().cycle_key()  # type: ignore[misc]

    def adopt(self, row: Session | None) -> None:
        """Go on with this family, and nothing of what was kept before; with None, with none at all."""
        self.row = row
        self._session_key = tokens.refresh_token(row) if row else None
        self._session_cache: dict[str, Any] = {}

    def flush(self) -> None:
        super().flush()  # type: ignore[misc]
        self.row = None

    def seen(self, now: datetime, address: str) -> None:
        """Remember that this session is in use; at most once a minute, so that reading costs no write."""
        if self.row is not None and now - self.row.last_seen_at >= SEEN_EVERY:
            Session.objects.filter(pk=self.row.pk).update(last_seen_at=now, address=address or None)

    @classmethod
    def clear_expired(cls) -> None:
        forget_expired(timezone.now())


def forget_expired(now: datetime) -> int:
    """Delete the families whose time is over; returns how many.

    One that ended early, or was not used any more, stays until then: its tokens can still be told why.
    """
    return Session.objects.filter(expires_at__lte=now).delete()[0]


def _columns(data: dict[str, Any]) -> dict[str, Any]:
    """What people see in the list of their sessions, and what ending them selects by."""
    facts = data.get(FACTS, {})
    user_id = data.get(SESSION_KEY)
    return {
        "user_id": UUID(user_id) if user_id else None,
        "signed_in_by": facts.get("way", ""),
        "second_factor": facts.get("second", ""),
        "provider_session": facts.get("provider_session", ""),
        "address": facts.get("address") or None,
        "user_agent": facts.get("agent", ""),
    }
