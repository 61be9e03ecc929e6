"""Fingerprints of people who were erased: what a directory or a file would bring them back by.

The fingerprint is of one school (its id goes in), so that two schools cannot compare. SQL makes the same, see HASHED.
"""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from apps.core.records import Subject
from apps.tenants.context import current

from .models import Tombstone

#: SQL for the fingerprint of `%(tombs)s || <text>`; `tombs` is `prefix(kind)`.
HASHED = "encode(sha256(convert_to(%(tombs)s || {text}, 'UTF8')), 'hex')"


def prefix(kind: str) -> str:
    """Kinds: `email`, `directory` (tenant id/object id), `external` (the school's own number)."""
    return f"{current().id}:{kind}:"


def fingerprint(kind: str, value: str) -> str:
    return hashlib.sha256(f"{prefix(kind)}{value.strip().lower()}".encode()).hexdigest()


def hashes_of(subject: Subject, external_id: str = "") -> list[str]:
    """Everything that must not bring this person back."""
    found = [fingerprint("directory", f"{tenant}/{object_id}") for tenant, object_id in subject.keys]
    if subject.email:
        found.append(fingerprint("email", subject.email))
    if external_id:
        found.append(fingerprint("external", external_id))
    return found


def erased(kind: str, values: Iterable[str]) -> set[str]:
    """Those of the values that belonged to somebody who was erased: files and providers do not bring them back."""
    if not Tombstone.objects.exists():  # almost always: nothing to hash
        return set()
    wanted = {fingerprint(kind, value): value for value in values if value.strip()}
    known = Tombstone.objects.filter(hashes__overlap=list(wanted)).values_list("hashes", flat=True)
    return {wanted[one] for hashes in known for one in hashes if one in wanted}


def erased_addresses(emails: Iterable[str]) -> set[str]:
    """Those of the addresses that belonged to somebody who was erased."""
    return erased("email", emails)


def is_erased_identity(tenant_id: str, object_id: str) -> bool:
    return Tombstone.objects.filter(hashes__contains=[fingerprint("directory", f"{tenant_id}/{object_id}")]).exists()


def has_tombstone(user_id: UUID) -> bool:
    return Tombstone.objects.filter(user_id=user_id).exists()
