"""From templates/emails/<kind>.* and what a message is about to a subject, a text and a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from apps.tenants.context import current, platform, selected
from apps.tenants.hosts import platform_url, school_url
from apps.tenants.models import DEFAULT_HUE, School

from .. import kinds
from ..branding import accent
from .own_texts import Words, own_words


@dataclass(frozen=True, slots=True)
class Letter:
    language: str
    subject: str
    text: str
    html: str


def write(template: str, context: Mapping[str, Any], language: str = "", words: Words | None = None) -> Letter:
    """Without a language: the school's. In a school the mail looks and begins as the school wants, else like ours.

    `words` instead of the school's own, for a preview.
    """
    school = school_here()
    language = language if language in dict(settings.LANGUAGES) else (school.locale if school else "en")
    if words is None:
        words = own_words(kinds.known(template), language) if school else Words()
    with translation.override(language):
        words = words.filled(context)
        context = {**_letterhead(school), **context, "language": language, "intro": words.intro}
        subject, text, html = _render(template, context)
    subject = " ".join(words.subject.split()) or subject
    return Letter(language, subject[:300], _opened(text, words.intro), html)


def _opened(text: str, intro: str) -> str:
    """The opening lines after the greeting, which is the first paragraph of every text."""
    if not intro:
        return text
    greeting, _blank, rest = text.partition("\n\n")
    return f"{greeting}\n\n{intro.strip()}\n\n{rest}"


def on_platform() -> bool:
    tenancy = selected()
    return tenancy is not None and tenancy.is_platform


def school_here() -> School | None:
    """The active school, or None on the platform. Raises NoSchool outside of both."""
    if on_platform():
        return None
    school_id = current().id
    with platform():
        return School.objects.get(pk=school_id)


def _letterhead(school: School | None) -> dict[str, Any]:
    if school is None:
        return {"sender": "Campanile", "accent": accent(DEFAULT_HUE), "home": platform_url()}
    return {"sender": school.name, "accent": accent(school.hue), "home": school_url(school)}


def _render(template: str, context: dict[str, Any]) -> tuple[str, str, str]:
    subject = " ".join(render_to_string(f"emails/{template}.subject.txt", context).split())
    text = render_to_string(f"emails/{template}.txt", context).strip() + "\n"
    html = css_inline.inline(
        render_to_string(f"emails/{template}.html", context),
        extra_css=render_to_string("emails/mail.css", context),
        load_remote_stylesheets=False,
    )
    return subject, text, html
