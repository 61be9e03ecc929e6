"""Templates keep to the content security policy and to the design system. Rules with reasons: docs/ui.md."""

import re
from pathlib import Path

import pytest

from apps.core.components import icons

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.html"), *ROOT.glob("apps/*/templates/**/*.html")])
PAGES = [path for path in TEMPLATES if "emails" not in path.parts and "mail" not in path.parts]
FORBIDDEN = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style[\s>]", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[\s>]", re.IGNORECASE),
    "inline event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"\bhx-on\b"),
    "evaluated JavaScript": re.compile(r"""(hx-[a-z]+=["']js:|javascript:|hx-vars)"""),
    "trigger filter (needs eval)": re.compile(r"""hx-trigger=["'][^"']*\["""),
    "outside address of an asset": re.compile(r"""<(script|link|img|iframe)[^>]*(src|href)=["'](https?:)?//"""),
    "safe filter": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
    "physical property class": re.compile(r"""class="[^"]*\b(float-left|float-right|text-left|text-right)\b"""),
}


def without_comments(text: str) -> str:
    text = re.sub(r"\{#.*?#\}", "", text)
    return re.sub(r"\{%\s*comment\b.*?endcomment\s*%\}", "", text, flags=re.DOTALL)


def faults(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(without_comments(text))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_needs_nothing_that_the_policy_blocks(path):
    assert faults(path.read_text()) == []


@pytest.mark.parametrize(
    ("sample", "fault"),
    [
        ('<p style="color: red">', "style attribute"),
        ("<style>p {}</style>", "style element"),
        ("<script>alert(1)</script>", "inline script"),
        ('<a onclick="go()">', "inline event handler"),
        ('<a hx-on:click="go()">', "hx-on"),
        ("<a hx-vals='js:{a: 1}'>", "evaluated JavaScript"),
        ('<a href="javascript:go()">', "evaluated JavaScript"),
        ("""<a hx-trigger="click[ctrlKey]">""", "trigger filter (needs eval)"),
        ('<img src="https://elsewhere.example/x.png">', "outside address of an asset"),
        ("{{ text|safe }}", "safe filter"),
    ],
)
def test_each_rule_finds_its_fault(sample, fault):
    """A control for every rule."""
    assert fault in faults(sample)


def test_every_icon_exists():
    named = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']""")
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in [*TEMPLATES, *ROOT.glob("apps/**/*.py")]
        for found in named.findall(path.read_text())
        for name in found
        if name and not icons.exists(name)
    }
    assert missing == set()


def test_every_template_compiles():
    """Pages reached only in rare cases (errors, e-mails) must not fail when they are needed."""
    from django.template.loader import get_template

    for path in TEMPLATES:
        parts = path.parts
        get_template("/".join(parts[parts.index("templates") + 1 :]))


STYLES = sorted((ROOT / "static" / "ui").rglob("*.css"))
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
PHYSICAL = re.compile(
    r"(?<![\w-])((margin|padding|border)-(left|right|top|bottom)|(min-|max-)?(width|height))\b[\w-]*\s*:"
)
ID_SELECTOR = re.compile(r"#[a-z][\w-]*(?=[^;{}]*\{)")


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_sheet_uses_tokens_and_logical_properties(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert COLOUR.findall(text) == [], "colours come from the tokens"
    assert [m.group(0) for m in PHYSICAL.finditer(re.sub(r"@media[^{]*", "", text))] == [], "use logical properties"
    assert ID_SELECTOR.findall(text) == [], "classes only: an id is for one page"
    assert "@layer" in text, "outside a layer it would beat everything"
