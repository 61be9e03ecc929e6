"""`manage.py demo_data`: fills an empty installation on this machine with two schools that live."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import DomainError
from apps.ops import demo


class Command(BaseCommand):
    help = "Two schools with people, campuses and a month of history. Needs the simulator. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="only print who may sign in, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            demo.require_local()
            if options["json"]:
                self.stdout.write(json.dumps({"signins": demo.sign_ins()}, ensure_ascii=False))
                return
            demo.make(lambda text: self.stdout.write(f"  {text}"))
        except DomainError as refused:
            raise CommandError(str(refused)) from None
