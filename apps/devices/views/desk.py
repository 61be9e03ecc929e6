"""What the person at the desk sees and does. Only rights of desks count here."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.services import profile
from apps.campuses.models import Campus, Place
from apps.campuses.selectors import memberships_of
from apps.core.errors import NotVisible
from apps.core.web import page

from ..permissions import AT_DESKS, DESK_CAMPUS, DESK_LANGUAGE, DESK_MEMBERSHIPS, DESK_USE
from ..services import desk as services
from .common import at_desk, to_start


@at_desk(DESK_USE)
def home(request: HttpRequest) -> HttpResponse:
    may = {code.removeprefix("desk."): permission.allows(request.actor) for code, permission in AT_DESKS.items()}
    return page(request, "devices/home.html", {"desk": request.desk, "may": may})


@at_desk(DESK_CAMPUS)
@require_safe
def campus(request: HttpRequest) -> HttpResponse:
    scope = request.desk.device.scope
    found = Campus.objects.filter(pk=scope.id, archived_at=None).first() if scope.kind == "campus" else None
    if found is None:
        raise NotVisible
    places = Place.objects.filter(campus=found).order_by("name")
    return page(request, "devices/campus.html", {"desk": request.desk, "campus": found, "places": places})


@at_desk(DESK_MEMBERSHIPS)
@require_safe
def memberships(request: HttpRequest) -> HttpResponse:
    rows = memberships_of(user_id=request.actor.user_id)
    return page(request, "devices/memberships.html", {"desk": request.desk, "memberships": rows})


@at_desk(DESK_LANGUAGE)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    profile.change_language(actor=request.actor, language=request.POST.get("language", "")[:5])
    return to_start(request)


@at_desk(DESK_USE)
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """I am still here: `at_desk` has counted it."""
    return HttpResponse(status=204) if request.htmx else to_start(request)


@at_desk(DESK_USE)
@require_POST
def done(request: HttpRequest) -> HttpResponse:
    services.done(actor=request.actor, desk=request.desk, now=timezone.now())
    return to_start(request)
