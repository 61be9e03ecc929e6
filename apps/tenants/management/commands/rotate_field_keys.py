"""`manage.py rotate_field_keys`: encrypt every encrypted field again under the first key of FIELD_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.core import crypto
from apps.core.actor import Actor
from apps.tenants.services.field_keys import rotate_field_keys


class Command(BaseCommand):
    help = (
        "Encrypt the encrypted fields of the platform and of every school again under the newest key. Can be killed "
        "and started again, and runs beside the application. Ends with status 1 while an older key is still needed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only count what is under older keys")

    def handle(self, *args: Any, **options: Any) -> None:
        newest, *older = crypto.known_keys()
        self.stdout.write(f"newest key {newest}; older keys: {', '.join(older) or 'none'}")
        rotation = rotate_field_keys(
            actor=Actor.system("manage.py rotate_field_keys", surface="command"),
            now=timezone.now(),
            only_count=options["check"],
            progress=self.stdout.write,
        )
        if rotation.encrypted:
            self.stdout.write(f"{rotation.encrypted} values encrypted again")
        if rotation.is_complete:
            self.stdout.write(f"Everything is under the key {newest}. Older keys can be removed from FIELD_KEYS.")
            return
        raise CommandError("\n".join(["Older keys are still needed:", *_what_is_left(rotation)]))


def _what_is_left(rotation: Any) -> list[str]:
    left = [f"  {rotation.still_old} values under older keys"] if rotation.still_old else []
    left += [f"  {place}: {count} values that no key opens" for place, count in rotation.unreadable.items()]
    return left + [f"  {schema}: not reached ({why})" for schema, why in rotation.failed.items()]
