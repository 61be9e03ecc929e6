"""Ending sessions for reasons of security, whoever asked for it. The callers decide, and write the audit trail."""

from datetime import datetime

from ..models import Session, SignInFlow, User


def end_sessions_of(user: User, because: str, now: datetime) -> int:
    """End every session of a person, and what was begun to get one; returns how many ended now."""
    SignInFlow.objects.filter(user=user).delete()
    return Session.objects.filter(user=user).end(because, now)
