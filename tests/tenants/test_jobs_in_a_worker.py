"""A real worker process, one school after the other: every job finds its own school, a refused one leaves nothing."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from apps.accounts.models import Session, User
from apps.tenants import jobs
from apps.tenants.context import activated
from tests.live import wait_until

JOB = "accounts.forget_expired_sessions"


def old_session(school):
    """Something that exactly this job, in exactly this school, takes away."""
    past = timezone.now() - timedelta(days=30)
    with activated(school):
        return Session.objects.create(user=User.objects.get(), data="", last_seen_at=past, expires_at=past)


def left(school):
    with activated(school):
        return Session.objects.count()


@pytest.mark.slow
def test_jobs_of_two_schools_do_not_meet(live, new_school):
    one, two, quiet = new_school(), new_school(), new_school()
    for school in (one, two, quiet):
        old_session(school)
    for school in [one, two] * 10:
        with activated(school):
            jobs.enqueue(JOB)
        for headers in ({}, {"school": "s_nobody"}, {"school": "public"}):
            current_app.send_task(JOB, kwargs={}, headers=headers, retry=False)
    wait_until(lambda: left(one) == left(two) == 0, message=live.log("worker"))
    wait_until(lambda: live.log("worker").count("was sent without a school"), message=live.log("worker"))
    assert left(quiet) == 1, "nobody sent a job for this school"
    with activated(quiet):
        jobs.enqueue(JOB)
    wait_until(lambda: left(quiet) == 0, message=live.log("worker"))
