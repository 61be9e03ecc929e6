"""`manage.py create_superadmin`: the first superadmin, from the environment or by prompt. Safe to repeat."""

import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.services.superadmins import create_superadmin
from apps.core.actor import Actor
from apps.core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Create a superadmin of the platform. Without arguments SUPERADMIN_EMAIL and SUPERADMIN_PASSWORD are read; "
        "what is missing is asked for. An account that exists is left as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", default="")
        parser.add_argument("--if-configured", action="store_true", help="do nothing when SUPERADMIN_EMAIL is not set")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"] or settings.SUPERADMIN_EMAIL
        if not email and options["if_configured"]:
            return
        email = email or input("E-mail: ")
        same = email.strip().lower() == settings.SUPERADMIN_EMAIL.strip().lower()
        password = settings.SUPERADMIN_PASSWORD if same and settings.SUPERADMIN_PASSWORD else getpass.getpass()
        try:
            user, created = create_superadmin(
                actor=Actor.system("create_superadmin", surface="command"), email=email, password=password
            )
        except DomainError as refused:
            raise CommandError(str(refused)) from None
        fact = (
            "created; the first sign-in asks to set up a second step" if created else "exists already; nothing changed"
        )
        self.stdout.write(f"{user.email} {fact}")
