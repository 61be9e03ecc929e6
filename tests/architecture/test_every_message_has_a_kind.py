"""Every mail is of a declared kind, with all its texts, in both languages, and can be previewed (MSG-1)."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from apps.notifications import kinds
from apps.notifications.services.previewing import example_of
from apps.tenants.context import platform

EMAILS = Path("templates/emails")
PARTS = ("subject.txt", "txt", "html")
MISSING = "‹missing›"
KINDS = sorted(kinds.REGISTRY)
PROPER = re.compile(r"https?://\S+|[\w.]+@[\w.]+")


def written() -> set[str]:
    names = {path.name.partition(".")[0] for path in EMAILS.iterdir()}
    return {name for name in names if not name.startswith("_") and name != "mail"}


def sent() -> dict[str, str]:
    """Every literal kind that the product sends: `send(template="...")`."""
    found = {}
    for path in sorted(Path("apps").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("send", "_mail", "tell_owners"):
                values = [word.value for word in node.keywords if word.arg == "template"] + node.args
                for value in ast.walk(ast.Tuple(values)):
                    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value in written():
                        found[value.value] = f"{path}:{node.lineno}"
    return found


def test_texts_and_kinds_are_the_same_set():
    assert written() == set(kinds.REGISTRY), "declare the kind in messages.py of its app, or write its texts"


def test_what_is_sent_is_declared():
    found = sent()
    assert len(found) > 12, "the control: they are found"
    assert {code: where for code, where in found.items() if code not in kinds.REGISTRY} == {}


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_has_all_its_parts(code):
    for part in PARTS:
        assert (EMAILS / f"{code}.{part}").read_text().strip(), f"{code}.{part} is missing"


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_can_be_previewed_with_its_example(lumiere, monkeypatch, code):
    """Nothing that a text names is left out by the example, and nothing is left in English."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", MISSING)
    letters = {language: example_of(kinds.known(code), language) for language, _name in settings.LANGUAGES}
    for language, letter in letters.items():
        for part in (letter.subject, letter.text, letter.html):
            assert part.strip() and MISSING not in part, f"{code} in {language}: give the example what the text names"
        assert f'lang="{language}"' in letter.html and "<h1" in letter.html
    for part in ("subject", "text", "html"):
        assert getattr(letters["fr"], part) != getattr(letters["en"], part), f"{code}: no French {part}"
    assert english_lines(letters["en"].text) & english_lines(letters["fr"].text) == set(), f"{code}: a line in English"


def english_lines(text: str) -> set[str]:
    """Lines that say something: not an address, a name, or what the example gives in one language only."""
    lines = (PROPER.sub("", line).strip() for line in text.splitlines())
    return {line for line in lines if len(line.split()) > 3}


def test_the_platform_can_preview_them_too(db):
    with platform():
        assert "Campanile" in example_of(kinds.known("password_reset"), "fr").html


def test_personal_links_cannot_wait_nor_be_switched_off():
    """A secret is sent at once or not at all: a summary, or a preference, would keep it from who needs it."""
    assert [one.code for one in kinds.REGISTRY.values() if one.secret and one.category.optional] == []


def test_kinds_with_a_link_of_a_token_are_secret():
    """Their callers make a token: the text must not stay readable."""
    assert {code for code, one in kinds.REGISTRY.items() if one.secret} == {
        "invitation", "guardian", "password_reset", "unlock", "email_change", "email_changed", "association_renewal",
    }  # fmt: skip


def test_control_a_text_without_french_is_found(lumiere, monkeypatch):
    from django.utils import translation

    monkeypatch.setattr(translation.trans_real, "gettext", lambda message: message)
    monkeypatch.setattr(translation._trans, "gettext", lambda message: message, raising=False)
    letters = [example_of(kinds.known("unlock"), language) for language in ("en", "fr")]
    assert english_lines(letters[0].text) & english_lines(letters[1].text)
