"""django-auditlog's row changes: who and which request, and never a header of the caller's choosing."""

import pytest
from auditlog.models import LogEntry
from django.http import HttpResponse

from apps.accounts.models import User
from apps.audit import rowchanges
from apps.audit.middleware import RowChangesMiddleware
from apps.core import requestinfo
from apps.tenants import context
from tests.people import acting, admin, person

rowchanges.track(User)


def saved_during(rf, actor, host="here", **headers):
    """One person changed inside a request (to the school's host or the platform's); the row change of it."""
    someone = person()
    request = rf.get("/", REMOTE_ADDR="203.0.113.9", **headers)
    request.actor, request.tenancy = actor, context.current() if host == "here" else None

    def view(_request):
        someone.family_name = "Durand"
        someone.save()
        return HttpResponse()

    with requestinfo.bound(request_id="request-5678"):
        RowChangesMiddleware(view)(request)
    return LogEntry.objects.filter(object_pk=str(someone.pk)).latest("timestamp")


def test_a_change_names_the_person_and_the_request(lumiere, rf):
    someone = admin()
    entry = saved_during(rf, acting(someone))
    assert entry.actor_id == someone.pk
    assert entry.cid == "request-5678"
    assert entry.remote_addr == "203.0.113.9"
    assert entry.changes["family_name"][1] == "Durand"


def test_a_superadmin_is_named_in_a_school_by_address_only(lumiere, rf):
    """Their account is a row of the platform: a reference to it would be refused, and the school would not open."""
    entry = saved_during(rf, acting(admin()), host="platform")
    assert entry.actor_id is None
    assert entry.actor_email


@pytest.mark.parametrize(
    "forged", ["6.6.6.6", "not an address", "1.2.3.4, 5.6.7.8", "[::1]:99999", "x" * 5000, "\x00", "1.2.3.4:http"]
)
def test_a_forwarded_header_changes_nothing(lumiere, rf, forged):
    entry = saved_during(rf, acting(admin()), HTTP_X_FORWARDED_FOR=forged, HTTP_X_CORRELATION_ID=forged)
    assert entry.remote_addr == "203.0.113.9"
    assert entry.cid == "request-5678"


def test_a_password_is_never_noted(lumiere):
    someone = person()
    someone.set_password("another long password")
    someone.given_name = "Alex"
    someone.save()
    changes = LogEntry.objects.filter(object_pk=str(someone.pk)).latest("timestamp").changes
    assert set(changes) == {"given_name"}


def test_an_odd_forwarded_header_never_breaks_a_page(client, lumiere):
    for forged in ("6.6.6.6", "nonsense", "1.2.3.4:http", "é", ",,,", "x" * 5000):
        assert client.get("/sign-in/", headers={"X-Forwarded-For": forged}).status_code < 500


def test_jobs_note_the_request_that_started_them(lumiere):
    with requestinfo.bound(request_id="of-the-click-2"):
        someone = person()
    entry = LogEntry.objects.get(object_pk=str(someone.pk))
    assert (entry.cid, entry.actor_id) == ("of-the-click-2", None)
