"""What a student sees: fees on sale, choosing, what is to be paid, one's own memberships."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit.tables import Columns, csv_of
from apps.core.errors import DomainError, Forbidden, Invalid, NotVisible
from apps.core.navigation import layout_of
from apps.core.web import done, form_page, page

from .. import cards, selectors
from ..models import State, Tier
from ..services import joining

OWN_COLUMNS: Columns = {
    "association": "association.name",
    "fee": "tier.name_fr",
    "state": "state",
    "price": "price",
    "from": "starts_on",
    "until": "last_day",
    "paid_at": "paid_at",
}


@require_safe
def mine(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    rows = selectors.own_fees(actor=request.actor)
    if file := csv_of(request, "memberships", rows, OWN_COLUMNS):
        return file
    context = {
        "layout": layout_of(request),
        "own": [(fee, cards.state_of(fee, now)) for fee in rows],
        "offers": [
            (association, offers, selectors.currency_of(association.pk))
            for association, offers in selectors.all_offers(actor=request.actor, now=now)
        ],
    }
    return page(request, "fees/mine.html", context)


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """First what was chosen and the texts to accept, then holding the places."""
    now, sent = timezone.now(), request.POST if request.method == "POST" else request.GET
    ids = _ids(sent.getlist("tier"))
    tiers = list(
        Tier.objects.filter(pk__in=ids).select_related("association__seat").prefetch_related(*selectors.EVERYTHING)
    )
    problem = ""
    if request.method == "POST":
        try:
            made = joining.choose(
                actor=request.actor, tier_ids=ids, accepted=_ids(sent.getlist("accepted")), now=now,
                key=sent.get("key", "")[:40] or str(uuid4()),
            )  # fmt: skip
            return done(request, to=reverse("fees:checkout", args=[made.pk]), message=_("Your places are held."))
        except Invalid as error:
            problem = " ".join(str(line) for lines in error.fields.values() for line in lines)
        except (Forbidden, NotVisible):
            raise
        except DomainError as error:
            problem = str(error)
    context: dict[str, Any] = {
        "layout": layout_of(request),
        "chosen": _chosen(request, tiers),
        "versions": [(one, one.in_language(get_language() or "")) for one in selectors.versions_of(tiers)],
        "accepted": _ids(sent.getlist("accepted")),
        "key": sent.get("key") or str(uuid4()),
        "problem": problem,
    }
    return (form_page if problem else page)(request, "fees/choose.html", context)


@require_safe
def checkout(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    found = selectors.get_checkout(actor=request.actor, checkout_id=checkout_id)
    fees = list(found.fees.select_related("tier", "association", "order").order_by("association__name"))
    context = {
        "layout": layout_of(request),
        "fees": fees,
        "waiting": [fee for fee in fees if fee.state == State.HELD],
        "crumbs": [(_("Memberships"), reverse("fees:mine")), (_("To pay"), "")],
    }
    return page(request, "fees/checkout.html", context)


def _chosen(request: HttpRequest, tiers: list[Tier]) -> list[tuple[Tier, Any, str]]:
    """Each chosen tier with its offer, of associations that this person sees."""
    visible = {one.pk for one, _offers in selectors.all_offers(actor=request.actor, now=timezone.now())}
    if any(tier.association_id not in visible for tier in tiers):
        raise NotVisible
    found = []
    for tier in tiers:
        offers = selectors.offers_of(tier.association, user_id=request.actor.user_id, now=timezone.now())  # type: ignore[arg-type]
        offer = next((one for one in offers if one.tier.pk == tier.pk), None)
        if offer is not None:
            found.append((tier, offer, selectors.currency_of(tier.association_id)))
    return found


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[:50]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
