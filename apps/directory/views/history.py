"""All runs that ever were, as a list, as charts and as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from apps.core import charts
from apps.core.components.formats import day_and_month
from apps.core.csvfile import csv_response
from apps.core.web import page, requires

from .. import selectors
from ..forms import RunFilter
from ..permissions import DIRECTORY_VIEW
from ..services import exporting

PER_PAGE = 25
DRAWN = 40  # runs in the charts


@require_GET
@requires(DIRECTORY_VIEW)
def history(request: HttpRequest) -> HttpResponse:
    filter_form = RunFilter(request.GET)
    runs = selectors.runs_matching(actor=request.actor, wanted=filter_form.usable)
    context = {
        "filter_form": filter_form,
        "page_obj": Paginator(runs, PER_PAGE).get_page(request.GET.get("page")),
        "charts": _charts(list(runs.exclude(members_after=None)[:DRAWN])[::-1]),
        "crumbs": [(_("Directory"), reverse("directory:overview")), (_("History"), "")],
    }
    return page(request, "directory/history.html", context, partial="list")


@require_GET
@requires(DIRECTORY_VIEW)
def history_export(request: HttpRequest) -> HttpResponseBase:
    rows = exporting.export_runs(actor=request.actor, wanted=RunFilter(request.GET).usable)
    day = timezone.localdate().isoformat()
    return csv_response(f"{request.school.slug}-directory-runs-{day}.csv", exporting.RUN_COLUMNS, rows)


def _charts(runs: list[Any]) -> list[tuple[str, object]]:
    """People after each applied run, what each changed, and how long it took; nothing while there are too few."""
    if len(runs) < 2:
        return []
    labels = [day_and_month(run.created_at) for run in runs]
    people = charts.line(
        _("Active people after each run"), labels, [charts.Series(_("People"), [run.members_after for run in runs])]
    )
    changes = charts.columns(
        _("Changes of each run"),
        labels,
        [
            charts.Series(pgettext("people", "Added"), [run.counts.get("added", 0) for run in runs]),
            charts.Series(_("Changed"), [run.changed_count for run in runs]),
            charts.Series(pgettext("people", "Deactivated"), [run.counts.get("deactivated", 0) for run in runs]),
        ],
    )
    seconds = [None if run.seconds is None else round(run.seconds, 1) for run in runs]
    duration = charts.line(_("Duration of each run"), labels, [charts.Series(_("Seconds"), seconds)], unit="s")
    return [(_("People over time"), people), (_("Changes"), changes), (_("Duration (seconds)"), duration)]
