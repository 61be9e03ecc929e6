"""One style sheet and one script for production, joined from the files of `static/ui` when they are collected.

No minifier is needed: compressed, the whole is smaller than a photo. In development the files are linked one by one.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from django.utils._os import safe_join

STYLES = "ui/bundle.css"
SCRIPTS = "ui/bundle.js"


def source_root() -> Path:
    return Path(settings.BASE_DIR) / "static"


def style_files() -> list[str]:
    """Style sheets in the order of the cascade: the numbers in front of the names."""
    return _names("ui/**/*.css")


def script_files() -> list[str]:
    return _names("ui/js/*.js")


def _names(pattern: str) -> list[str]:
    root = source_root()
    return sorted(path.relative_to(root).as_posix() for path in root.glob(pattern))


COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)  # no style sheet of ours has one in a text
BETWEEN = re.compile(r"\s*\n\s*")


def join_styles(sources: Iterable[str]) -> str:
    """Without comments and indentation, which are for us and would be sent to everybody."""
    return BETWEEN.sub("\n", COMMENT.sub("", "\n".join(sources)))


def join_scripts(sources: Iterable[str]) -> str:
    """Each module keeps its names to itself in a block; modules import nothing."""
    return "\n".join(f"{{\n{source}\n}}" for source in sources)


def sources_of(names: Iterable[str]) -> list[str]:
    return [(source_root() / name).read_text() for name in names]


class BundleFinder(BaseFinder):
    """Offers the two bundles to `collectstatic`, and to the server where it serves files from their sources."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.storage = FileSystemStorage(location=Path(settings.BASE_DIR) / "build" / "static")
        self.storage.prefix = ""  # type: ignore[attr-defined]  # collectstatic asks for it

    def check(self, **kwargs: object) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> Any:
        if path not in (STYLES, SCRIPTS):
            return []
        self.write()
        found = safe_join(self.storage.location, path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        self.write()
        for name in (STYLES, SCRIPTS):
            yield name, self.storage

    def write(self) -> None:
        """Join the sources again; the files change only when the content does."""
        self._write(STYLES, join_styles(sources_of(style_files())))
        self._write(SCRIPTS, join_scripts(sources_of(script_files())))

    def _write(self, name: str, content: str) -> None:
        target = Path(safe_join(self.storage.location, name))
        if target.exists() and target.read_text() == content:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(f".{os.getpid()}")
        fresh.write_text(content)
        fresh.replace(target)  # another process may be reading the old one
