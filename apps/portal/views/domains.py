"""The school's own domains: claim, prove, check, give up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import DomainError, Invalid
from apps.core.web import done, form_page, page, requires
from apps.tenants import hosts
from apps.tenants.permissions import SCHOOL_DOMAINS
from apps.tenants.services import domains as services
from apps.tenants.services.domains import DnsUnreachable, ProofMissing

from ..domains import DomainForm, associations_of, campuses_of, own_domains

PAGE = "portal:domains"
TEMPLATE = "portal/domains.html"


def _context(request: HttpRequest, form: DomainForm | None = None) -> dict[str, Any]:
    shown: dict[str, Any] = {"campuses": campuses_of(request.actor), "associations": associations_of(request.actor)}
    return {
        "form": form or DomainForm(**shown),
        "domains": own_domains(actor=request.actor, school_id=request.school.pk, **shown),
        "platform_host": hosts.host_of(request.school.slug),
    }


@require_http_methods(["GET", "POST"])
@requires(SCHOOL_DOMAINS)
def domain_list(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return page(request, TEMPLATE, _context(request))
    form = DomainForm(request.POST, campuses=campuses_of(request.actor), associations=associations_of(request.actor))
    if not form.is_valid():
        return form_page(request, TEMPLATE, _context(request, form))
    try:
        services.claim_domain(
            actor=request.actor,
            school_id=request.school.pk,
            domain=form.cleaned_data["domain"],
            campus_id=form.campus_id,
            association_id=form.association_id,
            now=timezone.now(),
        )
    except Invalid as refused:
        form.take(refused.fields)
    except DomainError as refused:
        form.take({"domain": [str(refused)]})
    else:
        return done(request, to=PAGE, message=_("Now publish the record that is shown for the domain."))
    return form_page(request, TEMPLATE, _context(request, form))


@require_POST
@requires(SCHOOL_DOMAINS)
def domain_check(request: HttpRequest, host_id: UUID) -> HttpResponse:
    """An answer that is not the hoped-for one is said on the page: nothing of it is an error of the visitor."""
    try:
        host = services.verify_domain(
            actor=request.actor, school_id=request.school.pk, host_id=host_id, now=timezone.now()
        )
    except (ProofMissing, DnsUnreachable, services.DomainTaken) as refused:
        messages.error(request, str(refused))
        return redirect(PAGE)
    return done(request, to=PAGE, message=_("%(domain)s is verified.") % {"domain": host.domain})


@require_POST
@requires(SCHOOL_DOMAINS)
def domain_remove(request: HttpRequest, host_id: UUID) -> HttpResponse:
    services.remove_domain(actor=request.actor, school_id=request.school.pk, host_id=host_id)
    return done(request, to=PAGE, message=_("The domain was removed."))
