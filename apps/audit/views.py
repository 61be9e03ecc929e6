"""The audit trail as a page, an event, and a file."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.csvfile import csv_response
from apps.core.web import page, requires

from . import selectors, services
from .forms import SURFACES, EventFilter
from .permissions import AUDIT_VIEW


@requires(AUDIT_VIEW)
def event_list(request: HttpRequest) -> HttpResponseBase:
    form = EventFilter(request.GET)
    found = selectors.event_page(
        actor=request.actor,
        wanted=form.usable,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "events": found,
        "filter_form": form,
        "surfaces": dict(SURFACES),
        "narrowed": [name for name in ("actor", "target", "request_id") if form.usable.get(name)],
        "first": found.rows[0] if found.rows else None,
    }
    return page(request, "audit/event_list.html", context, partial="table")


@requires(AUDIT_VIEW)
def event_detail(request: HttpRequest, event_id: UUID) -> HttpResponseBase:
    event = selectors.event_by_id(actor=request.actor, event_id=event_id)
    context = {
        "event": event,
        "surface": dict(SURFACES).get(event.surface, event.surface),
        "row_changes": selectors.row_changes_of(actor=request.actor, event=event),
        "others": selectors.same_request(actor=request.actor, event=event),
        "crumbs": [(_("Audit trail"), reverse("audit:event_list")), (event.title, "")],
    }
    return page(request, "audit/event_detail.html", context)


@requires(AUDIT_VIEW)
def event_export(request: HttpRequest) -> HttpResponseBase:
    rows = services.export_events(actor=request.actor, wanted=EventFilter(request.GET).usable)
    filename = f"{request.school.slug}-audit-{timezone.localdate().isoformat()}.csv"
    return csv_response(filename, services.EXPORT_COLUMNS, rows)
