"""A message with invented data: nobody's, and no link that leads anywhere."""

from ..kinds import Kind
from .own_texts import Words
from .rendering import Letter, school_here, write


def example_of(kind: Kind, language: str, words: Words | None = None) -> Letter:
    """As it would arrive; `words` shows it with words that nobody has saved."""
    school = school_here()
    usual = {"name": "Camille", "school_name": school.name if school else "Campanile", "url": "https://example.org/…"}
    return write(kind.code, {**usual, **kind.example}, language, words)
