"""The content of events goes some days after they were applied; their hash and history stay (INT-3b)."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from apps.tenants import features

from ..models import InboundEvent
from ..permissions import on_platform
from ..rules import BODY_DAYS, BODY_DAYS_DEFAULT

State: Final = InboundEvent.State
CHUNK: Final = 1000
HELD_FOR: Final = timedelta(days=365)
OVER: Final = (State.PROCESSED, State.IGNORED, State.DISCARDED)


def forget(*, now: datetime, chunk: int = CHUNK) -> int:
    """Delete what is past its days, chunk by chunk; how many events lost their content. Safe to kill and to repeat.

    What was given up keeps its content until somebody decides, or until its row goes; what fitted no school for a year
    is discarded.
    """
    InboundEvent.objects.filter(state=State.HELD, received_at__lt=now - HELD_FOR).update(state=State.DISCARDED)
    days = BODY_DAYS_DEFAULT if on_platform() else features.value(BODY_DAYS.key)
    before = now - timedelta(days=days)
    ended = Q(finished_at__lt=before) | Q(finished_at=None, received_at__lt=before)
    old = InboundEvent.objects.filter(ended, state__in=OVER, received_at__lt=before).exclude(body="", conflict_body="")
    gone = 0
    while keys := list(old.order_by("pk").values_list("pk", flat=True)[:chunk]):
        with transaction.atomic():
            gone += InboundEvent.objects.filter(pk__in=keys, state__in=OVER).update(
                body="", conflict_body="", expunged_at=now
            )
    return gone
