"""The logo of an association."""

from datetime import datetime
from uuid import UUID

from django.core.files.base import File
from django.db import transaction

from apps.associations.models import Association
from apps.associations.permissions import EDIT
from apps.core.actor import Actor
from apps.files import services as files

from .. import acts
from ..models import Logo
from .common import LOGO, locked, note


@transaction.atomic
def change_logo(*, actor: Actor, association_id: UUID, picture: File | None, now: datetime) -> Association:
    """Put a picture in place of the logo, written anew, or take it away.

    Raises NotVisible, Forbidden, TooLarge, NotAPicture, TooManyPixels, StorageFull.
    """
    association = locked(actor, association_id, now)
    EDIT.require(actor, association)
    before = Logo.objects.filter(association=association).select_related("file").first()
    if picture is None and before is None:
        return association
    made = files.store_picture(purpose=LOGO, data=files.read_upload(picture, LOGO), now=now) if picture else None
    if before is not None:
        before.delete()  # its file goes with it
    if made is not None:
        Logo.objects.create(association=association, file=made)
    note(actor, acts.LOGO_CHANGED, association, now, changes={"logo": [before is not None, made is not None]})
    return association
