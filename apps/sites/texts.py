"""Texts in several languages: what a reader is shown, and when that is not their language (ASC-9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language_info

LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as this reader gets it. `language`: what it is written in, when that is not what they read."""

    text: str
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def language_name(self) -> str:
        """The other language, as the reader calls it; English alone writes it with a capital."""
        if not self.language:
            return ""
        name = str(translation.gettext(get_language_info(self.language)["name"]))
        return name if (translation.get_language() or "").startswith("en") else name.lower()


def shown(said: Mapping[str, Any], wanted: str | None = None) -> Shown:
    """What was written in the reader's language, else in another, and then it says in which."""
    wanted = (wanted or translation.get_language() or LANGUAGES[0])[:2]
    for language in (wanted, *LANGUAGES):
        text = str(said.get(language) or "").strip()
        if text:
            return Shown(text, "" if language == wanted else language)
    return Shown("")
