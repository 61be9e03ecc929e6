"""Texts of people as HTML: whatever is written, only what is on the list comes out."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.core import richtext
from tests.core.payloads import PAYLOADS


class Parts(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_comment(self, data):
        self.others.append(data)

    def handle_decl(self, decl):
        self.others.append(decl)

    def handle_pi(self, data):
        self.others.append(data)


def assert_harmless(html: str) -> None:
    parts = Parts(html)
    assert set(parts.tags) <= richtext.TAGS, html
    assert not parts.others, html
    for tag, name, value in parts.attributes:
        assert (tag, name) in {("a", "href"), ("a", "title"), ("a", "rel"), ("ol", "start")}, html
        if name == "href":
            assert urlsplit(value.strip()).scheme.lower() in richtext.SCHEMES | {""}, html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_acts_comes_out(payload):
    for text in (payload, f"# {payload}", f"[name]({payload})", f"> - {payload}", f"`{payload}`", f"<{payload}>"):
        assert_harmless(richtext.render(text))


@given(st.text(alphabet=st.sampled_from("<>\"'`()[]!#*_~|-=\\/&;: \n\tajvscriptonerrfmghl0x\u2028\x00"), max_size=120))
@example('[x](java\nscript:alert(1) "a" onmouseover="y")')
def test_no_text_at_all_acts(text):
    assert_harmless(richtext.render(text))


def test_what_people_write_is_shown():
    html = richtext.render(
        "# Qui sommes-nous\n\nNous jouons **chaque mardi**, _sauf_ en août.\n\n"
        "1. venir\n2. jouer\n\n| Jour | Heure |\n|---|---|\n| mardi | 18 h |\n\nhttps://club.example/plan"
    )
    assert "<h3>Qui sommes-nous</h3>" in html and "<strong>chaque mardi</strong>" in html
    assert "<li>venir</li>" in html and "<td>mardi</td>" in html
    assert 'href="https://club.example/plan"' in html and 'rel="noopener noreferrer nofollow ugc"' in html


def test_pictures_of_strangers_are_not_loaded():
    html = richtext.render("![suivi](https://tracker.example/pixel.gif)")
    assert "<img" not in html


def test_what_looks_like_a_tag_is_read_as_it_was_typed():
    assert "&lt;b&gt;gras&lt;/b&gt;" in richtext.render("<b>gras</b>")


def test_long_and_deep_texts_end():
    assert len(richtext.render("a" * 50_000)) < richtext.MOST_CHARACTERS + 20
    assert_harmless(richtext.render("> " * 5_000 + "x"))
    assert_harmless(richtext.render("[" * 5_000 + "x" + "](y)" * 5_000))


def test_the_beginning_in_one_line():
    assert richtext.plain("# Bonjour\n\nNous **jouons** au [go](https://x.example).") == "Bonjour Nous jouons au go."
    assert richtext.plain("mot " * 100, most=20) == "mot mot mot mot mot…"
