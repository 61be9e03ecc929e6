"""A person's device with passkeys, as software: what a browser would answer, and every way to answer wrongly."""

import json
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestedCredentialData, AuthenticatorData, CollectedClientData

UP, UV, AT = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV, AuthenticatorData.FLAG.AT


@dataclass
class Device:
    """One key of one person. Attributes may be changed before it answers: that is what is wrong about it then."""

    origin: str
    rp_id: str
    verifies: bool = True  # the person's finger, face or PIN
    counts: bool = True
    is_framed: bool = False
    kind: str = ""  # of the client data, instead of the right one
    count: int = 0
    handle: bytes | None = None
    key_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict) -> str:
        """The answer to the options for a new passkey."""
        self.handle = websafe_decode(options["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.key_id, public)
        data = AuthenticatorData.create(sha256(self.rp_id.encode()), self._flags() | AT, self.count, credential)
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(data)})
        client = self._client("webauthn.create", options["challenge"])
        response = {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(attestation)}
        return self._answer({**response, "transports": ["internal", "made-up"]})

    def use(self, options: dict) -> str:
        """The answer to the options for using it."""
        self.count += 1 if self.counts else 0
        data = AuthenticatorData.create(sha256(self.rp_id.encode()), self._flags(), self.count)
        client = self._client("webauthn.get", options["challenge"])
        signature = self.key.sign(bytes(data) + client.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(bytes(data)),
            "signature": websafe_encode(signature),
        }
        if self.handle is not None:
            response["userHandle"] = websafe_encode(self.handle)
        return self._answer(response)

    def _flags(self):
        return UP | (UV if self.verifies else AuthenticatorData.FLAG(0))

    def _client(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(self.kind or kind, challenge, self.origin, self.is_framed)

    def _answer(self, response: dict) -> str:
        key_id = websafe_encode(self.key_id)
        return json.dumps({"id": key_id, "rawId": key_id, "type": "public-key", "response": response})
