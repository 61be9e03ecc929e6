"""Links whose time is over: nobody needs to know them any more."""

from datetime import datetime, timedelta

from .. import sessions
from ..models import BreakGlassLink, EmailChange
from . import microsoft_sign_in, repeats, second_step

KEPT = timedelta(days=30)  # after the last moment at which the link did anything


def forget_expired(now: datetime) -> int:
    """Delete what nobody can use any more, in a school or on the platform: sessions, journeys to Microsoft, links, half
    sign-ins, challenges, and answers that were kept for repeated requests. How many rows.
    """
    old = sessions.forget_expired(now) + microsoft_sign_in.forget_old_flows(now) + forget_old_links(now)
    return old + second_step.forget_old(now) + repeats.forget_old(now)


def forget_old_links(now: datetime) -> int:
    """Delete changes of e-mail and break-glass links that cannot be used any more; the audit trail keeps the acts."""
    before = now - KEPT
    changes = EmailChange.objects.filter(expires_at__lt=before).exclude(undo_expires_at__gte=before)
    return changes.delete()[0] + BreakGlassLink.objects.filter(expires_at__lt=before).delete()[0]
