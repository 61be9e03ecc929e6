"""Webhooks out for the demonstration: a program at the simulator that hears of members, one that hears everything."""

from datetime import datetime

from django.conf import settings

from apps.core.actor import Actor
from apps.outgoing.models import WebhookEndpoint
from apps.outgoing.services.endpoints import create_endpoint, send_test

LISTENS = ("membership.started", "membership.changed", "membership.ended", "user.updated")


def make(boss: Actor, short_name: str, now: datetime) -> None:
    """What is missing of it. Repeating it is harmless. Nothing, where no simulator may be called."""
    if WebhookEndpoint.objects.exists() or not settings.OUTGOING_ALLOWED_TARGETS:
        return
    simulator = f"http://{settings.OUTGOING_ALLOWED_TARGETS[0]}/receiver/{short_name}"
    for name, path, kinds in (("Emploi du temps", "timetable", LISTENS), ("Bibliothèque", "library", ())):
        made = create_endpoint(actor=boss, name=name, url=f"{simulator}-{path}", kinds=kinds, now=now)
        send_test(actor=boss, endpoint_id=made.row.endpoint_id, now=now)
