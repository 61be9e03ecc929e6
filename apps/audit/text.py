"""Words as they are searched."""

import unicodedata


def folded(text: str) -> str:
    """Lower case without accents, so that "Emilie" finds "Émilie"."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
