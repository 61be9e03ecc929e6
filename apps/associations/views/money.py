"""From the workspace of an association to its account."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core.web import done, page, requires
from apps.money.permissions import MONEY_MANAGE, MONEY_VIEW

from .. import treasury
from .common import found, frame


@require_http_methods(["GET", "POST"])
@requires(MONEY_VIEW)
def money(request: HttpRequest, association_id: UUID) -> HttpResponse:
    """Its account; one that is not open yet is opened here."""
    association, scope = found(request, association_id), treasury.scope_of(association_id)
    MONEY_VIEW.require_held(request.actor, scope)
    if request.method == "POST":
        row = treasury.open_treasury(actor=request.actor, association_id=association_id, now=timezone.now())
        return done(request, to=reverse("money:treasury", args=[row.pk]), message=_("The account is open."))
    if known := treasury.find(association_id):
        return redirect("money:treasury", known.pk)
    context = {**frame(request, association, "money"), "can_open": MONEY_MANAGE.allows(request.actor, scope)}
    return page(request, "associations/money.html", context)
