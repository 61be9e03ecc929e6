"""Quota, deletion with the record, and the sweep of what is left over (FIL-1)."""

import os
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.services import photos
from apps.files import selectors, services
from apps.files.models import StoredFile
from apps.tenants.context import activated
from apps.tenants.services.features import store
from tests.files.pictures import picture
from tests.people import acting, person


def with_photo():
    user = person()
    photos.change_own_photo(actor=acting(user), picture=SimpleUploadedFile("a", picture()), now=timezone.now())
    user.refresh_from_db()
    return user


def names(storage) -> list[str]:
    return sorted(path.name for path in storage.rglob("*") if path.is_file())


def test_what_is_stored_counts(lumiere, storage):
    with_photo()
    on_disk = sum(path.stat().st_size for path in storage.rglob("*.webp"))
    assert selectors.usage().used == on_disk > 0


def test_a_full_storage_refuses_with_a_sentence(lumiere, storage):
    store(school_id=lumiere.pk, values={"files.quota_megabytes": 1})
    with_photo()
    StoredFile.objects.update(size=1_000_000)
    before = names(storage)
    with pytest.raises(services.StorageFull) as refused:
        with_photo()
    assert "1 MB of 1 MB" in str(refused.value)
    assert names(storage) == before


def test_the_quota_of_one_school_is_not_another_s(lumiere, curie, storage):
    with_photo()
    with activated(curie):
        assert selectors.usage().used == 0
        with_photo()
    assert {path.parent.parent.name for path in storage.rglob("*.webp")} == {lumiere.schema_name, curie.schema_name}


def test_the_file_goes_with_its_record(lumiere, storage, django_capture_on_commit_callbacks):
    user = with_photo()
    assert names(storage)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_with_record(type(user), user)
    assert names(storage) == [] and not StoredFile.objects.exists()


def test_a_storage_that_fails_half_way_leaves_nothing(lumiere, storage, monkeypatch):
    real, calls = default_storage._wrapped.__class__.save, []

    def breaks(self, name, content, *args, **kwargs):
        calls.append(name)
        if len(calls) == 2:
            raise OSError("disk full")
        return real(self, name, content, *args, **kwargs)

    monkeypatch.setattr(default_storage._wrapped.__class__, "save", breaks)
    with pytest.raises(OSError, match="disk full"):
        with_photo()
    assert names(storage) == [] and not StoredFile.objects.exists()


def aged(storage, hours: float) -> None:
    moment = time.time() - hours * 3600
    for path in storage.rglob("*"):
        os.utime(path, (moment, moment))


def test_the_sweep_takes_what_nobody_points_to(lumiere, storage, django_capture_on_commit_callbacks):
    kept = with_photo()
    now = timezone.now()
    default_storage.save(f"photo/{'0' * 32}-96.webp", ContentFile(b"left by a crash"))
    lost = services.store_picture(purpose=photos.PHOTO, data=picture(), now=now)
    old = services.store_picture(purpose=photos.PHOTO, data=picture(), now=now)
    StoredFile.objects.filter(pk=old.pk).update(expires_at=now - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.sweep(now=now) == {"expired": 1, "unused": 0, "orphans": 0}  # the others may be on their way
    aged(storage, 30)
    StoredFile.objects.update(created_at=now - timedelta(hours=30))
    with django_capture_on_commit_callbacks(execute=True):
        found = services.sweep(now=now)
    assert found["unused"] == 1
    assert found["orphans"] == 1 + 2, "the crash's, and the two sizes of the unused one: a test does not commit"
    assert not StoredFile.objects.filter(pk=lost.pk).exists()
    assert names(storage) == sorted(f"{kept.photo_id.hex}-{size}.webp" for size in ("96", "320"))
    with django_capture_on_commit_callbacks(execute=True):
        assert sum(services.sweep(now=now).values()) == 0
