"""On the platform: which account at a payment provider belongs to which school (PAY-8)."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.audit.tables import Columns, csv_of
from apps.core.errors import Invalid
from apps.core.web import done, form_page, page
from apps.tenants.models import School
from apps.tenants.selectors import all_schools, bound_accounts
from apps.tenants.services.bindings import AccountTaken, bind_account, release_account

from ..forms import AccountFilter, AccountForm
from .common import crumbs, frame

PER_PAGE = 50
COLUMNS: Columns = {
    "provider": "provider",
    "account": "external_id",
    "live": "is_live",
    "name": "name",
    "school": "school.slug",
    "bound_at": "bound_at",
}


@require_safe
def account_list(request: HttpRequest) -> HttpResponseBase:
    filter_form = AccountFilter(request.GET)
    rows = bound_accounts(actor=request.actor, **filter_form.usable)
    if file := csv_of(request, "provider-accounts", rows.iterator(chunk_size=2000), COLUMNS):
        return file
    context = {
        **frame(request),
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filter_form": filter_form,
        "crumbs": crumbs((_("Accounts"), "")),
    }
    return page(request, "integrations/accounts.html", context, partial="list")


@require_http_methods(["GET", "POST"])
def account_bind(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, initial={"account": request.GET.get("account", "")[:120]})
    if request.method == "POST" and form.is_valid():
        try:
            binding = _bind(request, form.cleaned_data)
        except Invalid as error:
            form.take(error.fields)
        except AccountTaken as error:
            form.add_error("account", str(error))
        else:
            message = _("The account belongs to %(school)s now. Replay what waits in quarantine.")
            return done(request, to="integrations:accounts", message=message % {"school": binding.school.name})
    trail = crumbs((_("Accounts"), reverse("integrations:accounts")), (_("Bind an account"), ""))
    context = {**frame(request), "form": form, "crumbs": trail}
    return (form_page if form.is_bound else page)(request, "integrations/account_bind.html", context)


def _bind(request: HttpRequest, facts: dict[str, Any]) -> Any:
    school = School.objects.filter(slug=facts["school"].strip().lower()).first()
    if school is None:
        all_schools(actor=request.actor)  # who may not see schools does not learn that there is none
        raise Invalid(fields={"school": [_("There is no school with this short name.")]})
    return bind_account(
        actor=request.actor, school_id=school.pk, provider=facts["provider"], account=facts["account"],
        is_live=facts["mode"] == "live", name=facts["name"], now=timezone.now(),
    )  # fmt: skip


@require_POST
def account_release(request: HttpRequest, binding_id: UUID) -> HttpResponse:
    binding = bound_accounts(actor=request.actor).filter(pk=binding_id).first()
    if binding is not None:
        release_account(
            actor=request.actor, school_id=binding.school_id, provider=binding.provider, account=binding.external_id,
            is_live=binding.is_live, now=timezone.now(),
        )  # fmt: skip
    message = _("The account is released: what the provider says of it next goes into quarantine.")
    return done(request, to="integrations:accounts", message=message)
