"""The platform's own staff. At their first sign-in they set up a second factor, before any page opens (IDN-2)."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid
from apps.tenants.context import platform

from .. import acts, selectors
from ..models import User
from .invitations import checked_email


def create_superadmin(*, actor: Actor, email: str, password: str) -> tuple[User, bool]:
    """A superadmin with this address, and whether it is new. An existing one is left as it is, password included."""
    with platform(), transaction.atomic():
        email = checked_email(email)
        known = selectors.find_by_email(email)
        if known is not None:
            return known, False
        try:
            validate_password(password, User(email=email))
        except ValidationError as weak:
            raise Invalid(" ".join(weak.messages), fields={"password": list(weak.messages)}) from None
        user = User.objects.create_user(email, password, status=User.Status.ACTIVE, is_staff=True, is_superuser=True)
        record(actor=actor, act=acts.SUPERADMIN_CREATED, target=user, target_label=email)
        return user, True
