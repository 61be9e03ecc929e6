"""What a session family gives to its browser or program: computed from the row and the server's key, never stored.

    access   a signed token of a few minutes (JWT, HS256): school, person, family. Good only while the family lives.
    refresh  opaque to its holder: family, generation and an authentication code. Each use makes the next generation.
    csrf     the secret that forms of this session carry, readable by its pages.

All keys are derived from SECRET_KEY, the school's schema and a purpose, so nothing opens another school or serves
another purpose. Tokens made under a key in SECRET_KEY_FALLBACKS stay good: keys rotate without sign-outs (OPS-4).
A copy of the database alone makes no token, nor does SECRET_KEY alone: the family's `seed` is missing.
"""

import base64
import hashlib
import hmac
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import jwt
from django.conf import settings

from apps.tenants.context import current_schema

from .models import Session

ACCESS_FOR: Final = timedelta(seconds=settings.ACCESS_TOKEN_SECONDS)
ISSUER: Final = "campanile"
ALGORITHM: Final = "HS256"
CODE_BYTES: Final = 32
CSRF_LETTERS: Final = string.ascii_letters + string.digits
CSRF_LENGTH: Final = 32  # what Django's own masking expects


def _keys(purpose: str) -> Iterator[bytes]:
    """The key of this purpose in this school: the one that signs first, then those that are being retired."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield hmac.digest(str(secret).encode(), f"campanile:{purpose}:{current_schema()}".encode(), hashlib.sha256)


# --- access ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Access:
    """What a valid access token says."""

    session_id: UUID
    user_id: UUID | None
    generation: int
    expires_at: datetime


def access_token(session: Session, now: datetime) -> str:
    """Signed for this school and this kind of session; valid for ACCESS_TOKEN_SECONDS."""
    claims = {
        "iss": ISSUER,
        "aud": current_schema(),
        "sid": str(session.pk),
        "sub": str(session.user_id or ""),
        "gen": session.generation,
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_FOR).timestamp()),
    }
    return jwt.encode(claims, next(_keys(f"access-{session.kind}")), algorithm=ALGORITHM, headers={"typ": "at+jwt"})


def read_access(token: str, kind: str) -> Access | None:
    """None for anything that is not a valid access token of this school and kind: forged, expired, foreign."""
    if not token or len(token) > 2000:
        return None
    for key in _keys(f"access-{kind}"):
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=current_schema(),
                issuer=ISSUER,
                # the clock of the server that signed it may be ahead of ours: not a reason to refuse what we signed
                options={"require": ["exp", "iat", "aud", "iss", "sub", "sid", "gen"], "verify_iat": False},
            )
            return Access(
                session_id=UUID(claims["sid"]),
                user_id=UUID(claims["sub"]) if claims["sub"] else None,
                generation=int(claims["gen"]),
                expires_at=datetime.fromtimestamp(claims["exp"], tz=UTC),
            )
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            continue
    return None


# --- refresh -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token taken apart. Nothing is proven before `is_genuine`."""

    session_id: UUID
    generation: int
    code: bytes

    def is_genuine(self, session: Session) -> bool:
        """Whether this school once issued it to this family, in whatever generation."""
        return any(hmac.compare_digest(self.code, _code(key, session, self.generation)) for key in _keys("refresh"))


def refresh_token(session: Session) -> str:
    """The token of the present generation: always the same one, so a retry gets what the lost answer held."""
    code = _code(next(_keys("refresh")), session, session.generation)
    return base64.urlsafe_b64encode(session.pk.bytes + session.generation.to_bytes(4, "big") + code).decode()


def read_refresh(token: str) -> Refresh | None:
    """None when it does not even look like one."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        return None
    if len(raw) != 20 + CODE_BYTES:
        return None
    return Refresh(UUID(bytes=raw[:16]), int.from_bytes(raw[16:20], "big"), raw[20:])


def _code(key: bytes, session: Session, generation: int) -> bytes:
    text = f"{session.kind}:{session.pk}:{generation}:{session.seed}"
    return hmac.digest(key, text.encode(), hashlib.sha256)


# --- csrf --------------------------------------------------------------------------------------------------


def csrf_secret(session: Session) -> str:
    """Paired with the family: the token of another session, or one planted in the cookie jar, does not fit."""
    return _csrf(next(_keys("csrf")), session)


def csrf_secrets(session: Session) -> list[str]:
    """The secrets that forms of this session may carry while keys are being rotated."""
    return [_csrf(key, session) for key in _keys("csrf")]


def _csrf(key: bytes, session: Session) -> str:
    number = int.from_bytes(hmac.digest(key, f"{session.pk}:{session.seed}".encode(), hashlib.sha256), "big")
    letters = []
    for _ in range(CSRF_LENGTH):
        number, index = divmod(number, len(CSRF_LETTERS))
        letters.append(CSRF_LETTERS[index])
    return "".join(letters)
