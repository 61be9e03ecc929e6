"""What was told to an endpoint: the log, one delivery with its attempts, and sending again."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.audit.tables import csv_of
from apps.core.components.formats import number
from apps.core.web import done, page

from .. import presenting, selectors
from ..forms import DeliveryFilter, ReplayForm
from ..models import Delivery, WebhookEndpoint
from ..services import replaying
from .common import crumbs, frame


@require_safe
def endpoint_detail(request: HttpRequest, endpoint_id: UUID) -> HttpResponseBase:
    endpoint = selectors.get_endpoint(actor=request.actor, endpoint_id=endpoint_id)
    form = DeliveryFilter(request.GET)
    wanted = form.usable
    rows = selectors.each_delivery(actor=request.actor, endpoint_id=endpoint_id, wanted=wanted)
    if file := csv_of(request, "webhook-deliveries", rows, presenting.DELIVERY_COLUMNS):
        return file
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    found = selectors.delivery_page(
        actor=request.actor, endpoint_id=endpoint_id, wanted=wanted, after=after, before=before
    )
    figures = selectors.figures_of([endpoint_id], timezone.now())
    alarms = [one for one in selectors.open_alarms(actor=request.actor) if one.endpoint_id == endpoint_id]
    context = {
        **frame(request),
        "endpoint": endpoint,
        "figures": figures.get(endpoint_id, selectors.Figures()),
        "alarms": [presenting.AlarmView(alarm) for alarm in alarms],
        "deliveries": found,
        "rows": [presenting.DeliveryRow(one) for one in found.rows],
        "filter_form": form,
        "crumbs": crumbs((endpoint.name, "")),
    }
    return page(request, "outgoing/endpoint.html", context, partial="table")


@require_safe
def delivery_detail(request: HttpRequest, endpoint_id: UUID, webhook_id: str) -> HttpResponseBase:
    delivery = selectors.get_delivery(actor=request.actor, endpoint_id=endpoint_id, event_id=webhook_id)
    tries = selectors.tries_of(actor=request.actor, delivery=delivery)
    if file := csv_of(request, "webhook-attempts", tries, presenting.ATTEMPT_COLUMNS):
        return file
    return page(request, "outgoing/delivery.html", _shown(request, delivery), partial="outcome")


@require_safe
def delivery_content(request: HttpRequest, endpoint_id: UUID, webhook_id: str) -> HttpResponse:
    """What it says; looking is in the audit trail."""
    delivery = selectors.get_delivery(actor=request.actor, endpoint_id=endpoint_id, event_id=webhook_id)
    content = replaying.read_content(
        actor=request.actor, endpoint_id=endpoint_id, event_id=webhook_id, now=timezone.now()
    )
    context = {**_shown(request, delivery), "content": presenting.pretty(content)}
    return page(request, "outgoing/delivery.html", context)


@require_POST
def delivery_replay(request: HttpRequest, endpoint_id: UUID, webhook_id: str) -> HttpResponse:
    delivery = replaying.replay(actor=request.actor, endpoint_id=endpoint_id, event_id=webhook_id, now=timezone.now())
    return done(
        request,
        to=reverse("outgoing:delivery", args=[endpoint_id, delivery.event.event_id]),
        message=_("It is sent again now."),
    )


@require_http_methods(["GET", "POST"])
def replay_many(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """How many would be sent again since a day; then sending them."""
    endpoint = selectors.get_endpoint(actor=request.actor, endpoint_id=endpoint_id)
    form = ReplayForm(request.POST or request.GET or None)
    if not form.is_bound or not form.is_valid():
        return page(request, "outgoing/replay.html", _replay(request, endpoint, form))
    day = form.cleaned_data["since"]
    since = timezone.make_aware(datetime.combine(day, time.min))
    if request.method != "POST":
        count = replaying.given_up(actor=request.actor, endpoint_id=endpoint_id, since=since).count()
        return page(request, "outgoing/replay.html", {**_replay(request, endpoint, form), "count": count, "day": day})
    count = replaying.replay_many(actor=request.actor, endpoint_id=endpoint_id, since=since, now=timezone.now())
    message = ngettext("%(n)s event is sent again.", "%(n)s events are sent again.", count) % {"n": number(count)}
    return done(request, to=reverse("outgoing:endpoint", args=[endpoint_id]), message=message)


@require_POST
def drop_waiting(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    count = replaying.drop_waiting(actor=request.actor, endpoint_id=endpoint_id, now=timezone.now())
    if not count:
        return redirect("outgoing:endpoint", endpoint_id)
    message = ngettext("%(n)s event is not sent.", "%(n)s events are not sent.", count) % {"n": number(count)}
    return done(request, to=reverse("outgoing:endpoint", args=[endpoint_id]), message=message)


def _replay(request: HttpRequest, endpoint: WebhookEndpoint, form: ReplayForm) -> dict[str, Any]:
    address = reverse("outgoing:endpoint", args=[endpoint.pk])
    return {
        **frame(request),
        "endpoint": endpoint,
        "form": form,
        "crumbs": crumbs((endpoint.name, address), (_("Send again"), "")),
    }


def _shown(request: HttpRequest, delivery: Delivery) -> dict[str, Any]:
    endpoint = delivery.endpoint
    tries = selectors.tries_of(actor=request.actor, delivery=delivery)
    return {
        **frame(request),
        "delivery": delivery,
        "endpoint": endpoint,
        "row": presenting.DeliveryRow(delivery),
        "tries": [(one, presenting.answer_text(one.status, one.fault)) for one in tries],
        "follows": delivery.is_on_its_way and endpoint.is_enabled,
        "crumbs": crumbs(
            (endpoint.name, reverse("outgoing:endpoint", args=[endpoint.pk])), (delivery.event.event_id, "")
        ),
    }
