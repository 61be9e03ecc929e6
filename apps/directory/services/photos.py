"""Photos of the directory (IDN-11): after every good run, and only those whose mark (ETag) changed.

Person by person, each with a row that says which photo was looked at, so that a killed job goes on with the rest. A
person without a photo, a photo that is none and a school whose storage is full stop nobody else.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from apps.accounts.models import Identity, User
from apps.accounts.services import photos
from apps.core.pictures import NotAPicture, TooManyPixels
from apps.files.services import StorageFull, TooLarge
from apps.microsoft.errors import GraphError, GraphForbidden
from apps.microsoft.graph import Graph

from ..models import DirectoryPhoto
from ..selectors import linked_organisation

logger = logging.getLogger("campanile.directory")

AGAIN = timedelta(hours=12)  # a photo that was looked at so recently is not looked at again
MOST = 5_000  # people of one job; the next run's job goes on with those that were looked at longest ago
BAD = (NotAPicture, TooManyPixels, TooLarge)


@dataclass(slots=True)
class Looked:
    """What came of a look at the photos."""

    people: int = 0
    unchanged: int = 0
    taken: int = 0
    removed: int = 0
    refused: int = 0


def refresh(*, now: datetime, make_graph: Callable[..., Graph] = Graph, most: int = MOST) -> dict[str, int]:
    """Look at the photos of the school's people, those first that were looked at longest ago."""
    tenant_id = linked_organisation()
    looked = Looked()
    if not tenant_id:
        return asdict(looked)
    with make_graph(tenant_id) as graph:
        for identity in due(tenant_id, now)[:most]:
            try:
                _look(graph, identity, looked, now)
            except GraphForbidden:
                logger.warning("photos are not allowed by the organisation's consent")
                break
            except StorageFull:
                logger.warning("the storage is full; photos wait")
                break
            except GraphError as error:
                logger.warning("photos were interrupted", extra={"error": error.code})
                break
    return asdict(looked)


def due(tenant_id: str, now: datetime) -> QuerySet[Identity]:
    """Identities of active people whose photo was not looked at lately."""
    recent = Q(directory_photo__checked_at__gt=now - AGAIN)
    identities = Identity.objects.filter(tenant_id=tenant_id, user__status=User.Status.ACTIVE).exclude(recent)
    oldest_first = F("directory_photo__checked_at").asc(nulls_first=True)
    return identities.select_related("directory_photo").order_by(oldest_first, "pk")


def _look(graph: Graph, identity: Identity, looked: Looked, now: datetime) -> None:
    looked.people += 1
    known = getattr(identity, "directory_photo", None)
    etag = graph.photo_etag(identity.object_id)
    if known is not None and known.etag == etag:
        looked.unchanged += 1
    elif not etag:
        looked.removed += photos.take_directory_photo(user_id=identity.user_id, data=None, now=now)
    else:
        _take(graph, identity, looked, now)
    DirectoryPhoto.objects.update_or_create(identity=identity, defaults={"etag": etag, "checked_at": now})


def _take(graph: Graph, identity: Identity, looked: Looked, now: datetime) -> None:
    data: Any = graph.photo(identity.object_id)
    if data is None:
        return
    try:
        looked.taken += photos.take_directory_photo(user_id=identity.user_id, data=data, now=now)
    except BAD as refused:  # what the directory holds is no photo: nothing to be done about it here
        looked.refused += 1
        logger.warning("a photo of the directory was refused", extra={"code": refused.code})
