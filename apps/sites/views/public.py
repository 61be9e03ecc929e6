"""The site as everybody reads it: on the school's host, and on a domain of the association's own."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core.errors import NotVisible
from apps.core.web import page, public
from apps.tenants import hosts
from apps.tenants.selectors import domain_of_association

from .. import selectors

PER_PAGE = 24
FOR_ALL = "what associations publish for everybody"


@require_safe
@public(FOR_ALL)
def site_list(request: HttpRequest) -> HttpResponse:
    """The associations of the school that have a public site."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = Paginator(selectors.public_sites(timezone.now(), words), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, selectors.line_of(one.site)) for one in found]
    return page(request, "sites/list.html", {"page_obj": found, "rows": rows, "words": words}, partial="list")


@require_safe
@public(FOR_ALL)
def site(request: HttpRequest, slug: str) -> HttpResponse:
    return _answer(request, selectors.page_of(actor=request.actor, slug=slug, now=timezone.now()))


@require_safe
@public(FOR_ALL)
def own_site(request: HttpRequest) -> HttpResponse:
    """At the root of an association's own domain, where nobody is ever signed in."""
    association_id = request.host_association_id
    if association_id is None:
        raise NotVisible
    return _answer(request, selectors.page_of(actor=request.actor, association_id=association_id, now=timezone.now()))


def _answer(request: HttpRequest, found: selectors.Page) -> HttpResponse:
    association = found.association
    domain = domain_of_association(school_id=request.school.pk, association_id=association.pk)
    context = {
        "found": found,
        "association": association,
        "home": hosts.school_url(request.school, "/"),
        "join": hosts.school_url(request.school, f"/associations/{association.pk}/"),
        "canonical": f"https://{domain}/" if domain else hosts.school_url(request.school, f"/site/{association.slug}/"),
    }
    return page(request, "sites/site.html", context)


@require_safe
@public("for search engines")
def robots(request: HttpRequest) -> HttpResponse:
    """On an association's own domain everything there is may be found."""
    return HttpResponse("User-agent: *\nAllow: /\n", content_type="text/plain")
