"""How the services do; on the platform also those of all schools."""

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.tables import Columns, csv_of
from apps.core.ui import Tab
from apps.core.web import page
from apps.tenants.models import School
from apps.tenants.selectors import all_schools

from .. import presenting, selectors
from ..services import health
from ..services.figures import DRAWN_DAYS, days_of
from .common import crumbs, frame

SCHOOL_COLUMNS: Columns = {
    "school": "school.name",
    "slug": "school.slug",
    "state": "state",
    "dead": "dead",
    "waiting": "waiting",
    "lag": "lag",
    "looked_at": "looked_at",
}


@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    found = health.status(actor=request.actor, now=now)
    today = timezone.localdate(now)
    since = timezone.make_aware(datetime.combine(today - timedelta(days=DRAWN_DAYS - 1), time.min))
    used = [one for one in found if one.state != health.UNUSED]
    context = {
        **frame(request),
        "cards": presenting.cards(used, days_of([one.service for one in used], today, since)),
        "unused": [one for one in found if one.state == health.UNUSED],
        "alarms": [presenting.AlarmView(alarm) for alarm in selectors.open_alarms(actor=request.actor)],
        "overall": health.worst(found),
        "now": now,
    }
    return page(request, "integrations/overview.html", context, partial="services")


@require_safe
def schools(request: HttpRequest) -> HttpResponseBase:
    """On the platform: the state of every school, the worst first."""
    lines = presenting.school_lines(
        list(all_schools(actor=request.actor).filter(ready=True, status__in=School.OPEN)),
        {one.school_id: one for one in selectors.school_states(actor=request.actor)},
        timezone.now(),
    )
    state = request.GET.get("state", "")
    shown = [line for line in lines if not state or line.state == state]
    if file := csv_of(request, "school-states", shown, SCHOOL_COLUMNS):
        return file
    counts = {name: sum(line.state == name for line in lines) for name in (health.ERROR, health.DEGRADED)}
    context = {
        **frame(request),
        "lines": shown[: presenting.SCHOOLS_SHOWN],
        "left_out": max(0, len(shown) - presenting.SCHOOLS_SHOWN),
        "total": len(lines),
        "tabs": [
            Tab("", _("All"), len(lines)),
            Tab(health.ERROR, _("In error"), counts[health.ERROR]),
            Tab(health.DEGRADED, _("Degraded"), counts[health.DEGRADED]),
        ],
        "crumbs": crumbs((_("All schools"), "")),
    }
    return page(request, "integrations/schools.html", context, partial="list")
