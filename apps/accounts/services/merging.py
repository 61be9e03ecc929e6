"""Whose account is it? Decisions of an administrator when a Microsoft account and a person here meet at one address."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible
from apps.core.permissions import require_fresh

from .. import acts
from ..models import Identity, Session, User
from ..permissions import PEOPLE_SUSPEND
from .lifecycle import _drop_sessions, _locked
from .linking import IdentityTaken


@transaction.atomic
def join_identity(
    *, actor: Actor, user_id: UUID, tenant_id: str, object_id: str, upn: str, now: datetime, reason: str = ""
) -> Identity:
    """This Microsoft account belongs to this person. One of the same organisation that they had is replaced by it.

    Their sessions end: who signed in before may be somebody else. Safe to repeat. Raises Forbidden, StepUpRequired,
    NotYours (the person holds rights that the actor could not give), NotVisible, IdentityTaken.
    """
    user = _one(actor, user_id)
    held = Identity.objects.filter(tenant_id=tenant_id, object_id=object_id).first()
    if held is not None and held.user_id != user.pk:
        raise IdentityTaken
    if held is not None:
        return held
    identity = Identity.objects.filter(user=user, tenant_id=tenant_id).order_by("linked_at").first()
    before = identity.object_id if identity else None
    identity = identity or Identity(user=user, tenant_id=tenant_id, issuer=_issuer(tenant_id))
    identity.object_id, identity.upn, identity.last_used_at, identity.login_hint = object_id, upn[:320], None, ""
    try:
        with transaction.atomic():
            identity.save()
    except IntegrityError:
        raise IdentityTaken from None
    _drop_sessions([user.pk], Session.Ended.SECURITY_CHANGED)
    record(
        actor=actor, act=acts.IDENTITY_LINKED, target=user, changes={"object_id": [before, object_id]},
        data={"account": upn}, reason=reason, at=now,
    )  # fmt: skip
    return identity


@transaction.atomic
def give_another_address(*, actor: Actor, user_id: UUID, email: str, now: datetime, reason: str = "") -> User:
    """A person here gets another e-mail address, so that theirs is free. Sessions end. Safe to repeat.

    Raises Forbidden, StepUpRequired, NotYours, NotVisible, Invalid (`email`: not an address, or another person's).
    """
    user = _one(actor, user_id)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(fields={"email": [_("Enter a valid e-mail address.")]}) from None
    if user.email.lower() == email:
        return user
    before, user.email = user.email, email
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError:
        raise Invalid(fields={"email": [_("Another person here has this address.")]}) from None
    _drop_sessions([user.pk], Session.Ended.SECURITY_CHANGED)
    record(
        actor=actor, act=acts.ADDRESS_CHANGED, target=user, changes={"email": [before, email]}, reason=reason, at=now
    )
    return user


def _one(actor: Actor, user_id: UUID) -> User:
    """The person, locked: whom an address or an identity belongs to decides who can sign in as them."""
    require_fresh(actor)
    people = _locked(actor, [user_id], PEOPLE_SUSPEND)
    if not people:
        raise NotVisible
    return people[0]


def _issuer(tenant_id: str) -> str:
    return f"{settings.MICROSOFT_LOGIN_URL.rstrip('/')}/{tenant_id}/v2.0"
