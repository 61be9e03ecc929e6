"""Events: the list, one of them, what it says, and what can be decided about it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.tables import csv_of
from apps.core.errors import Invalid
from apps.core.web import done, page, undo_by

from .. import presenting, selectors
from ..forms import EventFilter
from ..models import EventPlan, InboundEvent
from ..services import deciding, plans, rehearsing
from ..wording import outcome_text, service_label, would_text
from .common import crumbs, frame

MOST_PICKED = 1000


@require_safe
def event_list(request: HttpRequest) -> HttpResponseBase:
    form = EventFilter(request.GET)
    wanted = form.usable
    rows = selectors.each_event(actor=request.actor, wanted=wanted)
    if file := csv_of(request, "events", rows, presenting.EVENT_COLUMNS):
        return file
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    found = selectors.event_page(actor=request.actor, wanted=wanted, after=after, before=before)
    context = {
        **frame(request),
        "events": found,
        "rows": [presenting.EventRow(event) for event in found.rows],
        "filter_form": form,
        "query": request.GET.urlencode(),
        "crumbs": crumbs((_("Events"), "")),
    }
    return page(request, "integrations/events.html", context, partial="table")


@require_safe
def event_detail(request: HttpRequest, reference: str) -> HttpResponse:
    event = selectors.event_by_reference(actor=request.actor, reference=reference)
    return page(request, "integrations/event.html", _shown(request, event))


@require_safe
def event_content(request: HttpRequest, reference: str) -> HttpResponse:
    """What it said, and what contradicted it; looking is in the audit trail."""
    event = selectors.event_by_reference(actor=request.actor, reference=reference)
    content = deciding.read_content(actor=request.actor, event_id=event.pk, now=timezone.now())
    return page(request, "integrations/event.html", {**_shown(request, event), "content": content})


@require_safe
def event_preview(request: HttpRequest, reference: str) -> HttpResponse:
    """What a replay would do: it is tried in a transaction that is rolled back."""
    event = selectors.event_by_reference(actor=request.actor, reference=reference)
    said = rehearsing.rehearse_event(actor=request.actor, event_id=event.pk, now=timezone.now())
    would = {"text": would_text(said.state, said.code, said.detail), "state": said.state}
    return page(request, "integrations/event.html", {**_shown(request, event), "would": would})


@require_POST
def event_replay(request: HttpRequest, reference: str) -> HttpResponse:
    event = selectors.event_by_reference(actor=request.actor, reference=reference)
    deciding.replay_event(actor=request.actor, event_id=event.pk, now=timezone.now())
    return done(request, to=_address(event), message=_("The event is put back and applied in a moment."))


@require_POST
def event_discard(request: HttpRequest, reference: str) -> HttpResponse:
    event = selectors.event_by_reference(actor=request.actor, reference=reference)
    deciding.discard_event(actor=request.actor, event_id=event.pk, now=timezone.now())
    back = undo_by("integrations:event_restore", event.reference)
    return done(request, to=_address(event), message=_("The event is discarded."), undo=back)


@require_POST
def event_restore(request: HttpRequest, reference: str) -> HttpResponse:
    event = selectors.event_by_reference(actor=request.actor, reference=reference)
    deciding.restore_event(actor=request.actor, event_id=event.pk, now=timezone.now())
    return done(request, to=_address(event), message=_("The event is again as it was before."))


@require_POST
def event_expunge(request: HttpRequest, reference: str) -> HttpResponse:
    event = selectors.event_by_reference(actor=request.actor, reference=reference)
    deciding.expunge_event(actor=request.actor, event_id=event.pk, now=timezone.now())
    return done(request, to=_address(event), message=_("The content is deleted."))


@require_POST
def event_settle(request: HttpRequest, reference: str) -> HttpResponse:
    event = selectors.event_by_reference(actor=request.actor, reference=reference)
    deciding.settle_conflict(actor=request.actor, event_id=event.pk, now=timezone.now())
    return done(request, to=_address(event), message=_("Noted: you have looked at the contradiction."))


@require_POST
def event_bulk(request: HttpRequest) -> HttpResponse:
    """Prepare one act on the selected events, or on all that match the filters of the address."""
    act = request.POST.get("act", "")
    if act not in EventPlan.Kind.values:
        raise Invalid(_("Select at least one event and choose what to do."))
    plan = plans.request_plan(actor=request.actor, kind=act, wanted=_wanted(request), now=timezone.now())
    return done(request, to=reverse("integrations:plan", args=[plan.pk]))


def _wanted(request: HttpRequest) -> dict[str, Any]:
    if request.POST.get("all_matching"):
        return EventFilter(request.GET).usable
    picked = request.POST.getlist("ids")[:MOST_PICKED]
    if not picked:
        raise Invalid(_("Select at least one event and choose what to do."))
    return {"references": [one[:40] for one in picked]}


def _shown(request: HttpRequest, event: InboundEvent) -> dict[str, Any]:
    return {
        **frame(request),
        "event": event,
        "row": presenting.EventRow(event),
        "service": service_label(event.service),
        "outcome": outcome_text(event.outcome, event.detail),
        "story": presenting.story(selectors.story_of(actor=request.actor, event=event)),
        "crumbs": crumbs((_("Events"), reverse("integrations:events")), (event.event_id, "")),
    }


def _address(event: InboundEvent) -> str:
    return reverse("integrations:event", args=[event.reference])
