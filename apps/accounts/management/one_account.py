"""What the commands about one account have in common: whose, where, why."""

from abc import abstractmethod
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.actor import Actor
from apps.tenants import context
from apps.tenants.models import School


class OneAccountCommand(BaseCommand):
    """`manage.py NAME EMAIL [--school lumiere] --reason "..."`: runs `act` where the account is; prints its answer."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--school", default="", help="short name of the school; without it: a superadmin")
        parser.add_argument("--reason", required=True, help="stands in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        name = type(self).__module__.rpartition(".")[2]
        with context.activated(place_of(options["school"])):
            actor = Actor.system(f"manage.py {name}", surface="command")
            done = self.act(actor, options["email"], options["reason"])
        self.stdout.write(f"{options['email']}: {done}")

    @abstractmethod
    def act(self, actor: Actor, email: str, reason: str) -> str:
        """Do it, where the account is; what was done."""


def place_of(slug: str) -> context.Tenancy:
    """The school of a short name; without one the platform."""
    if not slug:
        return context.PLATFORM
    with context.platform():
        school = School.objects.filter(slug=slug).first()
    if school is None:
        raise CommandError(f"There is no school {slug!r}.")
    return context.tenancy_of(school)
