"""Brings the demonstration's database, files and data up to date: `python -m config.dev.prepare <folder>`.

One process for all steps, because loading Django takes longer than most of them. Lines that start with `@ ` are
for the user, all else is for the log.
"""

import hashlib
import io
import json
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(folder: Path) -> int:
    """The exit status. Every step may be repeated; a step that has nothing to do is quick."""
    import django

    from apps.core.translations import compile_catalogue
    from apps.tenants.context import enter_platform

    compile_catalogue(ROOT)
    django.setup()
    enter_platform()
    steps: list[tuple[str, Callable[[], None]]] = [
        ("roles and rights of the database", lambda: command("prepare_database")),
        ("tables of the platform and of every school", lambda: command("migrate_fleet")),
        ("style sheets and scripts", lambda: collect_static(folder)),
        ("demonstration data (two schools, at the first start this takes a while)", lambda: fill(folder)),
    ]
    for text, step in steps:
        print(f"@   {text}", flush=True)
        try:
            step()
        except (Exception, SystemExit):
            traceback.print_exc()
            return 1
    return 0


def command(name: str, **options: object) -> None:
    from django.core.management import call_command

    call_command(name, **options)


class Progress(io.TextIOBase):
    """What a command writes becomes lines for the user."""

    def write(self, text: str) -> int:
        for line in text.splitlines():
            print(f"@     {line.strip()}", flush=True)
        return len(text)


def collect_static(folder: Path) -> None:
    """Only when a source changed: compressing takes seconds."""
    from django.conf import settings

    mark, now = folder / "static.hash", fingerprint(static_sources())
    if mark.exists() and mark.read_text() == now and Path(settings.STATIC_ROOT).exists():
        return
    command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(now)


def static_sources() -> Iterator[Path]:
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for path, storage in finder.list([]):
            yield Path(storage.path(path))


def fingerprint(files: Iterator[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.name}|{file.stat().st_size}|".encode() + file.read_bytes())
    return digest.hexdigest()


def fill(folder: Path) -> None:
    """The data, then who may sign in (as JSON, for the supervisor to print)."""
    command("demo_data", stdout=Progress())
    answer = io.StringIO()
    command("demo_data", json=True, stdout=answer)
    (folder / "signins.json").write_text(json.dumps(json.loads(answer.getvalue()), indent=2))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
