"""`manage.py migrate_fleet`: the one command of a deploy."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.tenants.fleet import Report, UnsafeMigration
from apps.tenants.services.fleet import migrate_fleet


class Command(BaseCommand):
    help = "Migrate the platform and every school. Nothing to do costs one query; a failing school is closed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parallel", type=int, default=2, help="schools at a time (default 2)")
        parser.add_argument("--json", action="store_true", help="print the report as JSON instead of progress")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["parallel"] < 1:
            raise CommandError("--parallel must be 1 or more.")
        tells = options["verbosity"] > 0 and not options["json"]
        try:
            report = migrate_fleet(
                parallel=options["parallel"], progress=self.stdout.write if tells else lambda line: None
            )
        except UnsafeMigration as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(as_dict(report), indent=2))
        elif tells:
            self.say(report)
        if report.failed:
            lines = [f"  {schema}: {reason}" for schema, reason in sorted(report.failed.items())]
            raise CommandError("These schools are closed. Mend the cause and run this again:\n" + "\n".join(lines))

    def say(self, report: Report) -> None:
        for schema, names in report.through_python.items():
            self.stdout.write(f"  {schema}: through Python, not as SQL: {', '.join(names)}")
        if report.nothing_to_do:
            self.stdout.write("Every schema is up to date.")
        else:
            self.stdout.write(f"{len(report.done)} schools migrated, {len(report.failed)} failed.")


def as_dict(report: Report) -> dict[str, Any]:
    return {
        "nothing_to_do": report.nothing_to_do,
        "done": report.done,
        "failed": report.failed,
        "through_python": report.through_python,
    }
