"""On the platform's host: with Microsoft to one's school."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core.errors import DomainError
from apps.core.web import page, public

from ..services import just_in_time, microsoft_sign_in
from .common import refusal_page
from .cookies import FLOW_COOKIE, keep


@public("leads people to the host of their school; nobody is signed in here")
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    try:
        microsoft_sign_in.count_departure(actor=request.actor, address=request.META["REMOTE_ADDR"])
        departure = just_in_time.begin(browser=request.COOKIES.get(FLOW_COOKIE, ""), now=timezone.now())
    except DomainError as refused:
        return refuse(request, refused)
    response = redirect(departure.url)
    keep(response, departure)
    return response


def came_back(request: HttpRequest) -> HttpResponse:
    """The callback's part for a way that began here."""
    browser = request.COOKIES.get(FLOW_COOKIE, "")
    try:
        found = just_in_time.complete(params=request.GET.dict(), browser=browser, now=timezone.now())
    except DomainError as refused:
        return refuse(request, refused)
    microsoft_sign_in.forgive_departure(address=request.META["REMOTE_ADDR"])
    if found.is_new:
        return page(request, "accounts/school_created.html", {"found": found})
    return redirect(found.url)


def refuse(request: HttpRequest, refused: DomainError) -> HttpResponse:
    return refusal_page(request, refused, {"linking": ""})
