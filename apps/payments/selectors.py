"""What may be seen of subscriptions."""

from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core.actor import Actor
from apps.money.models import Treasury

from .models import AccountAlarm, Payout, ProviderAccount, Subscription
from .permissions import PAYMENTS_CONNECT, PAYMENTS_VIEW


def visible_subscriptions(*, actor: Actor, q: str = "", status: str = "") -> QuerySet[Subscription]:
    """Newest first. `q`: words of the plan, the number, or the person. Raises Forbidden."""
    PAYMENTS_VIEW.require_held(actor)
    rows = Subscription.objects.select_related("user").order_by("-created_at", "-id")
    if status:
        rows = rows.filter(status=status)
    for word in q.split():
        person = Q(user__family_name__icontains=word) | Q(user__given_name__icontains=word)
        rows = rows.filter(Q(plan__icontains=word) | Q(external_id__icontains=word) | person)
    return rows


def visible_accounts(*, actor: Actor) -> QuerySet[ProviderAccount]:
    """The school's accounts at providers, as they were last read there. Raises Forbidden."""
    PAYMENTS_VIEW.require_held(actor)
    return ProviderAccount.objects.select_related("treasury").order_by("provider", "external_id", "is_live")


def open_alarms(*, actor: Actor, account_id: UUID | None = None) -> list[AccountAlarm]:
    PAYMENTS_VIEW.require_held(actor)
    rows = AccountAlarm.objects.filter(cleared_at=None).select_related("account__treasury")
    return list(rows.filter(account_id=account_id) if account_id else rows)


def treasuries_to_connect(*, actor: Actor) -> list[Treasury]:
    """Those for which this actor may connect accounts."""
    return [one for one in Treasury.objects.order_by("name", "id") if PAYMENTS_CONNECT.allows(actor, one)]


def payouts_of(account: ProviderAccount) -> QuerySet[Payout]:
    return account.payouts.order_by("-arrives_on", "-external_id")
