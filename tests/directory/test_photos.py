"""Photos come from the directory, each once, and only where the school lets the directory decide (IDN-11)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.models import Identity, User
from apps.accounts.services import photos as own_photos
from apps.directory.services import photos
from apps.tenants.services.features import store
from tests.files.conftest import storage  # noqa: F401
from tests.files.pictures import NO_PICTURES, picture, with_location
from tests.people import acting

pytestmark = pytest.mark.usefixtures("storage")


@pytest.fixture
def read(world):
    """Three people, read once; the first two have a photo."""
    ids = world.people(3)
    world.map(world.group("Paris", ids), world.paris)
    world.run()
    for person_id in ids[:2]:
        world.sim.set_photo(world.tid, person_id, with_location())
    world.ids = ids
    return world


def look(world, later: float = 0) -> dict:
    return photos.refresh(now=timezone.now() + timedelta(hours=later), make_graph=world.graph)


def user_of(person_id) -> User:
    return Identity.objects.get(object_id=person_id).user


def test_a_photo_is_taken_once_and_again_when_it_changed(read):
    assert look(read) == {"people": 3, "unchanged": 0, "taken": 2, "removed": 0, "refused": 0}
    first = user_of(read.ids[0]).photo
    assert first.content_type == "image/webp"
    read.sim.clear_requests()
    assert look(read, later=13) == {"people": 3, "unchanged": 3, "taken": 0, "removed": 0, "refused": 0}
    assert not read.sim.requests(operation="photo_value"), "an unchanged photo is not fetched"
    read.sim.set_photo(read.tid, read.ids[0], picture(color=(1, 2, 3)))
    assert look(read, later=26)["taken"] == 1
    assert user_of(read.ids[0]).photo != first
    read.sim.set_photo(read.tid, read.ids[0], None)
    assert look(read, later=39)["removed"] == 1
    assert user_of(read.ids[0]).photo is None


def test_who_was_looked_at_lately_is_not_looked_at_again(read):
    look(read)
    assert look(read, later=1)["people"] == 0


def test_what_is_no_photo_stops_nobody_else(read):
    read.sim.set_photo(read.tid, read.ids[0], NO_PICTURES["SVG"])
    assert look(read) == {"people": 3, "unchanged": 0, "taken": 1, "removed": 0, "refused": 1}
    assert user_of(read.ids[0]).photo is None


def test_an_own_photo_stays_where_the_school_says_so(read, lumiere):
    user = user_of(read.ids[0])
    for rule, stays in (("until", False), ("person", True)):
        store(school_id=lumiere.pk, values={"profile.photo": rule})
        own_photos.change_own_photo(
            actor=acting(user), picture=SimpleUploadedFile("me", picture("PNG")), now=timezone.now()
        )
        user.refresh_from_db()
        mine = user.photo
        user.identities.get().directory_photo.delete() if hasattr(user.identities.get(), "directory_photo") else None
        look(read, later=13 if stays else 0)
        user.refresh_from_db()
        assert (user.photo == mine) is stays, rule


def test_an_interrupted_job_goes_on_with_the_rest(read):
    assert photos.refresh(now=timezone.now(), make_graph=read.graph, most=2)["people"] == 2
    assert look(read)["people"] == 1


def test_an_organisation_that_does_not_allow_photos_is_left_in_peace(read):
    read.sim.control("PUT", f"/organisations/{read.tid}/consents/aaaaaaaa-0000-4000-8000-000000000001", {
        "permissions": ["GroupMember.Read.All", "User.ReadBasic.All"]
    })  # fmt: skip
    assert look(read)["taken"] == 0


def test_the_job_rings_after_a_good_run(read, django_capture_on_commit_callbacks, monkeypatch):
    from apps.tenants import jobs

    rung = []
    monkeypatch.setattr(jobs, "_send", lambda name, *args: rung.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        read.run()
    assert "directory.photos" in rung


def test_own_values_stay_where_the_school_says_so(read, lumiere):
    """The directory's next value wins, unless the school lets the person's own stand."""
    from apps.accounts.services import profile

    user = user_of(read.ids[0])
    for rule, after in (("until", "Cook"), ("person", "Delegate")):
        store(school_id=lumiere.pk, values={"profile.job_title": rule})
        profile.change_profile(actor=acting(user), values={"job_title": "Delegate"})
        read.change(read.ids[0], jobTitle="Cook")
        read.run()
        user.refresh_from_db()
        assert user.job_title == after, rule


def test_who_was_erased_does_not_come_back_with_the_directory(lasting_world):
    """Neither the account nor a line that would keep the name."""
    from apps.accounts.services import erasure
    from apps.directory.models import DirectoryChange
    from tests.people import admin

    world = lasting_world
    ids = world.people(3)
    world.map(world.group("Paris", ids), world.paris)
    world.run()
    user = user_of(ids[0])
    email, key = user.email, user.pk
    case = erasure.erase_directly(actor=acting(admin()), user_id=key, reason="letter", now=timezone.now())
    assert erasure.carry_out(case_id=case.pk, now=timezone.now()) == "done"
    world.run()
    assert not User.objects.filter(email=email).exists()
    assert not Identity.objects.filter(object_id=ids[0]).exists()
    assert not DirectoryChange.objects.filter(email=email).exists()
    assert Identity.objects.filter(object_id__in=ids[1:]).count() == 2
