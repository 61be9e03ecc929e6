"""Clock and bells of money."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.actor import Actor
from apps.tenants.jobs import RUNS, tenant_task

from . import selectors
from .services import orders, refunding, verifying


@tenant_task(name="money.carry_out", queue="integration")
def carry_out(self: Any, *, refund_id: str, **_later: object) -> str:
    """Ask a provider to give money back."""
    return refunding.carry_out(refund_id=UUID(refund_id), now=timezone.now())


@tenant_task(name="money.sweep", queue="integration")
def sweep(self: Any, **_later: object) -> dict[str, int]:
    """Expire what nobody paid in time; ask again for refunds whose bell nobody heard; open and close alarms."""
    now, actor = timezone.now(), Actor.system("money clock")
    expired = sum(orders.expire_order(actor=actor, order_id=one, now=now) for one in selectors.due_orders(now))
    asked = [refunding.carry_out(refund_id=one, now=now) for one in refunding.waiting(now)]
    verifying.watch(now=now)
    return {"expired": expired, "asked": len(asked)}


@tenant_task(name="money.verify", queue="nightly", recorded=RUNS)
def verify(self: Any, **_later: object) -> dict[str, int]:
    return verifying.verify_all(now=timezone.now())
