"""Credentials of programs: the list, a new one (its secret is shown once), the end of one."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.audit.tables import Columns, csv_of
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid
from apps.core.permissions import REGISTRY, require_fresh
from apps.core.web import done, form_page, page, requires

from ..forms import CredentialForm
from ..models import ServiceCredential
from ..permissions import CREDENTIALS_MANAGE
from ..services import service_credentials
from ..services.custom_roles import holds_for_school
from .common import put_errors

USUAL = timedelta(days=180)
COLUMNS: Columns = {
    "name": lambda row: row["credential"].name,
    "permissions": lambda row: row["credential"].permissions,
    "usable": lambda row: row["usable"],
    "created_by": lambda row: row["credential"].created_by,
    "created_at": lambda row: row["credential"].created_at,
    "expires_at": lambda row: row["credential"].expires_at,
    "revoked_at": lambda row: row["credential"].revoked_at,
    "last_used_at": lambda row: row["credential"].last_used_at,
}


@requires(CREDENTIALS_MANAGE)
@require_safe
def credential_list(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    rows = [
        _row(request.actor, credential, now) for credential in service_credentials.visible_credentials(request.actor)
    ]
    if file := csv_of(request, "credentials", rows, COLUMNS):
        return file
    return page(request, "accounts/credentials.html", {"rows": rows})


def _row(actor: Actor, credential: ServiceCredential, now: datetime) -> dict[str, Any]:
    known = [code for code in credential.permissions if code in REGISTRY]
    usable = credential.is_usable(now)
    counting = service_credentials.counting(credential) if usable else known
    lost = [str(REGISTRY[code].label) for code in known if code not in counting]
    return {
        "credential": credential,
        "permissions": [REGISTRY[code].label for code in known if code in counting],
        "usable": usable,
        "lost": lost,
        "may_adopt": bool(lost) and service_credentials.may_adopt(actor, credential),
        "ends_soon": usable and credential.expires_at - now < timedelta(days=30),
    }


@requires(CREDENTIALS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    require_fresh(request.actor)  # before anything is typed
    now = timezone.now()
    form = CredentialForm(
        request.POST if request.method == "POST" else None,
        offered=[(one, holds_for_school(request.actor, one)) for one in service_credentials.offered()],
        initial={"expires_on": timezone.localdate(now + USUAL).isoformat()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = service_credentials.create_credential(
                actor=request.actor,
                name=form.cleaned_data["name"],
                permissions=form.cleaned_data["permissions"],
                expires_at=timezone.make_aware(datetime.combine(form.cleaned_data["expires_on"], time.max)),
                now=now,
            )
            return page(request, "accounts/credential_created.html", {"made": made})
        except Invalid as refused:
            put_errors(form, refused)
        except DomainError as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "crumbs": [(_("Programs"), reverse("accounts:credentials")), (_("New credential"), "")]}
    return (form_page if request.method == "POST" else page)(request, "accounts/credential_form.html", context)


@requires(CREDENTIALS_MANAGE)
@require_POST
def adopt(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    service_credentials.adopt_credential(actor=request.actor, credential_id=credential_id, now=timezone.now())
    message = _("The credential now stands on your rights. The program goes on with the same secret.")
    return done(request, to="accounts:credentials", message=message)


@requires(CREDENTIALS_MANAGE)
@require_POST
def revoke(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    service_credentials.revoke_credential(actor=request.actor, credential_id=credential_id, now=timezone.now())
    return done(request, to="accounts:credentials", message=_("The credential is revoked. It opens nothing any more."))
