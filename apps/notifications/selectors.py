"""Reads of the messages of the active school."""

from datetime import timedelta

from django.utils import timezone

from .models import CommunicationLog


def figures(**_news: object) -> dict[str, int]:
    """For the platform's list of schools: messages that were given up in the last seven days."""
    lately = timezone.now() - timedelta(days=7)
    failed = CommunicationLog.objects.filter(state=CommunicationLog.State.FAILED, created_at__gt=lately)
    return {"failing": failed.count()}
