"""The photo of a person: from the directory or their own, seen by nobody who may not see the person (IDN-11, FIL-1)."""

from datetime import datetime
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible
from apps.core.pictures import Size
from apps.files import services as files
from apps.files.models import StoredFile
from apps.files.purposes import declare

from .. import acts, hooks, rules
from ..models import PHOTO_LARGE, PHOTO_SMALL, User
from ..selectors import own_id, visible_people
from .publication import is_published


class PhotoFromDirectory(DomainError):
    code = "photo-from-directory"

    def __init__(self) -> None:
        super().__init__(
            _("Your photo comes from your school's directory. Ask the administration of your school to change it.")
        )


def may_see_photo(actor: Actor, file: StoredFile) -> bool:
    """Those who may see the person, unless the photo is not for others; the person always.

    Also support of the platform, and whoever looks as a role: actors without an account.
    """
    person = User.objects.filter(photo=file).first()
    if person is None:
        return False
    if actor.user_id == person.pk:
        return True
    if not is_published(person, now=timezone.now()):  # asked anew: a withdrawn consent counts at once
        return False
    shown = any(hooks.shown_to.send(actor=actor, user_id=person.pk))
    return shown or visible_people(actor).filter(pk=person.pk).exists()


PHOTO = declare(
    "photo",
    _("Photo"),
    most_bytes=10_000_000,
    sizes={PHOTO_SMALL: Size(96), PHOTO_LARGE: Size(320)},
    may_read=may_see_photo,
)


def may_change_own(user: User) -> bool:
    return rules.may_edit("photo", is_linked=user.identities.exists())


@transaction.atomic
def change_own_photo(*, actor: Actor, picture: File | None, now: datetime) -> None:
    """One's own photo, or none. Raises PhotoFromDirectory, TooLarge, NotAPicture, TooManyPixels, StorageFull."""
    user = User.objects.select_for_update().filter(pk=own_id(actor)).first()
    if user is None:
        raise NotVisible
    if not may_change_own(user):
        raise PhotoFromDirectory
    data = files.read_upload(picture, PHOTO) if picture is not None else None
    _replace(user, data, is_own=data is not None, now=now)
    record(actor=actor, act=acts.PHOTO_CHANGED, target=user, changes={"photo": [None, bool(data)]}, at=now)


@transaction.atomic
def take_directory_photo(*, user_id: UUID, data: bytes | None, now: datetime) -> bool:
    """What the directory has as photo; False when the person's own stays. The same again is harmless.

    Raises NotAPicture, TooManyPixels, TooLarge, StorageFull: the caller decides what a bad picture means.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None or not directory_decides(user):
        return False
    if data is None and user.photo_id is None:
        return False
    _replace(user, data, is_own=False, now=now)
    return True


def directory_decides(user: User) -> bool:
    """Whether the directory's photo may replace what is there."""
    return not (user.photo_is_own and rules.value(rules.PROFILE_RULES["photo"].key) == "person")


def _replace(user: User, data: bytes | None, *, is_own: bool, now: datetime) -> None:
    before = user.photo
    user.photo = files.store_picture(purpose=PHOTO, data=data, now=now) if data is not None else None
    user.photo_is_own = is_own
    user.photo_published = is_published(user, now=now)
    User.objects.filter(pk=user.pk).update(
        photo=user.photo, photo_is_own=user.photo_is_own, photo_published=user.photo_published
    )
    files.delete_file(before)
