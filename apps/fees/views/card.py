"""The card of a member, and what whoever scans it is told."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.errors import NotVisible
from apps.core.navigation import layout_of
from apps.core.web import page

from .. import cards, selectors
from ..models import Fee, State


@require_safe
def card(request: HttpRequest, fee_id: UUID) -> HttpResponse:
    fee, now = _own(request, fee_id), timezone.now()
    context = {
        "layout": layout_of(request),
        "fee": fee,
        "tier_name": selectors.name_of(fee.tier),
        "is_valid": cards.is_valid(fee, now),
        "state": cards.state_of(fee, now),
        "picture": cards.picture(fee),
        "crumbs": [(_("Memberships"), reverse("fees:mine")), (_("Membership card"), "")],
    }
    return page(request, "fees/card.html", context)


@require_safe
def card_pdf(request: HttpRequest, fee_id: UUID) -> HttpResponse:
    fee = _own(request, fee_id)
    answer = HttpResponse(cards.paper(fee, timezone.now()), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="card.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def check(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever scans a card: the association, and whether it is valid today. Not whose it is."""
    fee, now = cards.read(token), timezone.now()
    context = {
        "association": fee.association.name if fee else "",
        "is_valid": fee and cards.is_valid(fee, now),
        "now": now,
    }
    return page(request, "fees/check.html", context, status=200 if fee else 404)


def _own(request: HttpRequest, fee_id: UUID) -> Fee:
    fee = selectors.get_own_fee(actor=request.actor, fee_id=fee_id)
    if fee.state == State.HELD:
        raise NotVisible
    return fee
