"""Secrets of HashiCorp Vault, read at the start: `mount/path#key` of its key-value store, version 2 (OPS-4)."""

import re
from typing import Any
from urllib.parse import urlsplit

REFERENCE = re.compile(r"(?P<mount>[^/#\s]+)/(?P<path>[^#\s]+)#(?P<key>[^#\s]+)")
TIMEOUT = 5  # seconds, for each call
NEARBY = {"127.0.0.1", "::1", "localhost"}  # an agent beside us


class VaultProblem(Exception):
    """Why a secret was not read, in words for the person who operates the platform; never holds a secret."""


class Vault:
    """Signs in once, by token or AppRole, when the first secret is asked for; reads each path once."""

    def __init__(
        self,
        *,
        address: str,
        token: str = "",
        role_id: str = "",
        secret_id: str = "",
        namespace: str = "",
        cacert: str = "",
    ) -> None:
        self._address = address.rstrip("/")
        self._token, self._role_id, self._secret_id = token, role_id, secret_id
        self._namespace, self._cacert = namespace, cacert
        self._client: Any = None
        self._failed: VaultProblem | None = None
        self._read: dict[tuple[str, str], dict[str, Any]] = {}

    def read(self, reference: str) -> str:
        """The value of one key. Raises VaultProblem."""
        parts = REFERENCE.fullmatch(reference)
        if parts is None:
            raise VaultProblem(f"{reference!r} is not mount/path#key")
        mount, path, key = parts["mount"], parts["path"].strip("/"), parts["key"]
        value = self._secret(mount, path).get(key)
        if not isinstance(value, str) or not value.strip():
            raise VaultProblem(f"{mount}/{path} has no text under the key {key!r}")
        return value.strip()

    def _secret(self, mount: str, path: str) -> dict[str, Any]:
        if (mount, path) not in self._read:
            if self._client is None:
                self._client = self._signed_in()
            answer = self._ask(
                f"{mount}/{path}",
                lambda: self._client.secrets.kv.v2.read_secret_version(
                    path=path, mount_point=mount, raise_on_deleted_version=True
                ),
            )
            try:
                self._read[mount, path] = dict(answer["data"]["data"])
            except (KeyError, TypeError, ValueError):
                raise VaultProblem(f"{mount}/{path} is not in a key-value store of version 2") from None
        return self._read[mount, path]

    def _signed_in(self) -> Any:
        if self._failed:
            raise self._failed  # ten secrets, one attempt
        try:
            return self._sign_in()
        except VaultProblem as problem:
            self._failed = problem
            raise

    def _sign_in(self) -> Any:
        import hvac  # only who uses Vault loads its client

        self._require_safe_address()
        if not self._token and not (self._role_id and self._secret_id):
            raise VaultProblem("VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, must be set")
        client = hvac.Client(
            url=self._address,
            token=self._token,
            namespace=self._namespace or None,
            verify=self._cacert or True,
            timeout=TIMEOUT,
            allow_redirects=False,  # another address would receive our token
        )
        if not self._token:
            self._ask("AppRole", lambda: client.auth.approle.login(self._role_id, self._secret_id))
        return client

    def _require_safe_address(self) -> None:
        parts = urlsplit(self._address)
        if not self._address:
            raise VaultProblem("VAULT_ADDR is not set")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in NEARBY):
            raise VaultProblem("VAULT_ADDR must start with https:// (http:// only for an agent on this machine)")

    def _ask(self, what: str, call: Any) -> Any:
        import requests
        from hvac import exceptions

        try:
            return call()
        except exceptions.InvalidPath:
            raise VaultProblem(f"{what} does not exist, or its newest version was deleted") from None
        except (exceptions.Forbidden, exceptions.Unauthorized):
            raise VaultProblem(f"Vault does not let us read {what}: check the token or role and its policy") from None
        except exceptions.InvalidRequest:
            raise VaultProblem(f"Vault refuses {what}: check the role id, the secret id and the mount") from None
        except exceptions.VaultDown:
            raise VaultProblem(f"Vault at {self._address} is sealed or in maintenance") from None
        except exceptions.VaultError as fault:
            raise VaultProblem(f"Vault at {self._address} answers {type(fault).__name__} for {what}") from None
        except requests.exceptions.SSLError:
            raise VaultProblem(f"the certificate of {self._address} is not trusted: set VAULT_CACERT") from None
        except requests.exceptions.Timeout:
            raise VaultProblem(f"Vault at {self._address} did not answer within {TIMEOUT} s") from None
        except (requests.exceptions.RequestException, OSError):
            raise VaultProblem(f"Vault at {self._address} cannot be reached") from None
        except ValueError:
            raise VaultProblem(f"what answers at {self._address} is not Vault") from None
