"""What nobody can use any more is deleted: in each school, and on the platform by a job of its own (L5)."""

from datetime import timedelta

from django.utils import timezone

from apps.accounts import tasks
from apps.accounts.models import HalfSignIn, PasskeyChallenge, Session
from apps.accounts.services import forgetting
from apps.tenants.context import PLATFORM, activated
from tests.people import person
from tests.support.conftest import superadmin


def rows_of(user) -> None:
    """One of each that is over, and one of each that is not."""
    now = timezone.now()
    for number, ends in enumerate((now - timedelta(minutes=1), now + timedelta(minutes=5))):
        HalfSignIn.objects.create(user=user, secret_hash=f"{user.pk}{number}", way="password", expires_at=ends)
        PasskeyChallenge.objects.create(
            purpose="sign_in", browser_hash="b", challenge="c", rp_id="r", user=user, expires_at=ends
        )
        Session.objects.create(user=user, last_seen_at=now, expires_at=ends)


def left() -> list[int]:
    return [model.objects.count() for model in (HalfSignIn, PasskeyChallenge, Session)]


def test_of_superadmins_by_the_platform_s_own_job(lumiere):
    rows_of(person())
    root = superadmin()
    with activated(PLATFORM):
        forgetting.forget_expired(timezone.now())
        before = left()  # tests with real processes leave superadmins' sessions behind
        rows_of(root)
        assert forgetting.forget_expired(timezone.now()) == 3
        assert left() == [count + 1 for count in before]
    assert left() == [2, 2, 2], "a control: a school's are its own job's"
    assert tasks.forget_expired_of_platform.apply().get() == 0, "the job finds what the service finds"
    assert tasks.forget_expired_sessions.apply(headers={"school": lumiere.schema_name}).get() == 3
    assert left() == [1, 1, 1]


def test_both_jobs_are_on_the_clock(settings):
    entries = settings.CELERY_BEAT_SCHEDULE.values()
    assert "accounts.forget_expired_of_platform" in {entry["task"] for entry in entries}
    assert "accounts.forget_expired_sessions" in {entry.get("kwargs", {}).get("job") for entry in entries}
