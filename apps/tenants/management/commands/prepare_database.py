"""Roles, schemas and extensions that no migration owns. Idempotent."""

from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError

from apps.tenants import database


class Command(BaseCommand):
    help = "Prepare the database: roles, extensions, grants. Safe to repeat."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with database.owner_connection() as connection:
                database.prepare(connection, app_role=database.app_role())
        except database.DatabaseProblem as problem:
            raise CommandError(str(problem)) from problem
        except psycopg.OperationalError as problem:
            raise CommandError(f"The database does not answer; check DATABASE_OWNER_URL. {problem}") from problem
        except psycopg.errors.InsufficientPrivilege as problem:
            raise CommandError(
                f"The role of DATABASE_OWNER_URL lacks a right: {problem}. It must own the database and have "
                f"CREATEROLE, and the extensions {', '.join(database.EXTENSION_NAMES)} must be available."
            ) from problem
        if options["verbosity"]:
            self.stdout.write("The database is prepared.")
