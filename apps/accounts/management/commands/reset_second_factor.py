"""`manage.py reset_second_factor`: for a superadmin, or a school's last owner, who lost phone and recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.selectors import find_by_email
from apps.accounts.services.lifecycle import reset_second_factor
from apps.core.actor import Actor
from apps.tenants import context
from apps.tenants.models import School


class Command(BaseCommand):
    help = (
        "Take away every second factor of one account and end its sessions; the person is told by mail and sets up a "
        "new one at the next sign-in. Make sure that it is really this person who asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--school", default="", help="short name of the school; without it: a superadmin")
        parser.add_argument("--reason", required=True, help="stands in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        with context.activated(place_of(options["school"])):
            user = find_by_email(options["email"])
            if user is None:
                raise CommandError(f"There is no account {options['email']!r} here.")
            actor = Actor.system("manage.py reset_second_factor", surface="command")
            had = reset_second_factor(actor, user.pk, options["reason"])
        self.stdout.write(f"{user.email}: {'second step taken away' if had else 'had none'}")


def place_of(slug: str) -> context.Tenancy:
    """The school of a short name; without one the platform."""
    if not slug:
        return context.PLATFORM
    with context.platform():
        school = School.objects.filter(slug=slug).first()
    if school is None:
        raise CommandError(f"There is no school {slug!r}.")
    return context.tenancy_of(school)
