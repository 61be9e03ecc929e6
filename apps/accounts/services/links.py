"""Whose link it is: the part of a mailed address that names a person."""

from uuid import UUID

from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

from ..models import User


class LinkInvalid(DomainError):
    """Used, too old, replaced, or of another school: nobody is told which."""

    code = "link-invalid"
    status = 410

    def __init__(self) -> None:
        super().__init__(
            _("This link was used, is older than one hour, or was replaced by a newer one. Ask for a new one below.")
        )


def uid_of(user: User) -> str:
    return urlsafe_base64_encode(user.pk.bytes)


def person_of(uid: str) -> User | None:
    """The person named, if that is one of this school."""
    try:
        user_id = UUID(bytes=urlsafe_base64_decode(force_str(uid)))
    except ValueError:
        return None
    return User.objects.filter(pk=user_id).first()
