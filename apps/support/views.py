"""Pages of support access: the platform asks and enters, the school decides, sees and ends."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.standing_in import while_looking
from apps.audit.tables import Columns, csv_of
from apps.core.errors import DomainError, Invalid
from apps.core.web import done, form_page, page, public, requires
from apps.tenants.features import value
from apps.tenants.selectors import all_schools

from . import selectors
from .forms import AskForm
from .permissions import SUPPORT_ASK, SUPPORT_MANAGE, SUPPORT_VIEW
from .rules import APPROVAL
from .services import asking, deciding, visiting

COLUMNS: Columns = {
    "state": "state",
    "level": "grant.level",
    "reason": "grant.reason",
    "asked_by": "grant.asked_by",
    "asked_at": "grant.asked_at",
    "until": "grant.ends_at",
    "ended_at": "grant.ended_at",
    "ended_by": "grant.ended_by",
    "last_entered_at": "grant.entered_at",
}

# --- on the platform's host ------------------------------------------------------------------------------


@requires(SUPPORT_ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def platform_list(request: HttpRequest) -> HttpResponseBase:
    schools, now = list(all_schools(actor=request.actor)), timezone.now()
    sent = request.POST if request.method == "POST" else None
    form = AskForm(sent, schools=schools, initial={"school": request.GET.get("school", ""), "minutes": 60})
    if sent is not None and form.is_valid():
        try:
            grant = asking.ask(
                actor=request.actor,
                school_id=UUID(form.cleaned_data["school"]),
                level=form.cleaned_data["level"],
                reason=form.cleaned_data["reason"],
                minutes=form.cleaned_data["minutes"],
                now=now,
            )
            message = _("The school is asked; you can enter once it has approved.") if grant.needs_approval else ""
            return done(request, to="support_platform:list", message=message or _("You can enter the school now."))
        except Invalid as refused:
            for name, faults in refused.fields.items():
                form.add_error(name if name in form.fields else None, [str(fault) for fault in faults])
    lines = selectors.grants_of_platform(actor=request.actor, now=now)
    if file := csv_of(request, "support", lines, {"school": "grant.school.name", **COLUMNS}):
        return file
    context = {
        "form": form,
        "lines": lines,
        "me": request.actor.user_id,
    }
    return (page if sent is None else form_page)(request, "support/platform.html", context)


@requires(SUPPORT_ASK)
@require_POST
def enter(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """A page with the link, not a redirect: the content security policy sends no form to another host."""
    url = asking.issue_ticket(actor=request.actor, grant_id=grant_id, now=timezone.now())
    return page(request, "support/enter.html", {"url": url})


@requires(SUPPORT_ASK)
@require_POST
def platform_end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    asking.end(actor=request.actor, grant_id=grant_id, now=timezone.now())
    return done(request, to="support_platform:list", message=_("The support access is ended."))


# --- on the school's host: what the school sees and decides ----------------------------------------------


@requires(SUPPORT_VIEW)
@require_safe
def school_list(request: HttpRequest) -> HttpResponseBase:
    lines = selectors.grants_of_school(actor=request.actor, now=timezone.now())
    if file := csv_of(request, "support", lines, COLUMNS):
        return file
    context = {
        "open": [line for line in lines if line.state in ("waiting", "active")],
        "past": [line for line in lines if line.state not in ("waiting", "active")],
        "can_manage": SUPPORT_MANAGE.allows(request.actor),
        "approval": value(APPROVAL.key, request.school),
    }
    return page(request, "support/school.html", context)


@requires(SUPPORT_MANAGE)
@require_POST
def approve(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    deciding.decide(actor=request.actor, grant_id=grant_id, approve=True, now=timezone.now())
    return done(request, to="support:school", message=_("The support access is approved; its time begins now."))


@requires(SUPPORT_MANAGE)
@require_POST
def refuse(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    deciding.decide(actor=request.actor, grant_id=grant_id, approve=False, now=timezone.now())
    return done(request, to="support:school", message=_("The support access is refused."))


@requires(SUPPORT_MANAGE)
@require_POST
def end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    deciding.end(actor=request.actor, grant_id=grant_id, reason=reason, now=timezone.now())
    return done(request, to="support:school", message=_("The support access is ended."))


# --- on the school's host: support comes and goes --------------------------------------------------------


@public("the one-time ticket of the platform is the proof; using it takes a click, so that no link does it unasked")
@require_http_methods(["GET", "HEAD", "POST"])
def arrive(request: HttpRequest) -> HttpResponse:
    ticket, now = (request.POST.get("ticket") or request.GET.get("ticket") or "")[:200], timezone.now()
    try:
        if request.method == "POST":
            visiting.arrive(request, ticket=ticket, now=now)
            return redirect("/")
        grant = visiting.expected(ticket=ticket, now=now)
    except DomainError as refused:
        return page(request, "support/arrive.html", {"error": refused}, status=refused.status)
    return page(request, "support/arrive.html", {"grant": grant, "ticket": ticket})


@while_looking
@public("leaving needs no right; who is not support has nothing to leave")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    visiting.leave(request)
    return redirect("accounts:sign_in")
