"""When runs start by themselves, and when they ask or raise the alarm."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.permissions import SCHOOL_SETTINGS
from apps.core.errors import Invalid
from apps.core.web import done, form_page, page, requires
from apps.tenants.services.features import change_rules
from apps.tenants.zones import zone_of_school

from ..forms import RulesForm, ScheduleForm
from ..permissions import DIRECTORY_MANAGE
from ..services import schedules


@require_http_methods(["GET", "POST"])
@requires(DIRECTORY_MANAGE)
def schedule(request: HttpRequest) -> HttpResponse:
    """The schedule on its page; POST changes it."""
    now = timezone.now()
    form = ScheduleForm(request.POST or None, initial=_initial())
    if request.method == "POST" and form.is_valid():
        try:
            schedules.change_schedule(actor=request.actor, now=now, **form.cleaned_data)
            return done(request, to="directory:schedule", message=_("The schedule was saved."))
        except Invalid as error:
            form.refuse(error)
    return _shown(request, form=form, rules_form=RulesForm(school=request.school))


@require_POST
@requires(SCHOOL_SETTINGS)
def rules(request: HttpRequest) -> HttpResponse:
    form = RulesForm(request.POST, school=request.school)
    if form.is_valid():
        try:
            change_rules(actor=request.actor, school_id=request.school.pk, values=form.values())
            return done(request, to="directory:schedule", message=_("The rules were saved."))
        except Invalid as error:
            form.refuse(error)
    return _shown(request, form=ScheduleForm(initial=_initial()), rules_form=form)


def _initial() -> dict[str, object]:
    known = schedules.schedule_of()
    return {name: getattr(known, name) for name in schedules.FIELDS}


def _shown(request: HttpRequest, *, form: ScheduleForm, rules_form: RulesForm) -> HttpResponse:
    known = schedules.schedule_of()
    zone = zone_of_school()
    context = {
        "form": form,
        "rules_form": rules_form,
        "may_change_rules": SCHOOL_SETTINGS.allows(request.actor),
        "schedule": known,
        "zone": zone.key,
        "next_moment": schedules.next_moment(known, timezone.now(), zone),
        "crumbs": [(_("Directory"), reverse("directory:overview")), (_("Schedule and rules"), "")],
    }
    refused = form.errors if form.is_bound else rules_form.is_bound and rules_form.errors
    show = form_page if refused else page
    return show(request, "directory/schedule.html", context)
