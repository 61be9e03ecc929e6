"""`manage.py reapply_erasures [--school SLUG]`: after a restore, erase again whoever had been erased (L7)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.accounts.services import erasure
from apps.tenants.context import activated, platform
from apps.tenants.models import School


class Command(BaseCommand):
    help = "After a restore: erase again everybody whose erasure is in the journal beside the school's files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--school", help="the short name of one school; all of them without it")

    def handle(self, *args: Any, **options: Any) -> None:
        with platform():
            schools = School.objects.filter(ready=True).exclude(status=School.Status.PURGED).order_by("slug")
            found = list(schools.filter(slug=options["school"]) if options["school"] else schools)
        for school in found:
            with activated(school):
                self.stdout.write(f"{school.slug}: {erasure.reapply(now=timezone.now())} erased again")
