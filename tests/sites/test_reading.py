"""Who reads the site of an association, and what of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations.models import Association
from apps.associations.services import members
from apps.core.actor import Actor
from apps.core.errors import NotVisible
from apps.sites import selectors
from apps.sites.selectors import Audience
from tests.conftest import HostClient, forget_cached
from tests.people import person
from tests.sites.conftest import save
from tests.tenants.test_own_domain import NAME, dns, verified  # noqa: F401  # a fixture

VISITOR = Actor.anonymous()
LEVELS = ["public", "school", "campus", "members", "board"]
#: who reads a published site of each visibility
READERS = {
    "public": {"visitor", "outsider", "student", "member", "president"},
    "school": {"student", "member", "president"},  # the outsider has an account and no role: nothing of the school
    "campus": {"student", "member", "president"},
    "members": {"member", "president"},
    "board": {"member", "president"},  # members know of their association, whatever its visibility
}


def page_for(actor, site):
    return selectors.page_of(actor=actor, slug=site.association.slug, now=timezone.now())


def readers(found, president, student):
    member = student()
    members.add_member(
        actor=actor_for(president), association_id=found.association_id, email=member.email, now=timezone.now()
    )
    everybody = {
        "visitor": VISITOR,
        "outsider": actor_for(person("outsider@lumiere.example")),
        "student": actor_for(student()),
        "member": actor_for(member),
        "president": actor_for(president),
    }
    return everybody


@pytest.mark.parametrize("visibility", LEVELS)
@pytest.mark.parametrize("published", [True, False])
def test_who_reads_it(lumiere, site, student, visibility, published):
    found, president = site(visibility=visibility, published=published)
    seen = set()
    for name, actor in readers(found, president, student).items():
        try:
            page = page_for(actor, found)
        except NotVisible:
            continue
        seen.add(name)
        assert page.about.text
        assert bool(page.for_members) == (name in ("member", "president")), name
    assert seen == (READERS[visibility] if published else {"president"})


def test_who_is_not_a_member_is_told_that_there_is_more_and_not_what(lumiere, site, client):
    found, _president = site()
    answer = client.get(f"/site/{found.association.slug}/")
    html = answer.content.decode()
    assert answer.status_code == 200 and "4711" not in html
    assert page_for(VISITOR, found).members_have_more


@pytest.mark.parametrize(
    "change",
    [
        {"status": "dormant"},
        {"status": "dissolved"},
        {"opens_on": timezone.now().date() + timedelta(days=3)},
        {"visibility": "school"},
    ],
)
def test_visitors_see_no_association_that_is_not_open_to_all(lumiere, site, client, change):
    found, _president = site()
    path = f"/site/{found.association.slug}/"
    assert client.get(path).status_code == 200
    Association.objects.filter(pk=found.association_id).update(**change)
    assert client.get(path).status_code == 404
    assert found.association.name not in client.get("/site/").content.decode()


def test_each_reader_gets_their_language_or_is_told(lumiere, site, client):
    found, _president = site()
    path = f"/site/{found.association.slug}/"
    client.cookies["__Host-language"] = "en"
    html = client.get(path).content.decode()
    assert "We watch" in html and "Le mardi" in html and "Only available in French" in html
    client.cookies["__Host-language"] = "fr"
    html = client.get(path).content.decode()
    assert "Nous voyons" in html and "Le mardi" in html and "disponible en" not in html


@pytest.mark.parametrize(("said", "language", "shown"), [
    ({"fr": "Bonjour", "en": "Hello"}, "en", ("Hello", "")),
    ({"fr": "Bonjour"}, "en", ("Bonjour", "fr")),
    ({"fr": "  ", "en": "Hello"}, "fr", ("Hello", "en")),
    ({}, "fr", ("", "")),
])  # fmt: skip
def test_a_text_falls_back_and_says_so(said, language, shown):
    from apps.sites.texts import shown as show

    found = show(said, language)
    assert (found.text, found.language) == shown


def test_the_board_stands_there_only_when_it_wants_to(lumiere, site):
    found, president = site()
    assert page_for(VISITOR, found).board == ()
    save(president, found.association, version=found.version, shows_board=True)
    assert president in [mandate.user for mandate in page_for(VISITOR, found).board]


@pytest.mark.parametrize("audience", ["visitor", "school", "member"])
@pytest.mark.parametrize("visibility", ["public", "school", "members", "board"])
def test_a_preview_shows_what_that_reader_gets(lumiere, site, visibility, audience):
    found, president = site(visibility=visibility)
    page = selectors.preview(
        actor=actor_for(president), association_id=found.association_id, audience=Audience(audience), now=timezone.now()
    )
    far = {"public": 0, "school": 1, "members": 2, "board": 3}[visibility]
    assert (page is not None) == (["visitor", "school", "member"].index(audience) >= far)
    if page:
        assert bool(page.for_members) == (audience == "member")


# --- on the page and on a domain ---------------------------------------------------------------------------


def test_the_list_shows_public_sites_and_finds_words(lumiere, site, client):
    found, _president = site()
    assert found.association.name in client.get("/site/").content.decode()
    assert found.association.name in client.get("/site/?q=films").content.decode()
    assert found.association.name not in client.get("/site/?q=xyzzy").content.decode()


def test_a_domain_of_its_own_opens_the_site_and_nothing_else(lumiere, site, dns):  # noqa: F811
    found, _president = site()
    verified(dns, lumiere, association_id=found.association_id)
    forget_cached()
    answer = HostClient(NAME).get("/")
    html = answer.content.decode()
    assert answer.status_code == 200 and found.association.name in html and "4711" not in html
    assert f'<link rel="canonical" href="https://{NAME}/">' in html
    assert "http://lumiere.campanile.localhost" in html, "to join, one goes to the school"
    for path in ("/people/", "/sign-in/", "/site/", f"/site/{found.association.slug}/", "/api/v1/orgs"):
        assert HostClient(NAME).get(path).status_code == 404, path
    assert "Allow" in HostClient(NAME).get("/robots.txt").content.decode()


def test_the_domain_of_an_association_that_shows_nothing_shows_nothing(lumiere, site, dns):  # noqa: F811
    found, _president = site(published=False)
    verified(dns, lumiere, association_id=found.association_id)
    forget_cached()
    answer = HostClient(NAME).get("/")
    assert answer.status_code == 404 and found.association.name not in answer.content.decode()


def test_a_site_of_one_school_is_not_at_the_other(lumiere, curie, site):
    found, _president = site()
    assert HostClient("curie.campanile.localhost").get(f"/site/{found.association.slug}/").status_code == 404
