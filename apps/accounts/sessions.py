"""SESSION_ENGINE: sessions in the school's own schema, found by the hash of the cookie's key.

A key of another school finds no row here, so it is worthless (IDN-4). A row that was deleted (sign-out,
suspension, "end this session") is not brought back by a request that was still running.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from .credentials import digest
from .models import Session
from .rules import idle_time

FACTS = "_facts"  # how and from where the person signed in: told by services.signing_in
SEEN_EVERY = timedelta(minutes=1)


class SessionStore(SessionBase):
    """Django's session interface over `accounts.Session`."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        self.row = self._find()
        if self.row is None:
            self._session_key = None
            return {}
        return self.decode(self.row.data)

    def _find(self) -> Session | None:
        """The row of this key, unless it ended: too old, or unused for too long."""
        if not self.session_key:
            return None
        now = timezone.now()
        return Session.objects.filter(
            key_hash=digest(self.session_key),
            expires_at__gt=now,
            last_seen_at__gt=now - idle_time(),
        ).first()

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_hash=digest(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        values = {"data": self.encode(data), **_columns(data)}
        key_hash = digest(self.session_key)
        if not must_create:
            if not Session.objects.filter(key_hash=key_hash).update(**values):
                raise UpdateError
            return None
        now = timezone.now()
        expires = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        try:
            with transaction.atomic():
                self.row = Session.objects.create(key_hash=key_hash, last_seen_at=now, expires_at=expires, **values)
        except IntegrityError as taken:
            if self.exists(self.session_key):
                raise CreateError from taken
            raise
        return None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(key_hash=digest(key)).delete()

    def seen(self, now: datetime) -> None:
        """Remember that this session is in use; at most once a minute, so that reading costs no write."""
        if self.row is not None and now - self.row.last_seen_at >= SEEN_EVERY:
            Session.objects.filter(pk=self.row.pk).update(last_seen_at=now)

    @classmethod
    def clear_expired(cls) -> None:
        forget_expired(timezone.now())


def forget_expired(now: datetime) -> int:
    """Delete the sessions that cannot be used any more; returns how many."""
    idle = now - idle_time()
    old = Session.objects.filter(expires_at__lte=now).delete()[0]
    return old + Session.objects.filter(last_seen_at__lte=idle).delete()[0]


def _columns(data: dict[str, Any]) -> dict[str, Any]:
    """What people see in the list of their sessions, and what ending them selects by."""
    facts = data.get(FACTS, {})
    user_id = data.get(SESSION_KEY)
    return {
        "user_id": UUID(user_id) if user_id else None,
        "signed_in_by": facts.get("way", ""),
        "provider_session": facts.get("provider_session", ""),
        "address": facts.get("address") or None,
        "user_agent": facts.get("agent", ""),
    }
