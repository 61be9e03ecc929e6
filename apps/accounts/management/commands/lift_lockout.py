"""`manage.py lift_lockout`: for a superadmin, or a school's only administrator, who is locked out of signing in."""

from django.utils import timezone

from apps.accounts.services.lockouts import lift_account
from apps.core.actor import Actor

from ..one_account import OneAccountCommand


class Command(OneAccountCommand):
    help = "Open what is locked for one address after too many attempts. Whoever goes on trying locks it again."

    def act(self, actor: Actor, email: str, reason: str) -> str:
        return f"locks lifted: {lift_account(actor=actor, email=email, reason=reason, now=timezone.now())}"
