"""What was read at a provider is kept here; older readings change nothing."""

from django.db import transaction

from apps.audit.services import record
from apps.core.actor import Actor

from .. import acts
from ..models import ProviderAccount
from ..providers.asking import AccountFacts

READER = Actor.system("payment provider", surface="webhook")


@transaction.atomic
def note_account(provider: str, account: str, is_live: bool, facts: AccountFacts) -> tuple[ProviderAccount, str]:
    """The row, and what became of it: new, older, same or changed."""
    row, is_new = ProviderAccount.objects.select_for_update(of=("self",)).get_or_create(
        provider=provider, is_live=is_live, external_id=account,
        defaults={"state": facts.state, "name": facts.name, "problems": facts.problems, "read_at": facts.read_at},
    )  # fmt: skip
    if is_new:
        return row, "new"
    if row.read_at > facts.read_at:
        return row, "older"
    before = (row.state, row.name, row.problems)
    row.state, row.name, row.problems = facts.state, facts.name or row.name, facts.problems
    row.read_at = facts.read_at
    row.save(update_fields=["state", "name", "problems", "read_at"])
    if before[0] != row.state and row.treasury_id:
        record(
            actor=READER, act=acts.ACCOUNT_STATE, target=row, changes={"state": [before[0], row.state]}, at=row.read_at
        )
    return row, "same" if before == (row.state, row.name, row.problems) else "changed"
