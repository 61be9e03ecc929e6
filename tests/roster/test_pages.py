"""The pages of imports and of the school year: the whole way as people go it, with their answers."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts.models import User
from apps.campuses.models import CampusMembership, Promotion
from apps.roster.models import ImportFile, RememberedColumn, RosterChange, RosterPlan
from tests.conftest import client_for
from tests.people import admin, auditor
from tests.roster.conftest import listed, workbook

ADA = "ada@lumiere.example;Ada;Lovelace;S1;LYO;étudiante;B1"
BAD = "=cmd|x;Ada;L;;Nowhere;;"
WRONG = "nonsense;Ada;L;;Nowhere;;"


@pytest.fixture
def browser(lumiere, school):
    client = client_for(lumiere)
    client.force_login(admin(locale="en"))
    return client


def upload(browser, content, name="liste.csv"):
    return browser.post(reverse("roster:imports"), {"file": SimpleUploadedFile(name, content)})


def chosen(file, **more):
    fields = ["email", "given_name", "family_name", "external_id", "campus", "role", "promotion"]
    return {f"column_{n}": field for n, field in enumerate(fields[: len(file.header)])} | more


@pytest.mark.parametrize("content", [listed(ADA, WRONG).encode(), workbook(ADA.split(";"), WRONG.split(";"))])
def test_the_whole_way_of_a_list(browser, school, content):
    answer = upload(browser, content)
    file = ImportFile.objects.get()
    assert answer["Location"] == reverse("roster:columns", args=[file.pk])
    page = browser.get(answer["Location"])
    assert "ada@lumiere.example" in page.text and "liste.csv" in page.text
    answer = browser.post(reverse("roster:columns", args=[file.pk]), chosen(file))
    plan = RosterPlan.objects.get()
    assert answer["Location"] == reverse("roster:plan", args=[plan.pk])
    assert set(RememberedColumn.objects.values_list("heading", "field")) >= {
        ("e mail", "email"),
        ("nom", "family_name"),
    }
    school.work(plan)
    page = browser.get(answer["Location"])
    assert "Lovelace" in page.text and "not an e-mail address" in page.text
    browser.post(reverse("roster:confirm", args=[plan.pk]))
    school.work(plan)
    assert (plan.state, CampusMembership.objects.get().promotion.name) == ("done", "B1")
    assert "Undo" in browser.get(reverse("roster:plan", args=[plan.pk])).text
    answer = browser.post(reverse("roster:undo", args=[plan.pk]))
    undo = school.work(plan.undos.get())
    assert answer["Location"] == reverse("roster:plan", args=[undo.pk])
    assert "Take this back?" in browser.get(answer["Location"]).text
    browser.post(reverse("roster:confirm", args=[undo.pk]))
    school.work(undo)
    assert not User.objects.filter(external_id="S1").exists()


def test_failed_rows_are_taken_away_harmless_with_their_errors(browser, school):
    plan = school.preview(listed(ADA, BAD))
    answer = browser.get(reverse("roster:failed_rows", args=[plan.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, row = text.strip().split("\r\n")
    assert header.startswith('"Row","E-mail"') and header.endswith('"Error"')
    assert row.startswith('"3","\'=cmd|x"'), "no spreadsheet takes it for a formula"
    assert "not an e-mail address" in row and "no campus of the school" in row


def test_the_corrected_download_is_a_list_again(browser, school):
    plan = school.preview(listed(ADA, "bob@lumiere.example;Bob;B;;Nowhere;;"))
    answer = browser.get(reverse("roster:failed_rows", args=[plan.pk]))
    content = b"".join(answer.streaming_content).replace(b"Nowhere", b"LYO")
    again = school.bring_in(content)
    assert (again.rows, again.state) == ({"new": 1, "failed": 0}, "done")


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.csv", b""), ("x.xlsx", b"PK\x03\x04nonsense"), ("x.png", b"\x89PNG\x00"), ("x.csv", b"only;headings\n")],
)
def test_a_bad_file_is_answered_with_422_and_a_sentence(browser, name, content):
    answer = upload(browser, content, name)
    assert answer.status_code == 422
    assert re.search(r'class="[^"]*error', answer.text) or "aria-invalid" in answer.text
    assert not ImportFile.objects.exists()


def test_a_wrong_choice_of_columns_keeps_what_was_chosen(browser, school):
    file = school.upload(listed(ADA))
    answer = browser.post(reverse("roster:columns", args=[file.pk]), chosen(file, column_0="", column_1="department"))
    assert answer.status_code == 422
    assert "e-mail addresses" in answer.text
    assert re.search(r'<option value="department" selected', answer.text)


def test_what_was_chosen_is_there_the_next_time(browser, school):
    header = "Contact;Vorname"
    first = school.upload(listed("a@lumiere.example;A", header=header))
    browser.post(reverse("roster:columns", args=[first.pk]), {"column_0": "email", "column_1": "given_name"})
    RosterPlan.objects.update(state="done")
    second = school.upload(listed("b@lumiere.example;B", header=header))
    page = browser.get(reverse("roster:columns", args=[second.pk]))
    assert re.search(r'<option value="email" selected', page.text)


def test_an_auditor_sees_and_changes_nothing(school, lumiere):
    plan = school.preview(listed(ADA))
    client = client_for(lumiere)
    client.force_login(auditor())
    assert client.get(reverse("roster:plan", args=[plan.pk])).status_code == 200
    for name in ("confirm", "refuse", "cancel", "undo"):
        assert client.post(reverse(f"roster:{name}", args=[plan.pk])).status_code == 403, name
    assert upload(client, listed(ADA).encode()).status_code == 403
    assert client.post(reverse("roster:turn"), {}).status_code == 403


def test_while_it_moves_the_card_asks_again_and_then_the_page_loads_anew(browser, school):
    file = school.upload(listed(ADA))
    browser.post(reverse("roster:columns", args=[file.pk]), chosen(file))
    plan = RosterPlan.objects.get()
    moving = browser.get(reverse("roster:progress", args=[plan.pk]))
    assert "hx-get" in moving.text and "HX-Refresh" not in moving
    school.work(plan)
    assert browser.get(reverse("roster:progress", args=[plan.pk]))["HX-Refresh"] == "true"


def test_the_school_year_as_people_turn_it(browser, school):
    school.bring_in(listed(ADA))
    b1, b2 = school.promotion("B1"), school.promotion("B2")
    edit = reverse("roster:promotion", args=[b1.pk])
    assert browser.post(edit, {"name": "B1", "turn": "move", "then": ""}).status_code == 422
    assert browser.post(edit, {"name": "B1", "turn": "move", "then": str(b2.pk)}).status_code == 302
    assert browser.post(reverse("roster:promotion_create"), {"name": "b2"}).status_code == 422
    page = browser.get(reverse("roster:year"))
    year = re.search(r'<option value="(\d{4}-\d{4})"', page.text)[1]
    until = re.search(r'name="until" value="([\d-]+)"', page.text)[1]
    answer = browser.post(reverse("roster:turn"), {"year": year, "until": until})
    plan = school.work(RosterPlan.objects.get(kind="rollover"))
    change = RosterChange.objects.get(run=plan)
    page = browser.get(answer["Location"])
    assert "Ada Lovelace" in page.text and "Leave out" in page.text
    aside = reverse("roster:set_aside", args=[plan.pk, change.pk])
    part = browser.post(aside, {"aside": "yes"}, headers={"hx-request": "true"})
    assert "Take in again" in part.text and "<html" not in part.text
    browser.post(aside, {"aside": "no"})
    browser.post(reverse("roster:confirm", args=[plan.pk]))
    assert school.work(plan).state == "done"
    assert CampusMembership.objects.get().promotion == b2
    assert browser.post(reverse("roster:turn"), {"year": year, "until": until}).status_code in (302, 409)


def test_promotions_are_moved_and_removed(browser, school):
    b3 = school.promotion("B3")
    browser.post(reverse("roster:promotion_move", args=[b3.pk]), {"to": "up"})
    assert list(Promotion.objects.values_list("name", flat=True)) == ["B1", "B3", "B2"]
    browser.post(reverse("roster:promotion_remove", args=[b3.pk]))
    assert not Promotion.objects.filter(name="B3").exists()
