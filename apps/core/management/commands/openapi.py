"""`manage.py openapi`: write the description of the API. `--check`: fail when the committed one says something else."""

import difflib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Makes docs/openapi from the code."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail and show what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        from apps.core.api import openapi

        for host, (_urls, name) in openapi.DESCRIPTIONS.items():
            path = Path(settings.BASE_DIR) / name
            made = openapi.as_yaml(host)
            before = path.read_text() if path.exists() else ""
            if made == before:
                continue
            if options["check"]:
                lines = difflib.unified_diff(before.splitlines(), made.splitlines(), name, "the code", lineterm="", n=2)
                raise CommandError("\n".join([f"{name} is not what the code says.", *list(lines)[:60]]))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made)
            self.stdout.write(f"{name} is made anew.")
