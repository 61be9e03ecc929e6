"""The description of the API for programs, and the answer of addresses at which there is nothing."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..web import page, public
from . import openapi, reading
from .problems import plain_problem


def host_of(request: HttpRequest) -> str:
    return openapi.SCHOOL if request.school else openapi.PLATFORM


@require_safe
@public("what the interface can do is no secret; it names nobody")
def schema(request: HttpRequest) -> JsonResponse:
    return JsonResponse(openapi.as_json(host_of(request)))


@require_safe
@public("what the interface can do is no secret; it names nobody")
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people, without any script."""
    return page(request, "api/docs.html", {"chapters": reading.chapters(host_of(request))})


@public("there is nothing here, for nobody")
def nothing(request: HttpRequest, rest: str = "") -> JsonResponse:
    return plain_problem(request, 404, _("There is nothing at this address."))


nothing.csrf_exempt = True  # type: ignore[attr-defined]  # a machine is told that nothing is here, whatever it sent
