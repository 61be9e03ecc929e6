"""The picker shows photos: those that are for others, of the people it shows, and to the device alone (IDN-10, IDN-12).

The device's session counts under /desk/ only, so the ordinary links to photos stay closed to it.
"""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import photos
from apps.accounts.services.consents import answer, publish_text
from apps.campuses.models import Campus
from tests.conftest import client_for
from tests.devices.conftest import SYSTEM, member
from tests.files.pictures import with_location
from tests.people import acting

WORDS = {"title_fr": "Photo", "title_en": "Photo", "body_fr": "Oui ?", "body_en": "Yes?"}
SHOWN = re.compile(r'<img class="avatar[^"]*" src="(/desk/photos/[^"]+)"')


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def with_photo(user):
    picture = SimpleUploadedFile("me.jpg", with_location())
    photos.change_own_photo(actor=acting(user), picture=picture, now=timezone.now())
    user.refresh_from_db()
    return user


def test_profiles_have_their_photos_at_every_step(tablet, camille, sacha, lumiere):
    with_photo(camille)
    [link] = SHOWN.findall(tablet.client.get("/desk/").content.decode())
    answer = tablet.client.get(link)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "private" in answer["Cache-Control"] and b"".join(answer.streaming_content)[:4] == b"RIFF"
    tablet.pick(camille)
    assert SHOWN.findall(tablet.client.get("/desk/").content.decode()) == [link], "at the PIN pad"
    tablet.type()
    assert SHOWN.findall(tablet.client.get("/desk/").content.decode()) == [link], "and at the desk"
    stranger = client_for(lumiere).get(link)
    assert stranger.status_code == 302 and stranger["Location"] == "/desk/", "nobody but an enrolled device"
    assert tablet.client.get(camille.photo_url).status_code == 404, "the device's session counts at the desk only"


def test_a_consent_that_is_withdrawn_counts_at_once(tablet, camille, lumiere):
    with_photo(camille)
    link = f"/desk/photos/{camille.pk}/"
    assert tablet.client.get(link).status_code == 200, "a control"
    publish_text(actor=SYSTEM, school_id=lumiere.pk, purpose="photo", words=WORDS, now=timezone.now())
    answer(actor=acting(camille), answers={"photo": False}, now=timezone.now())
    User.objects.update(photo_published=True)  # as if the mark on the account were not up to date
    assert tablet.client.get(link).status_code == 404, "asked anew"
    User.objects.update(photo_published=False)
    assert SHOWN.findall(tablet.client.get("/desk/").content.decode()) == []


def test_of_people_whom_the_device_does_not_show_there_is_no_photo(tablet, lumiere):
    far = with_photo(member(Campus.objects.create(name="Paris", code="PAR"), family_name="Away"))
    assert tablet.client.get(f"/desk/photos/{far.pk}/").status_code == 404
