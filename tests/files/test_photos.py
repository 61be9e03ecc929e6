"""A person's photo: who may change it, who sees it, and what its link opens (IDN-11, FIL-1)."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import photos
from apps.campuses.models import Campus, CampusRole
from apps.files.models import StoredFile
from apps.tenants.context import activated
from apps.tenants.services.features import store
from tests.files.pictures import NO_PICTURES, huge, picture, with_location
from tests.people import acting, admin, person
from tests.portal.conftest import place_at


def upload(client, data: bytes, name="me.jpg", kind="image/jpeg"):
    return client.post("/account/photo/", {"photo": SimpleUploadedFile(name, data, kind)})


@pytest.fixture
def camille(lumiere):
    user = person("camille@lumiere.example", given_name="Camille")
    photos.change_own_photo(
        actor=acting(user), picture=SimpleUploadedFile("me.jpg", with_location()), now=timezone.now()
    )
    user.refresh_from_db()
    return user


def test_a_person_changes_and_removes_their_photo(as_person, lumiere, storage, django_capture_on_commit_callbacks):
    user = person()
    client = as_person(user)
    with django_capture_on_commit_callbacks(execute=True):
        assert upload(client, picture(), name="../../../etc/\u202egpj.svg", kind="image/svg+xml").status_code == 302
    first = User.objects.get(pk=user.pk).photo
    assert first.content_type == "image/webp" and set(first.variants) == {"96", "320"}
    assert sorted(path.name for path in storage.rglob("*.webp")) == sorted(
        f"{first.pk.hex}-{size}.webp" for size in ("96", "320")
    )
    assert {path.parent.parent.name for path in storage.rglob("*.webp")} == {lumiere.schema_name}
    with django_capture_on_commit_callbacks(execute=True):
        assert upload(client, picture("PNG")).status_code == 302
    assert not StoredFile.objects.filter(pk=first.pk).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/account/photo/removal/").status_code == 302
    assert not StoredFile.objects.filter(purpose="photo").exists()
    assert not list(storage.rglob("*.webp"))


@pytest.mark.parametrize("data", [*NO_PICTURES.values(), huge()], ids=[*NO_PICTURES, "a bomb"])
def test_what_is_no_photo_is_refused_beside_the_field(as_person, data):
    user = person()
    answer = upload(as_person(user), data)
    assert answer.status_code == 422
    assert answer.context["photo_form"].errors["photo"]
    assert User.objects.get(pk=user.pk).photo is None


def test_a_file_that_is_too_large_is_refused_with_the_limit(as_person):
    answer = upload(as_person(person()), picture() + b"\0" * 10_000_001)
    assert answer.status_code == 422
    assert "10" in answer.context["photo_form"].errors["photo"][0]


@pytest.mark.parametrize(
    ("rule", "linked", "allowed"),
    [
        ("directory", True, False),
        ("directory", False, True),
        ("until", True, True),
        ("person", True, True),
        ("nobody", False, False),
    ],
)
def test_the_school_decides_who_changes_the_photo(as_person, lumiere, rule, linked, allowed):
    user = person()
    if linked:
        user.identities.create(issuer="i", tenant_id="t", object_id="o")
    store(school_id=lumiere.pk, values={"profile.photo": rule})
    answer = upload(as_person(user), picture())
    assert answer.status_code == (302 if allowed else 422)
    assert (User.objects.get(pk=user.pk).photo is not None) is allowed


def test_only_who_may_see_the_person_sees_the_photo(as_person, camille, lumiere):
    url = camille.photo_url
    campus = Campus.objects.create(name="Lyon", code="LYO")
    elsewhere = Campus.objects.create(name="Paris", code="PAR")
    place_at(campus, camille, role=CampusRole.MANAGER)
    manager, other, member = person(), person(), person()
    place_at(campus, manager, role=CampusRole.MANAGER)
    place_at(elsewhere, other, role=CampusRole.MANAGER)
    place_at(campus, member)
    expected = {
        "themselves": (camille, 200),
        "an administrator": (admin(), 200),
        "the manager of the campus": (manager, 200),
        "a member, whom Camille manages": (member, 200),
        "the manager of another campus": (other, 404),
        "somebody without a role": (person(), 404),
    }
    got = {name: (who, as_person(who).get(url).status_code) for name, (who, _) in expected.items()}
    assert got == expected
    from tests.conftest import client_for

    assert client_for(lumiere).get(url).status_code == 404


def test_the_answer_is_a_picture_and_nothing_else(as_person, camille):
    answer = as_person(camille).get(camille.photo_url)
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"].startswith("private")
    assert b"".join(answer.streaming_content).startswith(b"RIFF")


def test_a_link_belongs_to_one_file_one_school_and_one_time(as_person, camille, curie):
    client, url = as_person(camille), camille.photo_url
    other = person()
    photos.change_own_photo(actor=acting(other), picture=SimpleUploadedFile("o", picture()), now=timezone.now())
    other.refresh_from_db()
    query = urlsplit(url).query
    for wrong in (
        urlsplit(url).path,
        f"{urlsplit(url).path}?until=9999999999&signature={query.rpartition('=')[2]}",
        f"{urlsplit(other.photo_url).path}?{query}",
        url.replace("/96/", "/320/"),
        url + "x",
        url.replace("until=", "until=1"),
        url.replace("until=", "until=²"),
    ):
        assert client.get(wrong).status_code == 404, wrong
    assert client.get(url).status_code == 200  # a control
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1)):
        later = as_person(camille)  # signed in just now: it is the link that is over, not the session
        assert later.get(url).status_code == 404
        assert later.get(User.objects.get(pk=camille.pk).photo_url).status_code == 200, "a control: one of now is good"
    with activated(curie):
        from apps.files import links

        until, signature = query.removeprefix("until=").split("&signature=")
        assert not links.is_valid(camille.photo_id, "96", until, signature, now=timezone.now())


def test_a_photo_that_is_not_for_others_is_seen_by_its_person_only(as_person, camille):
    from apps.files.links import picture_url

    child = timezone.localdate() - timedelta(days=10 * 365)  # without a guardian's word: see tests/rights
    User.objects.filter(pk=camille.pk).update(photo_published=False, birth_date=child)
    camille.refresh_from_db()
    url = picture_url(camille.photo_id, "96")
    assert camille.photo_url == ""
    assert as_person(admin()).get(url).status_code == 404
    assert as_person(camille).get(url).status_code == 200


def test_people_are_listed_with_their_photo_and_others_with_initials(as_person, camille):
    nobody = person(given_name="Zoé", family_name="Zédou")
    text = as_person(admin()).get("/people/").content.decode()
    assert f"/files/{camille.photo_id}/96/" in text
    assert ">ZZ</span>" in text, nobody.name
