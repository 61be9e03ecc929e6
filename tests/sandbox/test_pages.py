"""The control pages show what is there and do what the buttons say."""

import re

import httpx
import pytest

from tests.sandbox.test_mail import send
from tests.sandbox_fixture import AMPERE, LUMIERE

STUDENT = "eeeeeeee-1111-4000-8000-000000000002"
BDE = "99999999-1111-4000-8000-000000000004"
ORG = f"/organisations/{LUMIERE}"


@pytest.fixture
def web(sandbox):
    sandbox.reset("demo")
    with httpx.Client(base_url=sandbox.url, trust_env=False, verify=False, follow_redirects=True) as web:
        yield web


def text(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text[:300]
    return response.text


@pytest.mark.parametrize(
    "path",
    ["/", ORG, f"{ORG}?deleted=1", f"{ORG}/people/{STUDENT}", f"{ORG}/groups/{BDE}", "/faults", "/tokens", "/requests"],
)
def test_a_page_opens_without_inline_styles_and_scripts(web, path):
    page = text(web.get(path))
    assert not re.search(r"<script|\sstyle=|\son\w+=", page)


def test_something_that_has_gone_is_a_page(web):
    assert web.get("/organisations/none").status_code == 404
    assert web.get(f"{ORG}/people/none").status_code == 404


def test_a_person_is_found_disabled_deleted_and_restored(web, sandbox):
    assert "Camille Moreau" in text(web.get(ORG, params={"search": "moreau camille"}))
    assert "was disabled" in text(web.post(f"{ORG}/people/{STUDENT}/switch", data={"what": "disable"}))
    assert sandbox.people(LUMIERE, STUDENT)[0]["accountEnabled"] is False
    web.post(f"{ORG}/people/{STUDENT}/switch", data={"what": "delete"})
    assert sandbox.people(LUMIERE, STUDENT) == []
    assert "Camille Moreau" in text(web.get(f"{ORG}?deleted=1"))
    web.post(f"{ORG}/people/{STUDENT}/switch", data={"what": "restore"})
    assert sandbox.people(LUMIERE, STUDENT)


def test_a_person_is_renamed(web, sandbox):
    form = {"givenName": "Camille", "surname": "Dupont", "displayName": "Camille Dupont", "accountEnabled": "on",
            "mail": "camille.dupont@etu.lumiere.example"}  # fmt: skip
    assert "Camille Dupont was saved." in text(web.post(f"{ORG}/people/{STUDENT}/change", data=form))
    person = sandbox.people(LUMIERE, STUDENT)[0]
    assert (person["surname"], person["mail"]) == ("Dupont", "camille.dupont@etu.lumiere.example")
    assert person["userPrincipalName"] == "camille.moreau@etu.lumiere.example"


def test_a_taken_name_is_refused_with_a_sentence(web):
    taken = {
        "userPrincipalName": "helene.marchand@lumiere.example",
        "displayName": "X",
        "back": f"{ORG}/people/{STUDENT}",
    }
    assert "is taken" in text(web.post(f"{ORG}/people/{STUDENT}/change", data=taken))


def test_people_and_groups_are_added(web, sandbox):
    assert "3 people were added" in text(web.post(f"{ORG}/people", data={"count": "3", "group": BDE}))
    assert "was added" in text(web.post(f"{ORG}/groups", data={"displayName": "Chorale"}))
    group = next(group for group in sandbox.groups(LUMIERE) if group["displayName"] == "Chorale")
    web.post(f"{ORG}/groups/{group['id']}/members", data={"person": "camille.moreau@etu.lumiere.example"})
    page = text(web.post(f"{ORG}/groups/{group['id']}/members", data={"nested": BDE}))
    assert "Camille Moreau" in page
    members = next(g for g in sandbox.groups(LUMIERE) if g["id"] == group["id"])["members"]
    assert members == [STUDENT, BDE]
    web.post(f"{ORG}/groups/{group['id']}/members", data={"remove": BDE})
    web.post(f"{ORG}/people/{STUDENT}/groups", data={"group": group["id"], "what": "leave"})
    assert next(g for g in sandbox.groups(LUMIERE) if g["id"] == group["id"])["members"] == []


@pytest.mark.parametrize("count", ["0x", "-4", "1000000"])
def test_a_bad_number_is_a_sentence_and_no_error(web, count):
    page = text(web.post(f"{ORG}/people", data={"count": count, "back": ORG}))
    assert 'class="note bad"' in page


def test_an_organisation_is_added_with_consent_and_removed(web, sandbox):
    web.post("/organisations", data={"name": "Lycée Test", "tid": "77777777-0000-4000-8000-000000000000"})
    assert sandbox.organisation("77777777-0000-4000-8000-000000000000")["consents"] == {}
    one = "/organisations/77777777-0000-4000-8000-000000000000"
    web.post(f"{one}/consent", data={"given": "on", "User.Read.All": "on"})
    web.post(f"{one}/settings", data={"page_size": "7", "shuffle": "on"})
    changed = sandbox.organisation("77777777-0000-4000-8000-000000000000")
    assert list(changed["consents"].values()) == [["User.Read.All"]]
    assert (changed["page_size"], changed["shuffle"]) == (7, True)
    web.post(f"{one}/remove")
    assert "Lycée Test" not in text(web.get("/"))


def test_faults_and_wrong_tokens_are_set_and_taken_away(web, sandbox):
    form = {
        "kind": "next_link",
        "operation": "members",
        "tid": AMPERE,
        "page": "2",
        "times": "3",
        "details": "to=scheme",
    }
    assert "next_link" in text(web.post("/faults", data=form))
    [fault] = sandbox.faults()
    assert (fault["tid"], fault["page"], fault["times"], fault["params"]) == (AMPERE, 2, 3, {"to": "scheme"})
    assert "note bad" in text(web.post("/faults", data={"kind": "html", "details": "nonsense", "back": "/faults"}))
    web.post("/faults/clear")
    assert sandbox.faults() == []
    assert "expired" in text(web.post("/tokens", data={"how": "expired"}))
    assert sandbox.control("GET", "/wrong-tokens")["waiting"][0]["how"] == "expired"
    web.post("/tokens/clear")
    assert sandbox.control("GET", "/wrong-tokens")["waiting"] == []
    web.post("/tokens/clock", data={"skew_seconds": "120"})
    assert sandbox.control("GET", "/clock")["skew_seconds"] == 120


def test_a_message_is_shown_and_its_body_can_run_nothing(web, sandbox):
    send(sandbox, "helene@lumiere.example", "Bienvenue <b>")
    assert "Bienvenue &lt;b&gt;" in text(web.get("/mail", params={"to": "helene"}))
    assert "Bienvenue" not in text(web.get("/mail", params={"to": "nobody"}))
    number = sandbox.mail()[0]["id"]
    page = text(web.get(f"/mail/{number}"))
    assert 'href="http://lumiere.campanile.localhost:8000/invitation/abc?a=1&amp;b=2"' in page
    body = web.get(f"/mail/{number}/html")
    assert "default-src 'none'" in body.headers["content-security-policy"]
    assert "allow-scripts" not in body.headers["content-security-policy"] + page
    assert '<base target="_top">' in body.text
    assert web.get("/mail/999999").status_code == 404


def test_the_demo_comes_back(web, sandbox):
    web.post("/reset", data={"seed": "empty"})
    assert sandbox.control("GET", "/organisations")["organisations"] == []
    assert "École Lumière" in text(web.post("/reset", data={"seed": "demo"}))
