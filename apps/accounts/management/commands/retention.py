"""`manage.py retention [--school SLUG] [--dry-run]`: what the nightly job does to records past their period."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.accounts.services import retention
from apps.tenants.context import activated, platform
from apps.tenants.models import School


class Command(BaseCommand):
    help = "Delete the records that are older than each school keeps them; --dry-run lists them and deletes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--school", help="the short name of one school; all of them without it")
        parser.add_argument("--dry-run", action="store_true", help="list, delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with platform():
            schools = School.objects.filter(ready=True).exclude(status=School.Status.PURGED).order_by("slug")
            found = list(schools.filter(slug=options["school"]) if options["school"] else schools)
        for school in found:
            with activated(school):
                self.tell(school.slug, dry_run=options["dry_run"])

    def tell(self, slug: str, *, dry_run: bool) -> None:
        if dry_run:
            for table, keys in sorted(retention.dry_run(now=timezone.now()).items()):
                self.stdout.write(f"{slug}: {table}: {len(keys)}")
                for key in sorted(map(str, keys)):
                    self.stdout.write(f"  {key}")
            return
        run = retention.run(now=timezone.now())
        if run is None:
            self.stdout.write(f"{slug}: another run is at it")
            return
        self.stdout.write(f"{slug}: {run.state}, {run.total} rows {run.removed}")
