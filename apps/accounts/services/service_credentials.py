"""Credentials of machines (IDN-5): each may what its permissions say, until it expires or is revoked.

Of these permissions those count that whoever made it holds at the moment of the request: a credential does not keep
what its maker lost, by a role taken back or an account closed. Somebody else may take it over (`adopt_credential`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core import requestinfo
from apps.core.actor import SCHOOL, Actor, Held, Role
from apps.core.errors import Invalid, NotVisible
from apps.core.permissions import REGISTRY, Permission

from .. import acts, selectors
from ..credentials import digest, new_secret
from ..models import ServiceCredential
from ..permissions import CREDENTIALS_MANAGE
from .custom_roles import holds_for_school
from .roles import NotYours

PREFIX: Final = "cmp_"
LIKE_A_SECRET: Final = re.compile(r"cmp_[A-Za-z0-9_-]{43}")
LONGEST: Final = timedelta(days=366)
SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Created:
    """A new credential and its secret, which is shown once and kept nowhere."""

    credential: ServiceCredential
    secret: str


def offered() -> list[Permission]:
    """What a machine can be allowed: the school's permissions, without those that ask for a person's proof."""
    return [p for p in REGISTRY.values() if p.is_for_schools and not p.sudo]


@transaction.atomic
def create_credential(
    *, actor: Actor, name: str, permissions: Iterable[str], expires_at: datetime, now: datetime
) -> Created:
    """A credential for the whole school. Raises Forbidden, StepUpRequired, Invalid, NotYours (what the actor lacks)."""
    CREDENTIALS_MANAGE.require(actor, SCHOOL)
    codes, known = frozenset(permissions), {permission.code for permission in offered()}
    if not name.strip():
        raise Invalid(fields={"name": [_("Give the credential a name that says what uses it.")]})
    if not codes or not codes <= known:
        raise Invalid(fields={"permissions": [_("Choose at least one permission from the list.")]})
    if not now < expires_at <= now + LONGEST:
        raise Invalid(fields={"expires_on": [_("Choose a day within the next twelve months.")]})
    if not all(holds_for_school(actor, REGISTRY[code]) for code in codes):
        raise NotYours
    secret = PREFIX + new_secret()
    credential = ServiceCredential.objects.create(
        name=name.strip()[:100],
        hint=secret[:8],
        secret_hash=digest(secret),
        permissions=sorted(codes),
        created_by_id=actor.user_id,
        created_by=actor.label[:200],
        expires_at=expires_at,
    )
    facts = {"permissions": credential.permissions, "expires_at": expires_at}
    record(actor=actor, act=acts.CREDENTIAL_CREATED, target=credential, data=facts)
    return Created(credential, secret)


@transaction.atomic
def revoke_credential(*, actor: Actor, credential_id: UUID, now: datetime) -> None:
    """Useless from the next request on. Revoking twice changes nothing. Raises Forbidden, NotVisible."""
    CREDENTIALS_MANAGE.require_held(actor, SCHOOL)  # taking away in a hurry must not wait for a proof
    credential = ServiceCredential.objects.select_for_update().filter(pk=credential_id).first()
    if credential is None:
        raise NotVisible
    if credential.revoked_at is None:
        credential.revoked_at = now
        credential.save(update_fields=["revoked_at"])
        record(actor=actor, act=acts.CREDENTIAL_REVOKED, target=credential)


@transaction.atomic
def adopt_credential(*, actor: Actor, credential_id: UUID, now: datetime) -> None:
    """From now on it stands on the actor's rights instead of its maker's; its secret and its end stay. Safe to repeat.

    Raises Forbidden, StepUpRequired, NotVisible, NotYours (one of its permissions the actor lacks).
    """
    CREDENTIALS_MANAGE.require(actor, SCHOOL)
    credential = ServiceCredential.objects.select_for_update().filter(pk=credential_id).first()
    if credential is None or not credential.is_usable(now):
        raise NotVisible
    if not may_adopt(actor, credential):
        raise NotYours
    if credential.created_by_id == actor.user_id:
        return
    before, credential.created_by_id, credential.created_by = credential.created_by, actor.user_id, actor.label[:200]
    credential.save(update_fields=["created_by_id", "created_by"])
    changes = {"created_by": [before, credential.created_by]}
    record(actor=actor, act=acts.CREDENTIAL_ADOPTED, target=credential, changes=changes, at=now)


def may_adopt(actor: Actor, credential: ServiceCredential) -> bool:
    return all(holds_for_school(actor, REGISTRY[code]) for code in credential.permissions if code in REGISTRY)


def counting(credential: ServiceCredential) -> frozenset[str]:
    """Those of its permissions that count now."""
    maker = selectors.author(credential.created_by_id, credential.created_by)
    known = (code for code in credential.permissions if code in REGISTRY)
    return frozenset(code for code in known if holds_for_school(maker, REGISTRY[code]))


def visible_credentials(actor: Actor) -> QuerySet[ServiceCredential]:
    """Newest first. Raises Forbidden."""
    CREDENTIALS_MANAGE.require_held(actor)
    return ServiceCredential.objects.all()


def get_credential(actor: Actor, credential_id: UUID) -> ServiceCredential:
    """Raises Forbidden, NotVisible."""
    found = visible_credentials(actor).filter(pk=credential_id).first()
    if found is None:
        raise NotVisible
    return found


def actor_of(secret: str, *, address: str | None, now: datetime) -> Actor | None:
    """The machine of a secret, with those of its permissions that count; None when it is not usable here."""
    if not LIKE_A_SECRET.fullmatch(secret):
        return None
    credential = ServiceCredential.objects.filter(secret_hash=digest(secret)).first()
    if credential is None or not credential.is_usable(now):
        return None
    seen_lately = Q(last_used_at__gt=now - SEEN_EVERY, last_used_from=address)
    ServiceCredential.objects.filter(pk=credential.pk).exclude(seen_lately).update(
        last_used_at=now, last_used_from=address
    )
    held = Held(Role.SERVICE, SCHOOL, because=f"credential {credential.pk}", permissions=counting(credential))
    return Actor(
        label=credential.name,
        held=(held,),
        credential_id=credential.pk,
        surface="api",
        request_id=requestinfo.current_request_id(),
        address=address,
    )
