"""Roles, schemas and extensions that no migration owns. Idempotent."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.tenants import database


class Command(BaseCommand):
    help = "Prepare the database: roles, extensions, grants. Safe to repeat."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with database.owner_connection() as connection:
            database.prepare(connection, app_role=database.app_role())
        if options["verbosity"]:
            self.stdout.write("The database is prepared.")
