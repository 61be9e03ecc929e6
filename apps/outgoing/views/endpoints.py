"""Endpoints: the list, a new one, changes, secrets, and what can be told."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.audit.tables import csv_of
from apps.core.errors import Invalid
from apps.core.web import done, form_page, page, undo_by

from .. import presenting, selectors
from ..catalogue import TYPES
from ..forms import EndpointForm
from ..services import endpoints, secrets
from ..services.endpoints import TooMany
from ..services.secrets import Made
from .common import crumbs, frame


@require_safe
def endpoint_list(request: HttpRequest) -> HttpResponseBase:
    found = list(selectors.visible_endpoints(actor=request.actor))
    figures = selectors.figures_of([one.pk for one in found], timezone.now())
    rows = [presenting.EndpointRow(one, figures.get(one.pk, selectors.Figures())) for one in found]
    if file := csv_of(request, "webhook-endpoints", rows, presenting.ENDPOINT_COLUMNS):
        return file
    context = {
        **frame(request),
        "rows": rows,
        "alarms": [presenting.AlarmView(alarm) for alarm in selectors.open_alarms(actor=request.actor)],
    }
    return page(request, "outgoing/list.html", context)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """What can be told, with an example of each."""
    kinds = [TYPES[code] for code in sorted(TYPES)]
    if file := csv_of(request, "webhook-events", kinds, presenting.KIND_COLUMNS):
        return file
    context = {
        **frame(request),
        "kinds": [presenting.KindView(kind) for kind in kinds],
        "crumbs": crumbs((_("Events"), "")),
    }
    return page(request, "outgoing/catalogue.html", context)


@require_http_methods(["GET", "POST"])
def endpoint_create(request: HttpRequest) -> HttpResponse:
    """The secret stands only in the answer."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = endpoints.create_endpoint(actor=request.actor, now=timezone.now(), **form.facts)
            return _shown_once(request, made)
        except Invalid as error:
            form.refuse(error)
        except TooMany as error:
            form.add_error(None, str(error))
    context = {**frame(request), "form": form, "crumbs": crumbs((_("New endpoint"), ""))}
    show = form_page if form.is_bound else page
    return show(request, "outgoing/form.html", context)


@require_http_methods(["GET", "POST"])
def endpoint_change(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    endpoint = selectors.get_endpoint(actor=request.actor, endpoint_id=endpoint_id)
    initial = {
        "name": endpoint.name,
        "url": endpoint.url,
        "kinds": endpoint.kinds,
        "everything": not endpoint.kinds,
    }
    form = EndpointForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            endpoints.change_endpoint(actor=request.actor, endpoint_id=endpoint_id, now=timezone.now(), **form.facts)
            return done(request, to=_address(endpoint_id), message=_("The endpoint was changed."))
        except Invalid as error:
            form.refuse(error)
    context = {
        **frame(request),
        "form": form,
        "endpoint": endpoint,
        "crumbs": crumbs((endpoint.name, _address(endpoint_id)), (_("Change"), "")),
    }
    show = form_page if form.is_bound else page
    return show(request, "outgoing/form.html", context)


@require_POST
def endpoint_pause(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    endpoints.pause_endpoint(actor=request.actor, endpoint_id=endpoint_id, now=timezone.now())
    back = undo_by("outgoing:enable", endpoint_id)
    message = _("Nothing is sent for now. What happens meanwhile waits.")
    return done(request, to=_address(endpoint_id), message=message, undo=back)


@require_POST
def endpoint_enable(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    endpoints.enable_endpoint(actor=request.actor, endpoint_id=endpoint_id, now=timezone.now())
    return done(request, to=_address(endpoint_id), message=_("The endpoint is enabled: what waits is sent now."))


@require_POST
def endpoint_delete(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    endpoints.delete_endpoint(actor=request.actor, endpoint_id=endpoint_id, now=timezone.now())
    return done(request, to="outgoing:list", message=_("The endpoint is deleted."))


@require_POST
def endpoint_test(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Leads to the delivery, where the answer appears."""
    delivery = endpoints.send_test(actor=request.actor, endpoint_id=endpoint_id, now=timezone.now())
    return done(request, to=reverse("outgoing:delivery", args=[endpoint_id, delivery.event.event_id]))


@require_safe
def secret_list(request: HttpRequest, endpoint_id: UUID) -> HttpResponseBase:
    now = timezone.now()
    endpoint = selectors.get_endpoint(actor=request.actor, endpoint_id=endpoint_id)
    rows = selectors.secrets_of(actor=request.actor, endpoint=endpoint, now=now)
    if file := csv_of(request, "endpoint-secrets", rows, presenting.SECRET_COLUMNS):
        return file
    live = [row for row in rows if row.is_live(now)]
    context = {
        **frame(request),
        "endpoint": endpoint,
        "rows": [(row, row.is_live(now)) for row in rows],
        "may_replace": len(live) < secrets.MOST_LIVE,
        "may_end": len(live) > 1,
        "crumbs": crumbs((endpoint.name, _address(endpoint_id)), (_("Secrets"), "")),
    }
    return page(request, "outgoing/secrets.html", context)


@require_POST
def secret_rotate(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    made = secrets.rotate(actor=request.actor, endpoint_id=endpoint_id, now=timezone.now())
    return _shown_once(request, made)


@require_POST
def secret_end(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    row = secrets.end(actor=request.actor, secret_id=secret_id, now=timezone.now())
    back = reverse("outgoing:secrets", args=[row.endpoint_id])
    return done(request, to=back, message=_("The secret is ended: nothing is signed with it any more."))


def _shown_once(request: HttpRequest, made: Made) -> HttpResponse:
    endpoint = made.row.endpoint
    context: dict[str, Any] = {
        **frame(request),
        "made": made,
        "endpoint": endpoint,
        "crumbs": crumbs((endpoint.name, _address(endpoint.pk)), (_("New secret"), "")),
    }
    response = page(request, "outgoing/secret_created.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _address(endpoint_id: UUID) -> str:
    return reverse("outgoing:endpoint", args=[endpoint_id])
