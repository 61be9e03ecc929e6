"""The pages: what they show, refuse and keep; with HTMX and without."""

import pytest
from django.utils import timezone

from apps.associations.models import Association, Founder, Mandate, Office, RenewalCampaign
from tests.associations.conftest import FAR, WORDS, state_of
from tests.conftest import client_for
from tests.people import admin


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


def form_of(president, treasurer, third, **more):
    return {
        **WORDS, "joining": "approval", "president": president.email, "treasurer": treasurer.email,
        "founders": third.email, **more,
    }  # fmt: skip


def test_from_the_form_to_the_approved_page(at, student):
    president, treasurer, third = student(), student(), student()
    mine = at(president)
    assert "Found an association" in text(mine.get("/associations/"))
    assert mine.get("/associations/new/").status_code == 200
    made = mine.post("/associations/new/", form_of(president, treasurer, third))
    association = Association.objects.get()
    page = f"/associations/{association.pk}/request/"
    assert made["Location"] == page
    assert "2 founders have not agreed yet" in text(mine.get(page))
    mine.post(f"{page}submission/")
    assert Association.objects.get().status == "draft"
    refused = at(president, headers={"hx-request": "true"}).post(f"{page}submission/")
    assert refused.status_code == 409
    for user in (treasurer, third):
        theirs = at(user)
        assert "I agree" in text(theirs.get(page))
        theirs.post(f"{page}founding/", {"answer": "yes"})
    mine.post(f"{page}submission/")
    boss = at(admin())
    assert association.name in text(boss.get("/associations/oversight/"))
    assert boss.post(f"{page}decision/", {"act": "changes", "text": ""}).status_code == 422
    boss.post(f"{page}comments/", {"text": "What about films in English?"})
    assert "films in English" in text(mine.get(page))
    today = timezone.localdate()
    wrong = boss.post(f"{page}approval/", {"starts_on": today, "ends_on": today})
    assert wrong.status_code == 422 and "after the beginning" in text(wrong)
    boss.post(f"{page}approval/", {"starts_on": today, "ends_on": today + FAR})
    assert president.name in text(mine.get(f"/associations/{association.pk}/"))
    assert mine.get(f"/associations/{association.pk}/workspace/").status_code == 200


def test_the_rules_are_worked_out_while_the_form_is_filled_in(at, student):
    president = student()
    part = at(president, headers={"hx-request": "true"}).post("/associations/check/", {"president": president.email})
    assert "2 members short; there is no treasurer." in text(part)
    assert 'id="eligibility"' in text(part) and "<html" not in text(part)
    assert not Association.objects.exists()


def test_a_form_with_errors_keeps_what_was_typed(at, student):
    president, treasurer, third = student(), student(), student()
    answer = at(president).post(
        "/associations/new/", {**form_of(president, treasurer, third, siret="123"), "treasurer": "x@nowhere.example"}
    )
    assert answer.status_code == 422
    assert "14 digits" in text(answer) and "x@nowhere.example" in text(answer) and "Voir des films" in text(answer)
    again = at(president).post(
        "/associations/new/", {**form_of(president, treasurer, third), "treasurer": "x@nowhere.example"}
    )
    assert again.status_code == 422 and "no active person of this school" in text(again)
    assert not Association.objects.exists() and not Founder.objects.exists()


def test_changing_and_withdrawing_a_draft(at, asked):
    association, president, treasurer, third = asked()
    mine, page = at(president), f"/associations/{association.pk}/request/"
    assert treasurer.email in text(mine.get(f"{page}edit/"))
    mine.post(f"{page}edit/", form_of(president, treasurer, third, name="Ciné-club 2"))
    association.refresh_from_db()
    assert association.name == "Ciné-club 2"
    assert mine.post(f"{page}withdrawal/").status_code == 302
    assert not Association.objects.exists()


def test_joining_on_the_page(at, club, student):
    association, president, *_ = club(joining="approval")
    camille = student()
    hers, page = at(camille), f"/associations/{association.pk}/"
    assert "Ask to join" in text(hers.get(page))
    hers.post(f"{page}membership/", {"words": "<b>Bonjour</b>"})
    assert "Your request is with the board" in text(hers.get(page))
    chief = at(president)
    waiting = text(chief.get(f"{page}members/?state=pending"))
    assert camille.email in waiting and "&lt;b&gt;Bonjour" in waiting and "<b>Bonjour" not in waiting
    chief.post(f"/associations/memberships/{association.memberships.get(user=camille).pk}/admission/")
    assert state_of(association, camille) == "member"
    hers.post(f"{page}departure/")
    assert state_of(association, camille) == "left"


def test_appointing_and_offices_on_the_page(at, club, student):
    association, president, *_ = club()
    chief, page, camille = at(president), f"/associations/{association.pk}/", student()
    form = {"name": "Events", "permissions": ["associations.workspace"]}
    assert chief.post(f"{page}offices/", form).status_code == 302
    made, today = Office.objects.get(name="Events"), timezone.localdate()
    term = {"office_id": made.pk, "email": camille.email, "starts_on": today, "ends_on": today + FAR}
    assert chief.post(f"{page}board/", {**term, "email": "x@y.example"}).status_code == 422
    assert chief.post(f"{page}board/", term).status_code == 302
    assert at(camille).get(f"{page}workspace/").status_code == 200
    assert chief.post(f"/associations/offices/{made.pk}/", {**form, "name": "Parties"}).status_code == 302
    chief.post(f"/associations/offices/{made.pk}/archive/")
    made.refresh_from_db()
    assert made.archived_at is None, "somebody holds it"
    held = Mandate.objects.get(office=made)
    assert chief.post(f"/associations/mandates/{held.pk}/end/", {"reason": "Enough"}).status_code == 302
    assert at(camille).get(f"{page}workspace/").status_code == 403


def test_a_campaign_on_the_pages(at, club):
    association, president, treasurer, _third = club()
    boss = at(admin())
    today = timezone.localdate()
    assert boss.post("/associations/renewals/", {"name": "2026", "deadline": today - FAR}).status_code == 422
    made = boss.post("/associations/renewals/", {"name": "2026", "deadline": today + FAR})
    campaign = RenewalCampaign.objects.get()
    assert made["Location"] == f"/associations/renewals/{campaign.pk}/"
    text_of_it = text(boss.get(made["Location"]))
    assert president.name in text_of_it and treasurer.name in text_of_it
    renewal = association.renewals.get()
    chief = at(president)
    assert "Confirm that it goes on" in text(chief.get(f"/associations/{association.pk}/workspace/"))
    chief.post(f"/associations/renewal/{renewal.pk}/confirmation/")
    assert president.name not in text(boss.get(made["Location"]))
    to = {"to": f"/associations/{association.pk}/workspace/"}
    assert chief.post(f"/associations/renewal/{renewal.pk}/reminder/", to)["Location"] == to["to"]
    elsewhere = chief.post(f"/associations/renewal/{renewal.pk}/reminder/", {"to": "https://evil.example/"})
    assert elsewhere["Location"] == "/associations/"
    boss.post(f"/associations/renewal/{renewal.pk}/override/", {"reason": "Away"})
    renewal.refresh_from_db()
    assert renewal.how == "override"


def test_the_school_freezes_wakes_and_ends_on_its_page(at, club):
    association, president, *_ = club()
    boss, page = at(admin()), f"/associations/{association.pk}/"
    for act, data, status in (
        ("freezing", {"reason": "x"}, "frozen"), ("unfreezing", {}, "active"), ("rest", {"reason": "x"}, "dormant"),
        ("waking", {}, "active"),
    ):  # fmt: skip
        assert boss.post(f"{page}{act}/", data).status_code == 302
        assert status.capitalize() in text(boss.get(f"{page}school/"))
    boss.post(f"{page}freezing/", {"reason": " "})
    boss.post(f"{page}dissolution/", {"reason": "x"})
    association.refresh_from_db()
    assert (association.frozen_at, association.status) == (None, "approved")
    assert at(president).get(f"{page}school/").status_code == 403


def test_the_directory_is_filtered_and_taken_away(at, club, student):
    club()
    club(name="Voile", kind="sport")
    hers = at(student())
    found = text(hers.get("/associations/", {"kind": "sport"}))
    assert "Voile" in found and "Ciné-club" not in found
    assert "No association matches" in text(hers.get("/associations/", {"q": "zzz"}))
    lines = b"".join(hers.get("/associations/", {"csv": "associations"}).streaming_content).decode().splitlines()
    assert len(lines) == 3


def test_what_nobody_may_see_is_a_404(at, club, student):
    association, *_ = club(visibility="members")
    hers = at(student())
    assert hers.get(f"/associations/{association.pk}/").status_code == 404
    assert hers.post(f"/associations/{association.pk}/membership/").status_code == 404
