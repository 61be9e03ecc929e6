"""`manage.py reset_second_factor`: for a superadmin, or a school's last owner, who lost phone and recovery codes."""

from django.core.management.base import CommandError

from apps.accounts.selectors import find_by_email
from apps.accounts.services.lifecycle import reset_second_factor
from apps.core.actor import Actor

from ..one_account import OneAccountCommand


class Command(OneAccountCommand):
    help = (
        "Take away every second factor of one account and end its sessions; the person is told by mail and sets up a "
        "new one at the next sign-in. Make sure that it is really this person who asks."
    )

    def act(self, actor: Actor, email: str, reason: str) -> str:
        user = find_by_email(email)
        if user is None:
            raise CommandError(f"There is no account {email!r} here.")
        return "second step taken away" if reset_second_factor(actor, user.pk, reason) else "had none"
