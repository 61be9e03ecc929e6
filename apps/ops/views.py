"""Status pages: a summary for everybody, and what to do for those who can do something."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.core.web import page, public, requires

from . import jobs, status
from .permissions import PLATFORM_STATUS, SCHOOL_STATUS


@public("whether the platform works, without any figure of a school")
def status_summary(request: HttpRequest) -> HttpResponse:
    parts = status.public_summary()
    return page(request, "ops/status_summary.html", {"parts": parts, "overall": status.worst(parts)})


@requires(SCHOOL_STATUS)
def school_status(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    parts = status.school_parts(actor=request.actor, now=now)
    context = {"parts": parts, "overall": status.worst(parts), "layout": "layouts/school.html"}
    context["jobs"] = jobs.school_jobs(actor=request.actor, now=now)
    return page(request, "ops/status.html", context, partial="parts")


@requires(PLATFORM_STATUS)
def platform_status(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    parts = status.platform_parts(actor=request.actor, now=now)
    context = {"parts": parts, "overall": status.worst(parts), "layout": "layouts/platform.html"}
    context["jobs"] = jobs.platform_jobs(actor=request.actor, now=now)
    context["in_need"] = jobs.schools_in_need(actor=request.actor, now=now)
    return page(request, "ops/status.html", context, partial="parts")
