"""Texts with versions, answers that can be taken back, and a guardian's word for minors (IDN-12, L6)."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.models import ConsentRecord, GuardianRequest, User
from apps.accounts.services import consents, photos, publication
from apps.accounts.services.limits import TooManyAttempts
from apps.core.errors import Forbidden, Invalid
from apps.notifications.models import CommunicationLog
from apps.tenants.services.features import store
from tests.conftest import client_for, forget_cached
from tests.files.pictures import picture
from tests.people import acting, admin, auditor, person

WORDS = {"title_fr": "Photo", "title_en": "Photo", "body_fr": "Votre photo.", "body_en": "Your photo."}
NOW = timezone.now


def publish(school, purpose="photo", **words):
    return consents.publish_text(
        actor=acting(admin()), school_id=school.pk, purpose=purpose, words={**WORDS, **words}, now=NOW()
    )


def born(years: float) -> date:
    return timezone.localdate() - timedelta(days=int(years * 365.25) + 2)


def with_photo(**fields) -> User:
    user = person(**fields)
    photos.change_own_photo(actor=acting(user), picture=SimpleUploadedFile("a", picture()), now=NOW())
    user.refresh_from_db()
    return user


# --- texts -----------------------------------------------------------------------------------------------


def test_a_new_version_is_a_new_row_in_both_languages(lumiere):
    first, second = publish(lumiere), publish(lumiere, body_en="Another.")
    assert (first.version, second.version, second.sequence) == (1, 2, first.sequence + 1)
    with pytest.raises(Invalid) as refused:
        publish(lumiere, body_fr=" ")
    assert "body_fr" in refused.value.fields
    with pytest.raises(Forbidden):
        consents.publish_text(actor=acting(auditor()), school_id=lumiere.pk, purpose="photo", words=WORDS, now=NOW())


def test_everybody_is_led_to_a_required_text_at_their_next_page_and_once(lumiere, as_person, settings):
    user = person()
    client = as_person(user)
    assert client.get("/home/").status_code == 200
    publish(lumiere, "privacy-notice", title_en="Privacy")
    publish(lumiere, "newsletter", title_en="News")
    forget_cached()
    answer = client.get("/home/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/consents/?next=/home/")
    assert client.get("/home/", headers={"hx-request": "true"})["HX-Redirect"].startswith("/account/consents/")
    assert client.get("/account/").status_code == 200, "the account stays open, and signing out too"
    page = client.get("/account/consents/?next=/home/").content.decode()
    assert "Privacy" in page and "News" in page
    assert client.post("/account/consents/", {"next": "/home/"}).status_code == 422
    answer = client.post("/account/consents/", {"next": "/home/", "privacy-notice": "yes", "newsletter": "no"})
    assert answer["Location"] == "/home/"
    assert client.get("/home/").status_code == 200
    given = {one.purpose: one.given for one in ConsentRecord.objects.filter(user=user)}
    assert given == {"privacy-notice": True, "newsletter": False}
    publish(lumiere, "privacy-notice", body_en="New words.")
    forget_cached()
    assert client.get("/home/").status_code == 302, "a new version is asked again"


def test_an_answer_has_time_version_and_surface_and_can_be_taken_back(lumiere, as_person):
    text, user = publish(lumiere), person()
    client = as_person(user)
    for _ in range(2):
        assert client.post("/account/consents/photo/", {"given": "yes"}).status_code == 302
    record = ConsentRecord.objects.get(user=user)
    assert (record.given, record.confirmed, record.text, record.surface) == (True, True, text, "web")
    client.post("/account/consents/photo/", {"given": "no"})
    assert [one.given for one in ConsentRecord.objects.filter(user=user).order_by("at", "id")] == [True, False]
    assert client.post("/account/consents/nothing-like-it/", {"given": "yes"}).status_code == 404


def test_figures_and_the_list(lumiere, as_person):
    publish(lumiere)
    for given in (True, True, False):
        consents.answer(actor=acting(person()), answers={"photo": given}, now=NOW())
    person()
    desk = as_person(admin())
    found = next(one for one in consents.figures(actor=acting(admin())) if one.purpose.code == "photo")
    assert (found.given, found.withdrawn, found.waiting) == (2, 1, 0)
    assert found.silent >= 1
    csv = b"".join(desk.get("/data-protection/consents/export.csv").streaming_content).decode()
    assert csv.count("photo") == 3
    assert desk.get("/data-protection/consents/").status_code == 200
    assert desk.post("/data-protection/consents/photo/", {**WORDS, "body_en": ""}).status_code == 422
    assert desk.post("/data-protection/consents/photo/", WORDS).status_code == 302
    assert as_person(person()).get("/data-protection/consents/").status_code == 403


# --- photos ----------------------------------------------------------------------------------------------


def test_a_withdrawn_consent_hides_the_photo_at_once(lumiere, as_person):
    publish(lumiere)
    user, desk = with_photo(), as_person(admin())
    url = user.photo_url
    assert desk.get(url).status_code == 200
    consents.answer(actor=acting(user), answers={"photo": False}, now=NOW())
    user.refresh_from_db()
    assert (user.photo_published, user.photo_url) == (False, "")
    assert desk.get(url).status_code == 404, "not even by a link of before"


def test_where_the_school_wants_a_consent_no_photo_is_shown_without_one(lumiere):
    publish(lumiere)
    store(school_id=lumiere.pk, values={"photos.consent": True})
    user = with_photo()
    assert not user.photo_published
    consents.answer(actor=acting(user), answers={"photo": True}, now=NOW())
    user.refresh_from_db()
    assert user.photo_published


# --- minors ----------------------------------------------------------------------------------------------


@pytest.fixture
def minor(lumiere):
    publish(lumiere)
    return with_photo(birth_date=born(14))


def link_of(minor) -> str:
    mail = CommunicationLog.objects.filter(template="guardian", user_id=minor.pk).order_by("-created_at").first()
    return re.search(r"(/guardian/[\w-]+/)", mail.text)[1]


def test_a_minor_s_photo_is_not_for_others(minor, as_person):
    assert (minor.photo_published, minor.photo_url) == (False, "")
    assert as_person(minor).get(minor.own_photo_url).status_code == 200
    assert as_person(admin()).get(minor.own_photo_url).status_code == 404


def test_a_minor_s_consent_counts_when_the_guardian_confirmed_it(minor, lumiere):
    with pytest.raises(consents.GuardianNeeded):
        consents.answer(actor=acting(minor), answers={"photo": True}, now=NOW())
    with pytest.raises(Invalid):
        consents.change_guardian(actor=acting(minor), email=minor.email, now=NOW())
    consents.change_guardian(actor=acting(minor), email="Parent@Example.com", now=NOW())
    consents.answer(actor=acting(minor), answers={"photo": True}, now=NOW())
    minor.refresh_from_db()
    standing = consents.standings(minor)[0]
    assert (standing.is_given, standing.waits_for_guardian, minor.photo_published) == (False, True, False)
    mail = CommunicationLog.objects.get(template="guardian")
    assert mail.to == "parent@example.com"
    url, guardian = link_of(minor), client_for(lumiere)
    assert minor.name in guardian.get(url).content.decode()
    assert guardian.post(url, {"answer": "yes"}).status_code == 200
    minor.refresh_from_db()
    latest = ConsentRecord.objects.filter(user=minor).order_by("-at", "-id").first()
    assert (latest.given, latest.confirmed, latest.by_guardian, minor.photo_published) == (True, True, True, True)
    assert guardian.get(url).status_code == 410, "single use"
    assert guardian.post(url, {"answer": "no"}).status_code == 410


def test_a_guardian_s_link_is_worthless_at_another_school(minor, lumiere, curie):
    consents.change_guardian(actor=acting(minor), email="parent@example.com", now=NOW())
    consents.answer(actor=acting(minor), answers={"photo": True}, now=NOW())
    url = link_of(minor)
    assert client_for(curie).get(url).status_code == 410
    assert client_for(curie).post(url, {"answer": "yes"}).status_code == 410
    assert client_for(lumiere).get(url).status_code == 200, "a control: it is good where it is from"


def test_a_guardian_may_refuse_and_a_link_expires(minor, lumiere):
    consents.change_guardian(actor=acting(minor), email="parent@example.com", now=NOW())
    consents.answer(actor=acting(minor), answers={"photo": True}, now=NOW())
    url, guardian = link_of(minor), client_for(lumiere)
    with time_machine.travel(NOW() + consents.LINK_LASTS + timedelta(minutes=1)):
        assert guardian.get(url).status_code == 410
    assert guardian.post(url, {"answer": "no"}).status_code == 200
    minor.refresh_from_db()
    assert not minor.photo_published
    assert not consents.standings(minor)[0].is_given
    assert guardian.get("/guardian/" + "x" * 43 + "/").status_code == 410


def test_another_guardian_makes_the_first_link_worthless(minor, lumiere):
    consents.change_guardian(actor=acting(minor), email="one@example.com", now=NOW())
    consents.answer(actor=acting(minor), answers={"photo": True}, now=NOW())
    first = link_of(minor)
    consents.change_guardian(actor=acting(minor), email="two@example.com", now=NOW())
    assert GuardianRequest.objects.filter(answered_at=None, expires_at__gt=NOW()).count() == 1
    assert client_for(lumiere).get(first).status_code == 410


def test_letters_to_a_guardian_are_limited(minor):
    """Else the school's mail is written to whomever a young person names, as often as they like."""
    for number in range(5):
        consents.change_guardian(actor=acting(minor), email=f"parent{number}@example.com", now=NOW())
        consents.answer(actor=acting(minor), answers={"photo": True}, now=NOW())
    with pytest.raises(TooManyAttempts):
        consents.change_guardian(actor=acting(minor), email="stranger@example.com", now=NOW())
    assert CommunicationLog.objects.filter(template="guardian").count() == 5


def test_where_no_guardian_is_asked_what_needs_a_consent_stays_off(minor, lumiere):
    store(school_id=lumiere.pk, values={"minors.guardian": False})
    User.objects.filter(pk=minor.pk).update(guardian_email="parent@example.com")
    with pytest.raises(consents.GuardianNeeded):
        consents.answer(actor=acting(minor), answers={"photo": True}, now=NOW())


@pytest.mark.parametrize(
    ("age", "limit", "is_minor"), [(14, 15, True), (15, 15, False), (17, 18, True), (12.9, 13, True)]
)
def test_the_age_is_the_school_s(lumiere, age, limit, is_minor):
    store(school_id=lumiere.pk, values={"minors.age": limit})
    assert publication.is_minor(person(birth_date=born(age)), today=timezone.localdate()) is is_minor


def test_a_birthday_counts_on_the_day(lumiere):
    assert publication.age_on(date(2012, 2, 29), date(2027, 2, 28)) == 14
    assert publication.age_on(date(2012, 2, 29), date(2027, 3, 1)) == 15


def test_a_birth_date_is_entered_once(lumiere, as_person):
    client = as_person(user := person())
    assert client.post("/account/birth-date/", {"birth_date": "2999-01-01"}).status_code == 422
    assert client.post("/account/birth-date/", {"birth_date": "2012-05-01"}).status_code == 302
    assert client.post("/account/birth-date/", {"birth_date": "1990-05-01"}).status_code == 422
    user.refresh_from_db()
    assert user.birth_date == date(2012, 5, 1)


def test_who_comes_of_age_is_shown_from_the_next_night(minor):
    with time_machine.travel(NOW() + timedelta(days=366)):
        assert publication.refresh_all(now=NOW()) == 1
    minor.refresh_from_db()
    assert minor.photo_published
