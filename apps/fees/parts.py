"""What the pages of associations show of fees."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.associations.models import Association
from apps.associations.permissions import ASSOCIATIONS_VIEW, WORKSPACE
from apps.core.actor import Actor
from apps.core.ui import Tab

from . import selectors


def join_part(*, association: Association, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """The fees of an association on its page, for who could join."""
    if actor.user_id is None or not ASSOCIATIONS_VIEW.allows(actor) or not selectors.takes_in(association, now):
        return None
    offers = selectors.offers_of(association, user_id=actor.user_id, now=now)
    if not offers:
        return None
    mine = selectors.own_fees(actor=actor).filter(association=association, state="paid").first()
    return {
        "template": "fees/_join.html", "offers": offers, "mine": mine, "association": association,
        "currency": selectors.currency_of(association.pk),
    }  # fmt: skip


def fees_tab(*, association: Association, actor: Actor) -> list[Tab]:
    if not WORKSPACE.allows(actor, association):
        return []
    return [Tab("fees", _("Membership fees"), url=reverse("fees:members", args=[association.pk]))]
