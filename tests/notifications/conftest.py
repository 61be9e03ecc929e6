"""Messages for the tests of this folder."""

import pytest
from django.utils import timezone

from apps.notifications.models import CommunicationLog
from apps.notifications.services import delivery, send

URL = "http://lumiere.campanile.localhost/invitation/the-secret-of-the-link/"
ALERT = {"name": "Ada", "school_name": "École Lumière", "title": "A run failed", "text": "It failed.", "url": "/x/"}


@pytest.fixture(autouse=True)
def _real_mail(settings):
    """pytest-django would keep mail in a list; here it goes to the simulator's SMTP server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def message(cause="test:1", **fields):
    """An invitation: its link is personal."""
    values = {
        "template": "invitation",
        "to": "camille@lumiere.example",
        "context": {"name": "Camille", "school_name": "École Lumière", "invited_by": "Ada", "url": URL, "hours": 48},
        "cause": cause,
        "language": "en",
    }
    return send(**{**values, **fields})


def alert(cause="alert:1", **fields):
    """A kind that people may switch off, and that also stands under the bell."""
    values = {"template": "directory_alert", "context": ALERT, "link": "/directory/"}
    return message(cause, **{**values, **fields})


def tried(log, now=None) -> CommunicationLog:
    delivery.deliver(log.pk, now or timezone.now())
    log.refresh_from_db()
    return log
