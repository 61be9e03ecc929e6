"""`manage.py messages`: collect the texts to translate. `--check`: list what is not fit to ship."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import translations


class Command(BaseCommand):
    help = "Collects the texts to translate into the French catalogue and compiles it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail and list every fault")
        parser.add_argument("--compile", action="store_true", help="only make the compiled catalogue")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        if options["check"]:
            self._check(root)
        elif options["compile"]:
            translations.compile_catalogue(root)
        else:
            translations.update(root)
            translations.compile_catalogue(root)
            self._report(root)

    def _check(self, root: Path) -> None:
        if found := translations.faults(root):
            raise CommandError(
                f"{translations.catalogue_path(root)} has {len(found)} faults. `make messages` adds what is new and "
                "removes what is unused; the rest is for a translator.\n  " + "\n  ".join(found)
            )
        self.stdout.write("The French catalogue is complete.")

    def _report(self, root: Path) -> None:
        left = translations.faults(root)
        self.stdout.write(f"{translations.catalogue_path(root)} is up to date; {len(left)} entries need a translator.")
