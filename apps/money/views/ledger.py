"""The ledger of a treasury: journal, checks, corrections, statements."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.audit.tables import csv_of
from apps.core.components.formats import day
from apps.core.errors import DomainError, Forbidden, Invalid, NotVisible
from apps.core.web import done, form_page, page

from .. import pdf, presenting, selectors, wording
from ..clock import school_day
from ..forms import PeriodForm, ReasonForm
from ..models import Treasury
from ..services import treasuries, verifying
from .common import frame
from .orders import pdf_answer

PER_PAGE = 50


@require_safe
def ledger(request: HttpRequest, treasury_id: UUID) -> HttpResponseBase:
    treasury = selectors.get_treasury(actor=request.actor, treasury_id=treasury_id)
    form = PeriodForm(request.GET)
    rows = selectors.movements(actor=request.actor, treasury=treasury, **form.usable)
    whole = selectors.whole_journal(rows.prefetch_related("entries__account"), treasury)
    if file := csv_of(request, "ledger", whole, presenting.LEDGER_COLUMNS):
        return file
    shown = Paginator(rows.prefetch_related("entries__account", "reversed_by"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    lines = selectors.journal(shown.object_list, treasury)
    seal = selectors.last_seal(treasury)
    context = {
        **frame(request, treasury, (_("Ledger"), "")),
        "page_obj": shown,
        "rows": [presenting.JournalRow(line, treasury.currency) for line in lines],
        "filter_form": form,
        "is_filtered": bool(form.usable),
        "seal": seal,
        "faults": [(wording.fault_text(one["code"]), one["number"]) for one in seal.faults] if seal else [],
    }
    return page(request, "money/ledger.html", context, partial="list")


@require_POST
def check(request: HttpRequest, treasury_id: UUID) -> HttpResponse:
    selectors.get_treasury(actor=request.actor, treasury_id=treasury_id)
    seal = verifying.check_now(actor=request.actor, treasury_id=treasury_id, now=timezone.now())
    message = _("The check found differences.") if seal.faults else _("The ledger is complete and unchanged.")
    return done(request, to=reverse("money:ledger", args=[treasury_id]), message=message)


@require_http_methods(["GET", "POST"])
def reverse_movement(request: HttpRequest, treasury_id: UUID, sequence: int) -> HttpResponse:
    """The opposite entries, with a reason."""
    treasury = selectors.get_treasury(actor=request.actor, treasury_id=treasury_id)
    row = selectors.get_movement(actor=request.actor, treasury=treasury, sequence=sequence)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            treasuries.reverse(
                actor=request.actor, treasury_id=treasury_id, sequence=sequence, now=timezone.now(),
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
            to = reverse("money:ledger", args=[treasury_id])
            return done(request, to=to, message=_("The movement is corrected by its opposite."))
        except Invalid as error:
            form.refuse(error)
        except (Forbidden, NotVisible):
            raise
        except DomainError as error:
            form.add_error(None, str(error))
    entries = [(name, -amount) for name, amount in presenting.entries_of(row)]
    context = {**frame(request, treasury, (_("Correct"), "")), "form": form, "row": row, "entries": entries}
    return (form_page if form.is_bound else page)(request, "money/reverse.html", context)


@require_safe
def statement(request: HttpRequest, treasury_id: UUID) -> HttpResponseBase:
    treasury = selectors.get_treasury(actor=request.actor, treasury_id=treasury_id)
    form, since, until = _period(request)
    rows = _rows(request, treasury, since, until)
    if file := csv_of(request, "statement", rows, presenting.STATEMENT_COLUMNS):
        return file
    context = {
        **frame(request, treasury, (_("Statement"), "")),
        "filter_form": form,
        "rows": rows,
        "since": since,
        "until": until,
        "pdf_url": f"{reverse('money:statement_pdf', args=[treasury_id])}?since={since}&until={until}",
    }
    return page(request, "money/statement.html", context, partial="list")


@require_safe
def statement_pdf(request: HttpRequest, treasury_id: UUID) -> HttpResponse:
    treasury = selectors.get_treasury(actor=request.actor, treasury_id=treasury_id)
    _form, since, until = _period(request)
    rows = _rows(request, treasury, since, until)
    period = _("From %(since)s until %(until)s") % {"since": day(since), "until": day(until)}
    title = _("Statement of %(name)s") % {"name": treasury.name}
    content = pdf.statement(title, period, rows, treasury.currency)
    return pdf_answer(content, f"statement-{since}-{until}.pdf")


def _period(request: HttpRequest) -> tuple[PeriodForm, date, date]:
    """The year so far, unless another period is asked for."""
    today = school_day(timezone.now())
    form = PeriodForm(request.GET or {"since": today.replace(month=1, day=1), "until": today})
    wanted = form.usable
    return form, wanted.get("since", today.replace(month=1, day=1)), wanted.get("until", today)


def _rows(request: HttpRequest, treasury: Treasury, since: date, until: date) -> list[tuple[Any, int]]:
    found = selectors.statement(actor=request.actor, treasury=treasury, since=since, until=until)
    changes = [(wording.account_text(kind, qualifier), amount) for kind, qualifier, amount in found.changes]
    return [(_("Opening balance"), found.opening), *changes, (_("Closing balance"), found.closing)]
