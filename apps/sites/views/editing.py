"""A board writes, tries, publishes and withdraws its site."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.associations.permissions import EDIT
from apps.associations.views.common import crumbs, frame
from apps.core import richtext
from apps.core.errors import DomainError, Invalid
from apps.core.web import done, form_page, page, requires
from apps.tenants import hosts
from apps.tenants.selectors import domain_of_association

from .. import selectors
from ..forms import LABELS, SiteForm
from ..models import Site
from ..selectors import AUDIENCES, Audience
from ..services import editing
from ..texts import LANGUAGES

TEMPLATE = "sites/edit.html"
WRITTEN = ("about", "practical", "for_members")  # Markdown


def _context(request: HttpRequest, site: Site, form: SiteForm) -> dict[str, Any]:
    association = site.association
    domain = domain_of_association(school_id=request.school.pk, association_id=association.pk)
    path = reverse("sites:site", args=[association.slug])
    return {
        **frame(request, association, "site"), "site": site, "form": form, "domain": domain,
        "address": f"https://{domain}/" if domain else hosts.school_url(request.school, path),
        "audiences": [(code.value, label) for code, label in AUDIENCES.items()],
        "crumbs": crumbs(request, association, (_("Site"), "")),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(EDIT)
def site_edit(request: HttpRequest, association_id: UUID) -> HttpResponse:
    """What was typed stays on the page whatever is refused."""
    now = timezone.now()
    _association, site = selectors.editable(actor=request.actor, association_id=association_id, now=now)
    if request.method == "GET":
        return page(request, TEMPLATE, _context(request, site, SiteForm(site=site)))
    form = SiteForm(request.POST, site=site)
    if not form.is_valid():
        return form_page(request, TEMPLATE, _context(request, site, form))
    try:
        editing.save_site(
            actor=request.actor, association_id=association_id, version=form.cleaned_data["version"],
            fields=form.typed(), now=now,
        )  # fmt: skip
    except Invalid as refused:
        form.take(refused.fields)
    except editing.ChangedMeanwhile as refused:
        form = form.again(site.version)  # whoever has read this may save over it
        form.add_error(None, str(refused))
    except DomainError as refused:
        form.add_error(None, str(refused))
    else:
        return done(request, to=reverse("sites:edit", args=[association_id]), message=_("The site was saved."))
    return form_page(request, TEMPLATE, _context(request, site, form))


@require_POST
@requires(EDIT)
def site_publish(request: HttpRequest, association_id: UUID) -> HttpResponse:
    selectors.editable(actor=request.actor, association_id=association_id, now=timezone.now())
    editing.publish_site(actor=request.actor, association_id=association_id, now=timezone.now())
    return done(request, to=reverse("sites:edit", args=[association_id]), message=_("The site is published."))


@require_POST
@requires(EDIT)
def site_withdraw(request: HttpRequest, association_id: UUID) -> HttpResponse:
    selectors.editable(actor=request.actor, association_id=association_id, now=timezone.now())
    editing.withdraw_site(actor=request.actor, association_id=association_id, now=timezone.now())
    return done(
        request, to=reverse("sites:edit", args=[association_id]), message=_("Only the board sees the site now.")
    )


@require_POST
@requires(EDIT)
def site_try(request: HttpRequest, association_id: UUID) -> HttpResponse:
    """How a text will look, while it is written."""
    selectors.editable(actor=request.actor, association_id=association_id, now=timezone.now())
    language = next((code for code in LANGUAGES if f"about_{code}" in request.POST), "")
    typed = [(LABELS[name], request.POST.get(f"{name}_{language}", "")) for name in WRITTEN]
    return page(request, "sites/tried.html", {"tried": [(label, richtext.render(text)) for label, text in typed]})


@require_safe
@requires(EDIT)
def site_as(request: HttpRequest, association_id: UUID, audience: str) -> HttpResponse:
    """The site as somebody else would read it."""
    if audience not in AUDIENCES:
        raise Http404
    found = selectors.preview(
        actor=request.actor, association_id=association_id, audience=Audience(audience), now=timezone.now()
    )
    association, site = selectors.editable(actor=request.actor, association_id=association_id, now=timezone.now())
    context = {
        "found": found, "association": association, "site": site, "as_whom": AUDIENCES[Audience(audience)],
        "home": "/", "join": reverse("associations:detail", args=[association.pk]),
    }  # fmt: skip
    return page(request, "sites/site.html" if found else "sites/unseen.html", context)
