"""Associations with members, and announcements in the state a test needs."""

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations.services import members
from apps.mailings.models import Announcement
from apps.mailings.services import going, sending, writing
from apps.notifications.models import CommunicationLog
from apps.notifications.services import delivery
from tests.associations.conftest import asked, club, lyon, student  # noqa: F401  # fixtures

WORDS = {"title_fr": "Projection de jeudi", "body_fr": "Rendez-vous à **19 h**."}


@pytest.fixture(autouse=True)
def _real_mail(settings):
    """pytest-django would keep mail in a list; here it goes to the simulator's SMTP server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def choir(club, student):  # noqa: F811
    """An active association with some members besides its board: (association, president, members)."""

    def make(count=3, **fields):
        association, president, _treasurer, _third = club(joining="free", **fields)
        joined = []
        for _number in range(count):
            user = student()
            members.join(actor=actor_for(user), association_id=association.pk, now=timezone.now())
            joined.append(user)
        return association, president, joined

    return make


def draft(association, president, **fields) -> Announcement:
    return writing.write(
        actor=actor_for(president), association_id=association.pk, now=timezone.now(), **{**WORDS, **fields}
    )


def submitted(association, president, leaves_at=None, **fields) -> Announcement:
    made = draft(association, president, **fields)
    return going.submit(actor=actor_for(president), announcement_id=made.pk, now=timezone.now(), leaves_at=leaves_at)


def sent(association, president, **fields) -> Announcement:
    made = submitted(association, president, **fields)
    sending.work_on(announcement_id=made.pk)
    made.refresh_from_db()
    return made


def delivered() -> None:
    """What the workers of mail do."""
    for log in CommunicationLog.objects.mail().filter(state="queued", template="announcement"):
        delivery.deliver(log.pk, timezone.now())
