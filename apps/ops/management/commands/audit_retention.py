"""`manage.py audit_retention [--dry-run]`: what the nightly job does to old entries of the audit trails."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.ops import retention


class Command(BaseCommand):
    help = "Delete the audit entries that are older than each school keeps them; --dry-run only counts them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        for outcome in retention.apply_everywhere(now=timezone.now(), dry_run=options["dry_run"]):
            self.stdout.write(
                f"{outcome.place}: {outcome.events} events and {outcome.row_changes} row changes "
                f"older than {outcome.days} days"
            )
