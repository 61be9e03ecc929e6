"""The secrets with which services sign: made (and shown once), replaced, ended."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.tables import Columns, csv_of
from apps.core.web import done, page
from apps.tenants import context
from apps.tenants.hosts import platform_url, school_url
from apps.tenants.models import School

from .. import presenting, selectors
from ..contract import SERVICES
from ..permissions import on_platform
from ..samples import samples
from ..services import secrets
from .common import crumbs, frame

COLUMNS: Columns = {
    "service": "service",
    "starts_with": "hint",
    "created_by": "created_by",
    "created_at": "created_at",
    "ends_at": "ends_at",
    "last_used_at": "last_used_at",
}


@require_safe
def secret_list(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    found = selectors.secrets_of(actor=request.actor, now=now)
    if file := csv_of(request, "webhook-secrets", [row for rows in found.values() for row in rows], COLUMNS):
        return file
    context = {
        **frame(request),
        "services": presenting.key_rings(found, now, secrets.MOST_LIVE),
        "crumbs": crumbs((_("Secrets"), "")),
    }
    return page(request, "integrations/secrets.html", context)


@require_POST
def secret_create(request: HttpRequest, service: str) -> HttpResponse:
    """The secret stands only in this answer."""
    made = secrets.create_secret(actor=request.actor, service=service, now=timezone.now())
    where = reverse(f"integrations_api:{service.replace('-', '_')}")
    url = platform_url(where) if on_platform() else school_url(School(slug=context.current().slug), where)
    shown = {
        **frame(request),
        "made": made,
        "url": url,
        "samples": samples(service, url, list(SERVICES[service].kinds)),
        "crumbs": crumbs((_("Secrets"), reverse("integrations:secrets")), (_("New secret"), "")),
    }
    response = page(request, "integrations/secret_created.html", shown)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def secret_end(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    secrets.end_secret(actor=request.actor, secret_id=secret_id, now=timezone.now())
    message = _("The secret is ended: what is signed with it is refused from now on.")
    return done(request, to="integrations:secrets", message=message)
