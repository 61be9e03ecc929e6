"""RS256 keys of the identity provider: made once, kept in the state directory, rotated on demand."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return b64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Key:
    def __init__(self, pem: bytes):
        self.pem = pem
        self.private: Any = serialization.load_pem_private_key(pem, None)
        public = self.private.public_key()
        self.public_pem = public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.kid = b64url(hashlib.sha1(self.public_pem).digest())

    @classmethod
    def new(cls) -> "Key":
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return cls(
            private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def certificate(self) -> str:
        """Self-signed, as Microsoft publishes it in x5c."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "accounts.accesscontrol.sandbox")])
        start = datetime(2025, 1, 1, tzinfo=UTC)
        builder = x509.CertificateBuilder(name, name, self.private.public_key(), 1, start, start + timedelta(days=3650))
        signed = builder.sign(self.private, hashes.SHA256())
        return base64.b64encode(signed.public_bytes(serialization.Encoding.DER)).decode()

    def jwk(self, issuer: str) -> dict[str, Any]:
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "x5t": self.kid,
            "n": _number(numbers.n),
            "e": _number(numbers.e),
            "x5c": [self.certificate()],
            "issuer": issuer,
        }


class Keys:
    """The signing key comes first; older ones stay published until they are dropped."""

    def __init__(self, directory: Path | None):
        self.file = directory / "keys.json" if directory else None
        self._rogue: Key | None = None
        if self.file and self.file.exists():
            self.keys = [Key(pem.encode()) for pem in json.loads(self.file.read_text())]
        else:
            self.keys = [Key.new()]
            self.save()

    @property
    def current(self) -> Key:
        return self.keys[0]

    @property
    def rogue(self) -> Key:
        """A key that is never published."""
        self._rogue = self._rogue or Key.new()
        return self._rogue

    def rotate(self, *, keep_old: bool) -> None:
        self.keys = [Key.new(), *(self.keys if keep_old else [])]
        self.save()

    def save(self) -> None:
        if self.file:
            self.file.touch(mode=0o600)
            self.file.write_text(json.dumps([key.pem.decode() for key in self.keys]))

    def document(self, issuer: str) -> dict[str, Any]:
        return {"keys": [key.jwk(issuer) for key in self.keys]}
