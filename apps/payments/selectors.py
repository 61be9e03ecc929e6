"""What may be seen of subscriptions."""

from django.db.models import Q, QuerySet

from apps.core.actor import Actor

from .models import ProviderAccount, Subscription
from .permissions import PAYMENTS_VIEW


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
    return ProviderAccount.objects.order_by("provider", "external_id", "is_live")
