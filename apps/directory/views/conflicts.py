"""Conflicts about addresses: what stands against what, and an administrator's decision."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.audit.tables import Columns, csv_of
from apps.core.errors import Invalid
from apps.core.web import done, page, requires

from .. import selectors
from ..forms import ConflictForm
from ..permissions import DIRECTORY_MANAGE, DIRECTORY_VIEW
from ..presenting import reason_text
from ..services import conflicts

CONFLICT_COLUMNS: Columns = {
    "name": "name",
    "email": "email",
    "object_id": "object_id",
    "reason": "reason",
    "account_here": lambda one: one.holder.email if one.holder else "",
}
DECISION_COLUMNS: Columns = {
    "name": "name",
    "email": "email",
    "object_id": "object_id",
    "decision": "choice",
    "decided_by": "decided_by",
    "decided_at": "decided_at",
}


@require_GET
@requires(DIRECTORY_VIEW)
def conflict_list(request: HttpRequest) -> HttpResponseBase:
    found, decided = selectors.open_conflicts(actor=request.actor), selectors.decisions(actor=request.actor)
    if file := csv_of(request, "conflicts", found, CONFLICT_COLUMNS) or csv_of(
        request, "decisions", decided.iterator(chunk_size=500), DECISION_COLUMNS
    ):
        return file
    return page(request, "directory/conflicts.html", _context(request))


@require_POST
@requires(DIRECTORY_MANAGE)
def conflict_decide(request: HttpRequest, object_id: str) -> HttpResponse:
    conflict = next((c for c in selectors.open_conflicts(actor=request.actor) if c.object_id == object_id), None)
    choices = conflicts.CHOICES[conflict.reason] if conflict else tuple(conflicts.Choice.values)
    form = ConflictForm(request.POST, choices=choices, prefix=object_id)
    if form.is_valid():
        try:
            conflicts.decide_conflict(
                actor=request.actor, object_id=object_id, choice=form.cleaned_data["choice"],
                email=form.cleaned_data["email"], now=timezone.now(),
            )  # fmt: skip
            return done(request, to="directory:conflicts", message=_("Decided. The next run follows it."))
        except Invalid as error:
            form.refuse(error)
    return render(request, "directory/conflicts.html", _context(request, {object_id: form}), status=422)


@require_POST
@requires(DIRECTORY_MANAGE)
def conflict_reopen(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    conflicts.reopen_conflict(actor=request.actor, decision_id=decision_id, now=timezone.now())
    return done(request, to="directory:conflicts", message=_("Taken back: the next run asks again."))


def _context(request: HttpRequest, forms: dict[str, ConflictForm] | None = None) -> dict[str, Any]:
    found = selectors.open_conflicts(actor=request.actor)
    return {
        "conflicts": [
            {
                "conflict": one,
                "reason": reason_text(one.reason),
                "microsoft": next(iter(one.holder.identities.all()), None) if one.holder else None,
                "form": (forms or {}).get(one.object_id)
                or ConflictForm(choices=conflicts.CHOICES[one.reason], prefix=one.object_id),
            }
            for one in found
        ],
        "decisions": selectors.decisions(actor=request.actor)[:50],
        "can_decide": DIRECTORY_MANAGE.allows(request.actor),
        "crumbs": [(_("Directory"), reverse("directory:overview")), (_("Conflicts"), "")],
    }
