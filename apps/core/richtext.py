"""Text that people write for others to read, as Markdown (ASC-9): what comes out can show, never act.

Two walls. The parser knows no HTML, so what looks like a tag is shown as it was typed; and its output passes a list of
what may stand in a page, so that a fault of the parser is no hole. Pictures are left out: they would tell a stranger's
server who reads the page.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

MOST_CHARACTERS: Final = 20_000
#: A page has its own title, so the highest heading of a text is one of the third level.
HIGHEST_HEADING: Final = 3
DEEPEST: Final = 12  # lists in quotes in lists: more is nobody's text
TAGS: Final = {
    "p", "br", "hr", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES: Final = {"https", "http", "mailto", "tel"}


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough", "linkify"]).disable(["image", "html_block", "html_inline"])
    assert parser.linkify is not None  # the package of requirements/base.in
    parser.linkify.set({"fuzzy_link": False})  # "le.Nous" is a missing space, not an address
    parser.core.ruler.push("lower_headings", lambda state: _lower(state.tokens))
    return parser


def _lower(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + HIGHEST_HEADING - 1, 6)}"


_MARKDOWN: Final = _parser()
_CLEANER: Final = nh3.Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow ugc",
    strip_comments=True, generic_attribute_prefixes=set(),
)  # fmt: skip


@lru_cache(maxsize=512)
def _html(text: str) -> str:
    return _CLEANER.clean(_MARKDOWN.render(text))


def render(text: Any) -> SafeString:
    """The Markdown as HTML that may stand in a page. What is longer than MOST_CHARACTERS is shown as far as that."""
    return mark_safe(_html(str(text or "")[:MOST_CHARACTERS]))  # noqa: S308  # the cleaner's output


def plain(text: Any, most: int = 160) -> str:
    """The beginning of what is to be read, without marks, in one line: for descriptions and lists."""
    words: list[str] = []
    for token in _MARKDOWN.parse(str(text or "")[:MOST_CHARACTERS]):
        for inner in token.children or ():
            words.append(
                inner.content if inner.type in ("text", "code_inline") else " " if "break" in inner.type else ""
            )
        words.append(" ")
    line = " ".join("".join(words).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _read(token: Token) -> str:
    if token.type in ("text", "code_inline"):
        return token.content
    return " " if token.type in ("softbreak", "hardbreak") else ""
