"""The pages: write with a preview, let leave, follow, stop; what the school sees; what a reader reads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.mailings.models import Announcement, SavedText, Unsubscription
from apps.mailings.services import sending
from tests.conftest import client_for
from tests.core.payloads import PAYLOADS
from tests.mailings.conftest import draft, sent, submitted
from tests.mailings.test_sending import forbidden
from tests.people import admin, auditor

FORM = {
    "title_fr": "Assemblée", "body_fr": "Ce **soir**.", "title_en": "", "body_en": "", "audience": "members",
    "office_id": "", "channels": "both",
}  # fmt: skip


@pytest.fixture
def at(lumiere):
    def sign_in(user, **options):
        user.locale = "en"
        user.save()
        browser = client_for(lumiere, **options)
        browser.force_login(user)
        return browser

    return sign_in


def text(answer):
    return answer.content.decode()


def test_from_writing_to_the_list_of_recipients(at, choir):
    association, president, [member] = choir(1)
    mine, base = at(president), f"/associations/{association.pk}/announcements/"
    assert "No announcement yet" in text(mine.get(base))
    assert mine.get(f"{base}new/").status_code == 200
    shown = mine.post(f"{base}new/", {**FORM, "act": "preview"})
    assert "<strong>soir</strong>" in text(shown) and not Announcement.objects.exists()
    wrong = mine.post(f"{base}new/", {**FORM, "body_fr": ""})
    assert wrong.status_code == 422 and "Assemblée" in text(wrong), "nothing is lost"
    made = mine.post(f"{base}new/", FORM)
    announcement = Announcement.objects.get()
    page = f"/announcements/{announcement.pk}/"
    assert made["Location"] == page and "Let it leave" in text(mine.get(page))
    assert mine.post(f"{page}test/").status_code == 302
    assert mine.post(f"{page}submission/", {"leaves_at": "2001-01-01T10:00"}).status_code == 422
    assert mine.post(f"{page}submission/", {"leaves_at": ""}).status_code == 302
    sending.work_on(announcement_id=announcement.pk)
    after = text(mine.get(page))
    assert member.name in after and "Recipients" in after
    assert mine.get(f"{page}progress/").status_code == 200
    file = b"".join(mine.get(f"{page}?csv=recipients").streaming_content).decode()
    assert member.family_name in file and file.count('"queued"') == 8, "each outcome and mail"
    assert member.name not in text(mine.get(f"{page}?outcome=bounced"))
    assert "Assemblée" in text(mine.get(base))


def test_the_preview_beside_the_form(at, choir):
    association, president, [member] = choir(1)
    path = f"/associations/{association.pk}/announcements/preview/"
    assert "<strong>soir</strong>" in text(at(president).post(path, FORM))
    assert at(member).post(path, FORM).status_code in (403, 404)


def test_saved_texts_are_used_again(at, choir):
    association, president, _joined = choir(0)
    mine, base = at(president), f"/associations/{association.pk}/announcements/"
    assert mine.post(f"{base}texts/", {**FORM, "name": "Réunion"}).status_code == 302
    mine.post(f"{base}texts/", {**FORM, "name": "Réunion", "title_fr": "Réunion du bureau"})
    saved = SavedText.objects.get()
    assert saved.title_fr == "Réunion du bureau" and "Réunion" in text(mine.get(f"{base}texts/"))
    assert "Réunion du bureau" in text(mine.get(f"{base}new/?text={saved.pk}"))
    mine.post(f"/announcements/texts/{saved.pk}/deletion/")
    assert not SavedText.objects.exists()


def test_the_school_sees_all_and_stops(at, choir):
    association, president, _joined = choir(1)
    hidden = draft(association, president, title_fr="Brouillon secret")
    made = submitted(association, president)
    boss = at(admin())
    listed = text(boss.get("/announcements/"))
    assert "Projection de jeudi" in listed and "Brouillon secret" not in listed
    assert boss.get(f"/announcements/{hidden.pk}/").status_code == 404
    assert boss.get(f"/announcements/{made.pk}/").status_code == 200
    assert at(auditor()).post(f"/announcements/{made.pk}/stop/", {"reason": "x"}).status_code == 403
    assert boss.post(f"/announcements/{made.pk}/stop/", {"reason": "Publicité."}).status_code == 302
    made.refresh_from_db()
    assert made.state == "stopped" and "Publicité." in text(at(president).get(f"/announcements/{made.pk}/"))
    base = f"/associations/{association.pk}/announcements/"
    assert boss.post(f"{base}block/", {"until": "", "reason": ""}).status_code == 422
    until = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = boss.post(f"{base}block/", {"until": until, "reason": "Plaintes."})
    assert answer.status_code == 302, text(answer)[-3000:]
    assert "Plaintes." in text(at(president).get(f"/associations/{association.pk}/announcements/"))
    boss.post(f"/associations/{association.pk}/announcements/unblocking/")
    assert "Plaintes." not in text(boss.get(f"/associations/{association.pk}/announcements/"))


def test_recipients_read_it_and_nobody_else(at, choir, student):
    association, president, [member] = choir(1)
    made = sent(association, president, channels="in-app")
    read = text(at(member).get(f"/announcements/{made.pk}/read/"))
    assert "<strong>19 h</strong>" in read and "Written in French only." in read
    assert at(student()).get(f"/announcements/{made.pk}/read/").status_code == 404
    assert at(member).get(f"/announcements/{made.pk}/").status_code in (403, 404)


def test_own_subscriptions(at, choir):
    association, _president, [member] = choir(1)
    mine = at(member)
    assert "/announcements/subscriptions/" in text(mine.get("/notifications/preferences/"))
    assert association.name in text(mine.get("/announcements/subscriptions/"))
    mine.post("/announcements/subscriptions/", {"association": str(association.pk), "wanted": "no"})
    assert Unsubscription.objects.get().user == member
    mine.post("/announcements/subscriptions/", {"association": str(association.pk), "wanted": "yes"})
    assert not Unsubscription.objects.exists()
    assert mine.post("/announcements/subscriptions/", {"association": "x"}).status_code == 404


@pytest.mark.parametrize("place", ["detail", "read", "list"])
def test_payloads_are_harmless_in_pages(at, choir, place):
    association, president, [member] = choir(1)
    made = sent(association, president, channels="in-app")
    paths = {
        "detail": (president, f"/announcements/{made.pk}/"),
        "read": (member, f"/announcements/{made.pk}/read/"),
        "list": (president, f"/associations/{association.pk}/announcements/"),
    }
    who, path = paths[place]
    browser = at(who)
    plain = len(forbidden(text(browser.get(path))))
    for payload in PAYLOADS[::12]:
        Announcement.objects.update(title_fr=f"Titre {payload}"[:150], body_fr=f"Texte {payload}")
        assert len(forbidden(text(browser.get(path)))) == plain, payload
