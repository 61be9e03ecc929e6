"""What the school allows its treasuries (PAY-1): providers, its own share, and from when on it wants to approve."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid
from apps.money.models import Payment

from .. import acts
from ..models import PaymentPolicy, ProviderAccount
from ..permissions import PAYMENTS_GOVERN, PAYMENTS_VIEW

PROVIDERS: Final = {"stripe": "Stripe", "helloasso": "HelloAsso"}
MOST_POINTS: Final = 3000  # 30 %
MOST_FIXED: Final = 10_000  # minor units


class NotAllowedHere(DomainError):
    code = "provider-not-allowed"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("The school does not allow this provider. Choose another, or ask the school."))


class NeedsApproval(DomainError):
    code = "account-needs-approval"

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("This account has reached the amount above which the school must approve it. Ask the school.")
        )


def policy() -> PaymentPolicy:
    """As it is, or as it is before anybody changed it: everything allowed, no share, no limit."""
    return PaymentPolicy.objects.filter(pk=1).first() or PaymentPolicy(providers=list(PROVIDERS))


def read_policy(*, actor: Actor) -> PaymentPolicy:
    PAYMENTS_VIEW.require_held(actor)
    return policy()


def hold_policy() -> PaymentPolicy:
    """Nobody else changes it until the transaction ends; made when nobody chose yet, so that there is a row to lock."""
    PaymentPolicy.objects.get_or_create(pk=1, defaults={"providers": list(PROVIDERS)})
    return PaymentPolicy.objects.select_for_update().get(pk=1)


@transaction.atomic
def change_policy(
    *, actor: Actor, providers: Sequence[str], fee_basis_points: int, fee_fixed: int, approval_above: int | None,
    now: datetime,
) -> PaymentPolicy:  # fmt: skip
    """For everything that is sold from now on. Safe to repeat. Raises Forbidden, StepUpRequired, Invalid."""
    PAYMENTS_GOVERN.require(actor)
    faults: dict[str, list[Any]] = {}
    if any(one not in PROVIDERS for one in providers):
        faults["providers"] = [_("There is no such provider.")]
    if not 0 <= fee_basis_points <= MOST_POINTS:
        faults["fee_basis_points"] = [_("Enter between 0 and 30 percent.")]
    if not 0 <= fee_fixed <= MOST_FIXED:
        faults["fee_fixed"] = [_("Enter at most 100.")]
    if approval_above is not None and approval_above < 0:
        faults["approval_above"] = [_("Enter an amount, or nothing.")]
    if faults:
        raise Invalid(fields=faults)
    row = hold_policy()
    wanted = {
        "providers": sorted(set(providers)), "fee_basis_points": fee_basis_points, "fee_fixed": fee_fixed,
        "approval_above": approval_above,
    }  # fmt: skip
    changes = {name: [getattr(row, name), value] for name, value in wanted.items() if getattr(row, name) != value}
    if changes:
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()
        record(actor=actor, act=acts.POLICY_CHANGED, target=row, changes=changes, at=now)
    return row


def require_allowed(provider: str) -> None:
    if provider not in policy().providers:
        raise NotAllowedHere


def require_within_limit(account: ProviderAccount, amount: int) -> None:
    """An account that nobody approved takes only so much. Raises NeedsApproval."""
    limit = policy().approval_above
    if limit is None or account.approved_at is not None:
        return
    if taken_by(account) + amount > limit:
        raise NeedsApproval


def taken_by(account: ProviderAccount) -> int:
    rows = Payment.objects.filter(provider=account.provider, account_ref=account.external_id, is_live=account.is_live)
    return rows.aggregate(total=Sum("captured"))["total"] or 0
