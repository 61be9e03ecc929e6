"""`manage.py migrate_fleet`: the one command of a deploy."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.tenants.services.fleet import migrate_fleet


class Command(BaseCommand):
    help = "Migrate the platform and every school. Nothing to do costs one query; a failing school is closed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parallel", type=int, default=2, help="schools at a time (default 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        loud = options["verbosity"] > 0
        report = migrate_fleet(parallel=options["parallel"], progress=self.stdout.write if loud else lambda line: None)
        if loud:
            if report.nothing_to_do:
                self.stdout.write("Every schema is up to date.")
            else:
                self.stdout.write(f"{len(report.done)} schools migrated, {len(report.failed)} failed.")
            for schema, names in report.through_python.items():
                self.stdout.write(f"  {schema}: through Python, not as SQL: {', '.join(names)}")
        if report.failed:
            lines = [f"  {schema}: {reason}" for schema, reason in sorted(report.failed.items())]
            raise CommandError("These schools are closed. Mend the cause and run this again:\n" + "\n".join(lines))
