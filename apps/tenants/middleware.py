"""The door of every request: which host is this, and may it answer?"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.urls import set_urlconf
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.core import requestinfo
from apps.core.errors import Refusal
from apps.core.middleware import problem

from . import context, hosts
from .models import School

MACHINE_PATHS = ("/api/", "/scim/")  # answered with problem details
CLOSED = {
    "not_ready": _("This school is being prepared or updated. Try again in a moment."),
    School.Status.PENDING: _("This school is not open yet"),
    School.Status.SUSPENDED: _("This school is paused"),
    School.Status.CANCELLED: _("This school has left Campanile"),
}


class SchoolClosed(Refusal):
    """What a program is told: `school-suspended`, `school-cancelled`, `school-pending` or `school-not-ready`."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(CLOSED[name])
        self.code, self.status = f"school-{name.replace('_', '-')}", status


class SchoolMiddleware:
    """Selects the school of the request's host for everything that follows.

    Unknown hosts get a plain 404, schools that are not open their own page, all before any query of theirs.
    The host is the only thing that chooses a school: no header, parameter or cookie does.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = hosts.normal_host(request.META.get("HTTP_HOST", ""))
        request.school, request.tenancy, request.host_campus_id = None, None, None
        request.host_association_id = None
        if hosts.is_platform(host):
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            set_urlconf(request.urlconf)
            with context.platform():
                return self.get_response(request)
        answer = hosts.answer_at(host)
        if answer is None or answer.school.status == School.Status.PURGED:
            return HttpResponseNotFound("There is nothing at this address.\n", content_type="text/plain")
        response = self.for_school(request, answer)
        if answer.is_own and request.is_secure() and settings.SECURE_HSTS_SECONDS:
            # the rest of the school's domain is not ours: SecurityMiddleware would speak for its subdomains too
            response["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return response

    def for_school(self, request: HttpRequest, answer: hosts.Answer) -> HttpResponse:
        school = request.school = answer.school
        request.host_campus_id, request.host_association_id = answer.campus_id, answer.association_id
        request.urlconf = settings.ASSOCIATION_URLCONF if answer.association_id else settings.ROOT_URLCONF
        set_urlconf(request.urlconf)
        if not school.is_open:
            return self.closed(request, school)
        with context.activated(school) as tenancy:
            request.tenancy = tenancy
            request.tenant = tenancy  # the name django-tenants and its friends read
            requestinfo.bind(school=school.slug)
            return self.get_response(request)

    @staticmethod
    def closed(request: HttpRequest, school: School) -> HttpResponse:
        """Suspended, cancelled or still being prepared: said in the school's language, without its data."""
        name = school.status if school.ready else "not_ready"
        status = 503 if name in ("not_ready", School.Status.PENDING) else 403
        with translation.override(school.locale):
            if request.path.startswith(MACHINE_PATHS):
                response: HttpResponse = problem(SchoolClosed(name, status), request)
            else:
                response = render(None, f"errors/school_{name}.html", {"school": school}, status=status)
        if status == 503:
            response["Retry-After"] = "30"
        return response
