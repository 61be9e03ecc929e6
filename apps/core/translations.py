"""Collects the texts to translate, keeps the French catalogue, finds its faults. Needs no GNU gettext.

English is the language of the source. `locale/fr/LC_MESSAGES/django.po` is kept in git, sorted and without line
numbers, so that branches seldom conflict; the compiled `.mo` beside it is not.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGE = "fr"
FOLDERS = ("apps", "config", "templates")
TEMPLATE_SUFFIXES = (".html", ".txt")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
HEADER = """\
# French texts of Campanile. `make messages` adds and removes entries; translate the empty ones.
msgid ""
msgstr ""
"Language: fr\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""


def catalogue_path(root: Path) -> Path:
    return root / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


# --- the texts in the sources ------------------------------------------------------------------------------


def collect(root: Path) -> Catalog:
    """Every translatable text of the project's Python files and templates."""
    found = Catalog(locale=LANGUAGE)
    for path in _sources(root):
        source = path.read_text(encoding="utf-8")
        if path.suffix in TEMPLATE_SUFFIXES:
            source = _as_code(templatize(source, origin=str(path)))
        code = io.BytesIO(source.encode("utf-8"))
        for _line, text, comments, context in extract("python", code, keywords=KEYWORDS, comment_tags=["Translators"]):
            found.add(text, auto_comments=comments, context=context)
    return found


def _as_code(blanked: str) -> str:
    """What `templatize` leaves (XXX and calls of gettext) without the indentation, which Python would refuse."""
    return "\n".join(line.strip() for line in blanked.splitlines())


def _sources(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            is_template = path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts
            is_code = path.suffix == ".py" and "migrations" not in path.parts
            if is_template or is_code:
                yield path


# --- the catalogue -----------------------------------------------------------------------------------------


def read(root: Path) -> Catalog:
    path = catalogue_path(root)
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update(root: Path) -> Catalog:
    """Write the catalogue anew: texts that are new come in empty, texts that nobody uses any more go."""
    catalogue = read(root)
    catalogue.update(collect(root), no_fuzzy_matching=True)
    write(root, catalogue)
    return catalogue


def write(root: Path, catalogue: Catalog) -> None:
    """Sorted and without line numbers or dates."""
    body = io.BytesIO()
    write_po(body, catalogue, width=110, no_location=True, sort_output=True, omit_header=True, ignore_obsolete=True)
    path = catalogue_path(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + body.getvalue().decode("utf-8").lstrip("\n"), encoding="utf-8")


def compile_catalogue(root: Path) -> Path | None:
    """Make the `.mo` that Django reads, if the catalogue is newer. None when there is no catalogue yet."""
    source = catalogue_path(root)
    target = source.with_suffix(".mo")
    if not source.exists():
        return None
    if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
        unfinished = target.with_suffix(".mo.unfinished")
        with unfinished.open("wb") as file:
            write_mo(file, read(root))
        unfinished.replace(target)
    return target


# --- its faults --------------------------------------------------------------------------------------------

PLACEHOLDER = re.compile(r"%%|%\([^)]*\)[#0\- +]*[\d.]*[a-zA-Z]|%[#0\- +]*[\d.]*[sdifrx]|\{[A-Za-z_][\w.]*\}")
TAG = re.compile(r"</?[a-z][a-z0-9-]*")


def faults(root: Path) -> list[str]:
    """Why the catalogue is not fit to ship, one line per fault."""
    sources, catalogue = collect(root), read(root)
    found = [f"not in the catalogue: {_name(message)}" for message in _texts(sources) if not _same(catalogue, message)]
    for message in _texts(catalogue):
        source = _same(sources, message)
        if source is None:
            found.append(f"no longer used: {_name(message)}")
        else:
            found.extend(f"{fault}: {_name(message)}" for fault in _faults_of(message, source, catalogue.num_plurals))
    return sorted(found)


def _texts(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _same(catalogue: Catalog, message: Message) -> Message | None:
    return catalogue.get(message.id, message.context)


def _name(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return repr(text) + (f" (context {message.context!r})" if message.context else "")


def _faults_of(message: Message, source: Message, plurals: int) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    if isinstance(source.id, str) != isinstance(message.id, str):
        yield "plural in one place, not in the other"
        return
    if isinstance(message.id, str):
        translations: list[Any] = [message.string]
        allowed = [[_marks(message.id)]]
    else:
        translations = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if len(translations) != plurals:
            yield f"has {len(translations)} plural forms, not {plurals}"
            return
        one, many = _marks(message.id[0]), _marks(message.id[1])
        allowed = [[one, many]] + [[many]] * (plurals - 1)
    if not all(translations):
        yield "not translated"
        return
    for translation, marks in zip(translations, allowed, strict=True):
        if _marks(str(translation)) not in marks:
            yield f"placeholders or tags differ in {translation!r}"


def _marks(text: str) -> tuple[Counter[str], Counter[str]]:
    """What a translation must keep: placeholders and tags, each as often as the source has it."""
    return Counter(_without_percent_signs(PLACEHOLDER.findall(text))), Counter(TAG.findall(text))


def _without_percent_signs(placeholders: Iterable[str]) -> list[str]:
    return [placeholder for placeholder in placeholders if placeholder != "%%"]
