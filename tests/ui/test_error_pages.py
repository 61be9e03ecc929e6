"""Error pages say what happened and what to do, and cannot fail themselves."""

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.views.defaults import server_error

from apps.core import requestinfo

CLOSED = ["suspended", "cancelled", "not_ready", "pending"]
ROOTS = ["400.html", "403.html", "404.html", "errors/csrf.html", "errors/refused.html", "errors/too_many.html"]


def test_a_server_error_needs_no_database_and_no_request_and_shows_the_request_id(django_db_blocker):
    """No `db` fixture: a query would fail this test."""
    with requestinfo.bound(request_id="abc-12345"):
        answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"abc-12345" in answer.content
    assert b"Something went wrong" in answer.content


def test_a_server_error_is_shown_even_without_collected_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    assert server_error(RequestFactory().get("/")).status_code == 500


@pytest.mark.parametrize("state", CLOSED)
def test_a_closed_school_is_explained_without_a_request(state):
    html = render_to_string(
        f"errors/school_{state}.html", {"school": SimpleNamespace(name="École <b>", hue=10, logo=None)}
    )
    assert "École &lt;b&gt;" in html
    assert "<h1>" in html
    assert "/theme.css" not in html, "the school's host does not answer that either"


@pytest.mark.parametrize("template", ROOTS)
def test_an_error_page_offers_a_way_on(template):
    html = render_to_string(template, {"error": "It was <too> late."})
    assert 'href="/"' in html
    if template in ("403.html", "404.html", "errors/refused.html"):
        assert "It was &lt;too&gt; late." in html


def test_pages_that_do_not_exist_answer_404_with_a_page(client):
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "bare-card" in answer.text, "our page, not Django's"


def test_the_theme_is_a_style_sheet_of_the_school(client, lumiere):
    answer = client.get("/theme.css")
    assert answer["Content-Type"].startswith("text/css")
    assert f"--hue: {lumiere.hue}" in answer.text
    assert "max-age" in answer["Cache-Control"]


def test_a_chosen_theme_reaches_the_page_and_nothing_else_does(client):
    client.cookies["theme"] = "dark"
    assert ' data-theme="dark">' in client.get("/no/such/page").text
    client.cookies["theme"] = '"><script>'
    assert "data-theme" not in client.get("/no/such/page").text.split(">")[1]
