"""The living catalogue: every component in every state. On where `UI_CATALOGUE` is, elsewhere a 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ..ui import Toast
from ..web import View, form_page, page, public
from . import data
from .forms import EveryField, PeopleFilter

REASON = "component catalogue: sample data only, and only where UI_CATALOGUE is on"
SAMPLES = {
    "dashboard": "core/catalogue/dashboard.html",
    "member": "core/catalogue/member.html",
    "sign-in": "core/catalogue/sign_in.html",
    "landing": "core/catalogue/landing.html",
}
PEOPLE_PER_PAGE = 12


def catalogue_view(view: Callable[..., HttpResponse]) -> View:
    """Public where the catalogue is switched on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.UI_CATALOGUE:
            raise Http404
        return view(request, *args, **kwargs)

    return public(REASON)(guarded)


def shell(request: HttpRequest, **more: Any) -> dict[str, Any]:
    return {"actor": data.ACTOR, "sample_sections": data.at(request.path), **more}


@catalogue_view
def catalogue(request: HttpRequest) -> HttpResponse:
    bad = EveryField({"name": "A name that is much longer than the card has room for", "email": "nobody"})
    context = shell(
        request,
        form=EveryField(),
        form_with_errors=bad,
        filter_form=PeopleFilter({"q": "", "campus": "lyon"}),
        jobs=[data.job(state) for state in data.JOB_STATES],
        steps=data.steps(),
        all_done=[type(step)(step.title, True) for step in data.steps()],
        history=data.history(),
        charts=data.sample_charts(),
        kpis=data.kpis(),
        tabs=data.tabs(),
        people=data.people()[:4],
        page_obj=Paginator(data.people(), PEOPLE_PER_PAGE).get_page(request.GET.get("page")),
        names=[person.name for person in data.people()[:7]],
        tones=("neutral", "good", "warn", "bad", "info"),
        statuses=(
            "active",
            "trial",
            "pending",
            "queued",
            "running",
            "held",
            "partial",
            "past_due",
            "suspended",
            "failed",
            "departed",
            "unheard-of",
        ),
        facts=[("E-mail", "amelie@lumiere.example"), ("Campus", "Lyon"), ("Phone", "")],
        crumbs=[("People", "#"), ("Lyon", "#"), ("Amélie Fournier", "")],
        segments=[("Active", 2318, "good"), ("Pending", 64, "info"), ("Suspended", 49, "bad")],
        changes={"role": ["member", "auditor"], "campuses": [[], ["Lyon", "Paris"]], "active": [True, False]},
        wizard=("Upload", "Columns", "Preview", "Import"),
        icons=ICONS,
    )
    return render(request, "core/catalogue/components.html", context)


@catalogue_view
def people_list(request: HttpRequest) -> HttpResponse:
    """A list as the product's lists are: search, tabs, filters, sorting and pages, all in the URL."""
    filter_form = PeopleFilter(request.GET)
    words = request.GET.get("q", "").casefold()
    campus, state = request.GET.get("campus", ""), request.GET.get("status", "")
    found = [
        person
        for person in data.people()
        if words in person.name.casefold() and campus in ("", person.campus.lower()) and state in ("", person.status)
    ]
    sort = request.GET.get("sort", "name")
    if sort.lstrip("-") in ("name", "sign_ins"):
        found.sort(key=lambda person: getattr(person, sort.lstrip("-")), reverse=sort.startswith("-"))
    page_obj = Paginator(found, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = shell(request, filter_form=filter_form, page_obj=page_obj, tabs=data.tabs())
    return page(request, "core/catalogue/list.html", context, partial="list")


@catalogue_view
def form(request: HttpRequest) -> HttpResponse:
    """Answers the sample form: 422 with errors, or the form again and a toast."""
    bound = EveryField(request.POST, request.FILES)
    if not bound.is_valid():
        return form_page(request, "core/catalogue/_form.html", {"form": bound})
    return Toast("Saved").add_to(render(request, "core/catalogue/_form.html", {"form": EveryField()}))


@catalogue_view
def job(request: HttpRequest, state: str) -> HttpResponse:
    if state not in data.JOB_STATES:
        raise Http404
    return render(request, "core/catalogue/_job.html", {"job": data.job(state)})


@catalogue_view
def toast(request: HttpRequest) -> HttpResponse:
    message = Toast("3 invitations sent again", undo_url=f"{request.path}?again=3")
    if request.GET.get("kind") == "error":
        message = Toast("Microsoft did not answer. Try again.", kind="error")
    return message.add_to(HttpResponse(status=204))


@catalogue_view
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """Whole pages, to look at the components together."""
    if name not in SAMPLES:
        raise Http404
    context = shell(
        request, kpis=data.kpis(), charts=data.sample_charts(), steps=data.steps(), job=data.job("running"),
        people=data.people()[:6], tabs=data.tabs(), history=data.history(),
    )  # fmt: skip
    return render(request, SAMPLES[name], context)


ICONS = (
    "layout-dashboard",
    "house",
    "users",
    "user-round",
    "user-plus",
    "user-x",
    "map-pin",
    "building-2",
    "school",
    "graduation-cap",
    "refresh-cw",
    "scroll-text",
    "shield-check",
    "settings",
    "mail",
    "key-round",
    "lock",
    "log-in",
    "log-out",
    "bell",
    "search",
    "plus",
    "pencil",
    "trash-2",
    "download",
    "upload",
    "check",
    "x",
    "circle-check",
    "circle-alert",
    "triangle-alert",
    "info",
    "clock",
    "calendar-days",
    "ticket-check",
    "wallet",
    "history",
    "ellipsis",
    "chevron-right",
    "arrow-right",
    "external-link",
    "copy",
    "funnel",
    "link",
    "unplug",
    "play",
    "pause",
    "undo-2",
)
