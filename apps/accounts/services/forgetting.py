"""Links whose time is over: nobody needs to know them any more."""

from datetime import datetime, timedelta

from ..models import BreakGlassLink, EmailChange

KEPT = timedelta(days=30)  # after the last moment at which the link did anything


def forget_old_links(now: datetime) -> int:
    """Delete changes of e-mail and break-glass links that cannot be used any more; the audit trail keeps the acts."""
    before = now - KEPT
    changes = EmailChange.objects.filter(expires_at__lt=before).exclude(undo_expires_at__gte=before)
    return changes.delete()[0] + BreakGlassLink.objects.filter(expires_at__lt=before).delete()[0]
