"""How the school presents itself: name, language, colour, logo."""

from typing import Any

from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.permissions import SCHOOL_SETTINGS
from apps.core.errors import DomainError, Invalid
from apps.core.pictures import CONTENT_TYPE
from apps.core.web import done, form_page, page, public, requires
from apps.files.selectors import usage
from apps.tenants.services.features import change_rules

from .. import services
from ..forms import LogoForm, RulesForm, SchoolForm
from ..links import address

A_YEAR = 31_536_000


def _context(request: HttpRequest, **forms: Form) -> dict[str, Any]:
    """The page has three forms; the one that was sent is given, the others are fresh."""
    return {
        "form": forms.get("form") or _form(request),
        "logo_form": forms.get("logo_form") or LogoForm(),
        "rules_form": forms.get("rules_form") or RulesForm(school=request.school),
        "sign_in_url": address("accounts:sign_in_settings"),
        "domains_url": address("portal:domains"),
        "mail_url": address("notifications:mail_route"),
        "roles_url": address("accounts:roles"),
        "usage": usage(),
    }


def _form(request: HttpRequest, data: Any = None) -> SchoolForm:
    names = ("name", "locale", "time_zone", "hue")
    return SchoolForm(data, initial={name: getattr(request.school, name) for name in names})


@require_http_methods(["GET", "POST"])
@requires(SCHOOL_SETTINGS)
def school_settings(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return page(request, "portal/settings.html", _context(request))
    form = _form(request, request.POST)
    if not form.is_valid():
        return form_page(request, "portal/settings.html", _context(request, form=form))
    services.change_school(actor=request.actor, school_id=request.school.pk, now=timezone.now(), **form.cleaned_data)
    return done(request, to="portal:settings", message=_("The settings were saved."))


@require_POST
@requires(SCHOOL_SETTINGS)
def rules_change(request: HttpRequest) -> HttpResponse:
    form = RulesForm(request.POST, school=request.school)
    if form.is_valid():
        try:
            change_rules(actor=request.actor, school_id=request.school.pk, values=form.cleaned_data)
            return done(request, to="portal:settings", message=_("The rules were saved."))
        except Invalid as refused:
            for name, faults in refused.fields.items():
                form.add_error(name, [str(fault) for fault in faults])
    return form_page(request, "portal/settings.html", _context(request, rules_form=form))


@require_POST
@requires(SCHOOL_SETTINGS)
def logo_change(request: HttpRequest) -> HttpResponse:
    form = LogoForm(request.POST, request.FILES)
    if not form.is_valid():
        return form_page(request, "portal/settings.html", _context(request, logo_form=form))
    try:
        services.change_logo(
            actor=request.actor, school_id=request.school.pk, picture=form.cleaned_data["logo"], now=timezone.now()
        )
    except DomainError as refused:
        if refused.status != 422:
            raise
        form.add_error("logo", str(refused))
        return form_page(request, "portal/settings.html", _context(request, logo_form=form))
    return done(request, to="portal:settings", message=_("The logo was changed."))


@require_POST
@requires(SCHOOL_SETTINGS)
def logo_remove(request: HttpRequest) -> HttpResponse:
    services.change_logo(actor=request.actor, school_id=request.school.pk, picture=None, now=timezone.now())
    return done(request, to="portal:settings", message=_("The logo was removed."))


@require_GET
@public("the school's logo, shown on the sign-in page too")
def logo(request: HttpRequest, name: str) -> HttpResponseBase:
    """Only the current logo of this host's school; its address changes with every picture."""
    stored = request.school.logo
    if not stored or stored.name != f"{services.LOGO.code}/{name}":
        raise Http404
    try:
        response = FileResponse(stored.open("rb"), content_type=CONTENT_TYPE)
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
