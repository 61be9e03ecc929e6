"""The public page of the platform: what it is, and the way to one's school."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from apps.core.web import form_page, page, public
from apps.tenants import hosts

from ..forms import SchoolFindForm


@require_GET
@public("the public page of the platform")
def landing(request: HttpRequest) -> HttpResponse:
    return page(request, "portal/landing.html", {"form": SchoolFindForm()})


@require_GET
@public("leads people to the host of their school; says nothing about it")
def school_find(request: HttpRequest) -> HttpResponse:
    form = SchoolFindForm(request.GET)
    if not form.is_valid():
        return form_page(request, "portal/landing.html", {"form": form})
    return redirect(hosts.school_url(form.cleaned_data["school"]))
