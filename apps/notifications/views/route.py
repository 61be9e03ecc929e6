"""How mail leaves the school."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import Invalid
from apps.core.web import done, form_page, page, public, requires
from apps.microsoft.identity import admin_consent_url
from apps.microsoft.registration import is_configured, mail_app
from apps.tenants.hosts import platform_url

from ..channels.choosing import organisation, route
from ..forms import MailRouteForm
from ..permissions import MESSAGES_MANAGE
from ..services import mail_route as services


def _context(form: MailRouteForm | None = None) -> dict[str, Any]:
    chosen = route()
    tenant_id = organisation()
    initial = {"way": chosen.way, "mailbox": chosen.mailbox}
    return {
        "form": form or MailRouteForm(initial=initial),
        "chosen": chosen,
        "registered": is_configured("MAIL"),
        "linked": tenant_id,
        "approval_url": _approval_url(tenant_id),
    }


def _approval_url(tenant_id: str) -> str:
    """Where the school's Microsoft administrator lets us send; "" where it makes no sense."""
    if not tenant_id or not is_configured("MAIL"):
        return ""
    back = platform_url(reverse("notifications:mail_approved", urlconf="config.urls.platform"))
    return admin_consent_url(mail_app(), state="mail", redirect_uri=back, tenant=tenant_id)


@public("Microsoft sends its administrators back here; it says what they did and changes nothing")
@require_GET
def approved(request: HttpRequest) -> HttpResponse:
    said = request.GET.get("admin_consent", "").lower() == "true" and not request.GET.get("error")
    return page(request, "notifications/approved.html", {"approved": said})


@requires(MESSAGES_MANAGE)
@require_http_methods(["GET", "POST"])
def mail_route(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return page(request, "notifications/mail_route.html", _context())
    form = MailRouteForm(request.POST)
    if form.is_valid():
        try:
            services.change_route(actor=request.actor, **form.cleaned_data)
            return done(request, to="notifications:mail_route", message=_("The way of the mail is saved."))
        except Invalid as refused:
            for name, faults in refused.fields.items():
                form.add_error(name, [str(fault) for fault in faults])
    return form_page(request, "notifications/mail_route.html", _context(form))


@requires(MESSAGES_MANAGE)
@require_POST
def mail_test(request: HttpRequest) -> HttpResponse:
    log = services.send_test(actor=request.actor, now=timezone.now())
    message = _("The test message is on its way to %(address)s.") % {"address": log.to}
    return done(request, to=reverse("notifications:message", args=[log.pk]), message=message)
