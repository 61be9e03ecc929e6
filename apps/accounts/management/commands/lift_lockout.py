"""`manage.py lift_lockout`: for a superadmin, or a school's only administrator, who is locked out of signing in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.accounts.services.lockouts import lift_account
from apps.core.actor import Actor
from apps.tenants import context

from .reset_second_factor import place_of


class Command(BaseCommand):
    help = "Open what is locked for one address after too many attempts. Whoever goes on trying locks it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--school", default="", help="short name of the school; without it: a superadmin")
        parser.add_argument("--reason", required=True, help="stands in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        with context.activated(place_of(options["school"])):
            actor = Actor.system("manage.py lift_lockout", surface="command")
            locks = lift_account(actor=actor, email=options["email"], reason=options["reason"], now=timezone.now())
        self.stdout.write(f"{options['email']}: locks lifted: {locks}")
