"""`manage.py school`: what it prints, and what it says when it cannot."""

import json
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.files.models import StoredFile
from apps.notifications.models import CommunicationLog
from apps.tenants.context import platform
from apps.tenants.models import School
from tests.conftest import client_for, drop_school
from tests.people import person
from tests.tenants.conftest import fresh


def school(*words, **options):
    from io import StringIO

    out = StringIO()
    call_command("school", *words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def slug(django_db_setup, django_db_blocker):
    """A free short name; the school that gets it is dropped afterwards."""
    name = f"cli{uuid.uuid4().hex[:8]}"
    with django_db_blocker.unblock():
        yield name
        with platform():
            made = School.objects.filter(slug=name).first()
        if made:
            drop_school(made)


def test_create_says_where_it_is_and_may_be_repeated(slug):
    words = ("create", slug, "--name", "Nouvelle École", "--owner", "o@new.example")
    said = school(*words)
    assert f"{slug}.campanile.localhost" in said and "o@new.example is invited" in said
    assert school(*words) == said
    found = json.loads(school("list", "--json"))
    assert [row["status"] for row in found if row["slug"] == slug] == ["pending"]


def test_an_invitation_is_sent_again(slug):
    school("create", slug, "--name", "Nouvelle École", "--owner", "o@new.example")
    assert "o@new.example has a new invitation" in school("resend-invitation", slug)


def test_list(lumiere):
    said = school("list")
    assert "lumiere" in said and "École Lumière" in said and "active" in said and said.strip().endswith("schools")
    assert school("list", "--status", "cancelled").strip() == "0 schools"


def test_the_list_shows_how_each_school_is_used(lumiere):
    before = json.loads(school("list", "--search", "LUMI", "--json"))
    assert [row["slug"] for row in before] == ["lumiere"]
    someone = person()
    client_for(lumiere).force_login(someone)
    CommunicationLog.objects.create(template="x", cause="x:1", to="a@b.example", language="fr", state="failed")
    StoredFile.objects.create(
        purpose="photo", content_type="image/webp", extension="webp", size=2_500_000, created_at=timezone.now()
    )
    [now] = json.loads(school("list", "--search", "lumi", "--json"))
    assert now["people"] == before[0]["people"] + 1
    assert now["last_activity"][:10] == f"{timezone.now():%Y-%m-%d}"
    assert now["failing"] == before[0]["failing"] + 1
    assert now["storage"] == before[0]["storage"] + 2_500_000
    [heading, line, total] = school("list", "--search", "lumiere").splitlines()
    assert heading.split() == ["school", "status", "plan", "people", "last", "activity", "storage", "failing", "name"]
    assert line.split()[:4] == ["lumiere", "active", "campus", str(now["people"])]
    assert "2.5 MB" in line and total == "1 school"


def test_suspend_and_resume(lumiere):
    assert "is suspended" in school("suspend", "lumiere", "--reason", "unpaid")
    assert fresh(lumiere).status == "suspended"
    answer = json.loads(school("resume", "lumiere", "--reason", "paid", "--json"))
    assert answer["status"] == fresh(lumiere).status == "active"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("create", "Not Good", "--name", "X", "--owner", "o@x.example"), "lowercase letters"),
        (("create", "admin", "--name", "Admin", "--owner", "o@x.example"), "keeps this name"),
        (("create", "fine", "--name", "Fine", "--owner", "nobody"), "owner_email"),
        (("create", "lumiere", "--name", "Other", "--owner", "o@x.example"), "exists already"),
        (("create", "fine"), "required"),
        (("suspend", "nobody", "--reason", "x"), "no school 'nobody'"),
        (("resume", "nobody", "--reason", "x"), "no school 'nobody'"),
        (("suspend", "lumiere"), "required"),
        (("suspend", "lumiere", "--reason", "  "), "Give the reason"),
        (("resend-invitation", "lumiere"), "has not accepted yet"),
        (("list", "--status", "strange"), "invalid choice"),
        (("explode", "lumiere"), "invalid choice"),
        ((), "required"),
    ],
)
def test_mistakes_are_explained(lumiere, words, says):
    with pytest.raises(CommandError, match=says):
        school(*words)
