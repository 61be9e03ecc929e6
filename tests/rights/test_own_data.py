"""Everything that is kept of a person is in their archive, and nothing of anybody else (L2)."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.models import DataExport, ErasureCase, Session
from apps.accounts.services import exporting, photos
from tests.files.pictures import picture
from tests.people import acting, admin, person
from tests.rights.seeding import seed_account, seed_everything


def archive_of(user) -> zipfile.ZipFile:
    export = exporting.request_export(actor=acting(user), now=timezone.now())
    assert exporting.build(export_id=export.pk, now=timezone.now()) == "done"
    export.refresh_from_db()
    from django.core.files.storage import default_storage

    with default_storage.open(export.file.path()) as kept:
        return zipfile.ZipFile(io.BytesIO(kept.read()))


def texts(archive: zipfile.ZipFile) -> str:
    return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.fixture
def two(lumiere):
    one, other = seed_account(), seed_account()
    for seeded in (one, other):
        seed_everything(seeded)
    return one, other


def test_the_archive_has_every_canary_of_one_s_own_and_none_of_others(two):
    one, other = two
    written = texts(archive_of(one.user))
    missing = {place for canary, place in one.canaries.items() if canary not in written}
    assert not missing, sorted(missing)
    assert len(one.canaries) > 60, "a control: the seeding finds the columns"
    foreign = {place for canary, place in {**other.canaries, **other.withheld}.items() if canary in written}
    assert not foreign, sorted(foreign)
    secret = {place for canary, place in one.withheld.items() if canary in written}
    assert not secret, sorted(secret)
    assert other.user.email not in written and other.user.name not in written


def test_the_page_says_the_same(two, as_person):
    one, other = two
    page = as_person(one.user).get("/account/data/").content.decode()
    assert one.user.email in page
    assert not {place for canary, place in other.canaries.items() if canary in page}


def test_the_language_stands_there_by_its_name(lumiere, as_person):
    page = as_person(person(locale="en")).get("/account/data/")
    rows = [dict(row) for _group, parts in page.context["groups"] for part in parts for row in part.rows]
    assert [row["Language"] for row in rows if "Language" in row] == ["English"]


def test_it_can_be_read_and_taken_elsewhere(lumiere):
    user = person(given_name="Camille", locale="fr")
    photos.change_own_photo(actor=acting(user), picture=SimpleUploadedFile("a", picture()), now=timezone.now())
    archive = archive_of(user)
    names = set(archive.namelist())
    assert "index.html" in names and "data/accounts-user.json" in names
    assert any(name.startswith("files/photo-") and name.endswith(".webp") for name in names)
    account = json.loads(archive.read("data/accounts-user.json"))
    assert account[0]["email"] == user.email and "password" not in account[0]
    index = archive.read("index.html").decode()
    assert 'lang="fr"' in index and "Données de Camille" in index and "<script" not in index


def test_names_of_people_are_no_markup_in_it(lumiere):
    user = person(given_name="<script>alert(1)</script>")
    assert "<script>" not in archive_of(user).read("index.html").decode()


def test_only_the_person_fetches_it_for_a_week(lumiere, as_person):
    user = person()
    archive_of(user)
    export = DataExport.objects.get(user=user)
    url = f"/account/data/exports/{export.pk}/download/"
    mine = as_person(user)
    link = mine.get(url)["Location"]
    answer = mine.get(link)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"PK")
    for other in (person(), admin()):
        assert as_person(other).get(url).status_code == 404
        assert as_person(other).get(link).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert mine.get(link).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        client = as_person(user)
        assert client.get(url).status_code == 404


def test_fetching_asks_who_it_is_when_that_was_long_ago(lumiere, as_person):
    user = person()
    archive_of(user)
    export = DataExport.objects.get(user=user)
    client = as_person(user)
    Session.objects.filter(user=user).update(proven_at=timezone.now() - timedelta(days=1))
    answer = client.get(f"/account/data/exports/{export.pk}/download/")
    assert answer.status_code != 302 or "/files/" not in answer["Location"]
    assert client.post("/account/data/erasure/", {"sure": "on"}).status_code in (302, 403)
    assert not ErasureCase.objects.filter(user_id=user.pk).exists()


def test_asking_twice_makes_one_and_three_a_day_are_enough(lumiere):
    user = person()
    first = exporting.request_export(actor=acting(user), now=timezone.now())
    assert exporting.request_export(actor=acting(user), now=timezone.now()) == first
    for _ in range(2):
        DataExport.objects.filter(user=user).update(state="done")
        exporting.request_export(actor=acting(user), now=timezone.now())
    DataExport.objects.filter(user=user).update(state="done")
    with pytest.raises(exporting.TooManyExports):
        exporting.request_export(actor=acting(user), now=timezone.now())


def test_a_killed_worker_s_archive_is_made_by_the_next(lumiere, monkeypatch):
    user = person()
    export = exporting.request_export(actor=acting(user), now=timezone.now())
    with monkeypatch.context() as broken:
        broken.setattr(exporting, "_write_part", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            exporting.build(export_id=export.pk, now=timezone.now())
    assert exporting.build(export_id=export.pk, now=timezone.now()) == "", "somebody may still be at it"
    later = timezone.now() + exporting.LEASE + timedelta(minutes=2)
    assert exporting.sweep(later) == 1
    assert exporting.build(export_id=export.pk, now=later) == "done"
