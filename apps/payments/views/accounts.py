"""Accounts at providers: connected, filled in there, chosen, approved, disconnected; and the school's policy."""

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

from .. import presenting, selectors
from ..forms import ConnectForm, PolicyForm
from ..models import ProviderAccount
from ..permissions import PAYMENTS_CONNECT, PAYMENTS_GOVERN
from ..services import connecting, policy

PER_PAGE = 25
PAYOUT_COLUMNS: Columns = {
    "number": "external_id",
    "state": "state",
    "amount": "amount",
    "currency": "currency",
    "other": "other",
    "at_the_bank": "arrives_on",
}
Crumbs = list[tuple[object, str]]


def crumbs(*rest: tuple[object, str]) -> Crumbs:
    return [(_("Payment accounts"), reverse("payments:accounts")), *rest]


@require_safe
def account_detail(request: HttpRequest, account_id: UUID) -> HttpResponseBase:
    account = connecting.get_account(actor=request.actor, account_id=account_id)
    rows = selectors.payouts_of(account)
    if file := csv_of(request, "payouts", rows, PAYOUT_COLUMNS):
        return file
    rules = policy.policy()
    context = {
        "account": account,
        "steps": presenting.steps_of(account),
        "alarms": selectors.open_alarms(actor=request.actor, account_id=account_id),
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "taken": policy.taken_by(account),
        "limit": rules.approval_above,
        "currency": account.treasury.currency if account.treasury else "EUR",
        "can_connect": PAYMENTS_CONNECT.allows(request.actor, account),
        "can_govern": PAYMENTS_GOVERN.allows(request.actor),
        "crumbs": crumbs((str(account), "")),
    }
    return page(request, "payments/account.html", context)


@require_http_methods(["GET", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    """Leads to the provider's own pages."""
    providers = [(code, name) for code, name in policy.PROVIDERS.items() if connecting.may_be_connected(code)]
    treasuries = selectors.treasuries_to_connect(actor=request.actor)
    initial = {"treasury": treasuries[0].pk if treasuries else "", "provider": providers[0][0] if providers else ""}
    form = ConnectForm(request.POST or None, treasuries=treasuries, providers=providers, initial=initial)
    if request.method == "POST" and form.is_valid():
        treasury_id = UUID(form.cleaned_data["treasury"])
        if form.cleaned_data["provider"] == "helloasso":
            url = connecting.begin_helloasso(
                actor=request.actor, treasury_id=treasury_id, redirect_uri=_from_helloasso(request), now=timezone.now()
            )
            return leaving(request, url, "HelloAsso")
        account = connecting.connect_stripe(actor=request.actor, treasury_id=treasury_id, now=timezone.now())
        return leaving(request, _link(request, account), account.provider_name)
    context = {"form": form, "has_providers": bool(providers), "crumbs": crumbs((_("Connect an account"), ""))}
    show = form_page if form.is_bound else page
    return show(request, "payments/connect.html", context)


@require_safe
def helloasso_back(request: HttpRequest) -> HttpResponse:
    """Somebody let us in at HelloAsso, or did not."""
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    if not code:
        return done(request, to="payments:accounts", message=_("HelloAsso was not connected."))
    account = connecting.finish_helloasso(
        actor=request.actor, state=state, code=code, redirect_uri=_from_helloasso(request), now=timezone.now()
    )
    return done(request, to=_address(account.pk), message=_("HelloAsso is connected."))


@require_POST
def onboarding(request: HttpRequest, account_id: UUID) -> HttpResponse:
    account = connecting.get_account(actor=request.actor, account_id=account_id)
    return leaving(request, _link(request, account), account.provider_name)


@require_safe
def back(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Coming back proves nothing: the account is read at the provider."""
    connecting.read_again(actor=request.actor, account_id=account_id, now=timezone.now())
    return done(request, to=_address(account_id))


@require_POST
def read_again(request: HttpRequest, account_id: UUID) -> HttpResponse:
    account = connecting.read_again(actor=request.actor, account_id=account_id, now=timezone.now())
    message = _("%(provider)s was asked just now.") % {"provider": account.provider_name}
    return done(request, to=_address(account_id), message=message)


@require_POST
def make_default(request: HttpRequest, account_id: UUID) -> HttpResponse:
    connecting.make_default(actor=request.actor, account_id=account_id, now=timezone.now())
    return done(request, to=_address(account_id), message=_("Payments go to this account first."))


@require_POST
def approve(request: HttpRequest, account_id: UUID) -> HttpResponse:
    connecting.approve(actor=request.actor, account_id=account_id, now=timezone.now())
    return done(request, to=_address(account_id), message=_("The account may take any amount."))


@require_POST
def disconnect(request: HttpRequest, account_id: UUID) -> HttpResponse:
    connecting.disconnect(actor=request.actor, account_id=account_id, now=timezone.now())
    message = _("The account is disconnected: it takes no new payments. What was paid there is still followed.")
    return done(request, to=_address(account_id), message=message)


@require_http_methods(["GET", "POST"])
def policy_page(request: HttpRequest) -> HttpResponse:
    row = policy.read_policy(actor=request.actor)
    form = PolicyForm(request.POST or None, initial=PolicyForm.of(row))
    if request.method == "POST" and form.is_valid():
        try:
            policy.change_policy(actor=request.actor, now=timezone.now(), **form.facts)
            return done(
                request, to="payments:policy", message=_("The rules are saved, for everything sold from now on.")
            )
        except Invalid as error:
            form.refuse(error)
    context = {
        "form": form,
        "can_govern": PAYMENTS_GOVERN.allows(request.actor),
        "crumbs": crumbs((_("Rules of the school"), "")),
    }
    show = form_page if form.is_bound else page
    return show(request, "payments/policy.html", context)


def leaving(request: HttpRequest, url: str, name: str) -> HttpResponse:
    """A page that goes on to the provider by itself: the browser does not let a form lead to another site."""
    response = page(request, "payments/leaving.html", {"url": url, "provider": name})
    response["Refresh"] = f"1; url={url}"
    response["Cache-Control"] = "no-store"
    return response


def _link(request: HttpRequest, account: ProviderAccount) -> str:
    return connecting.onboarding_link(
        actor=request.actor, account_id=account.pk, now=timezone.now(),
        return_url=request.build_absolute_uri(reverse("payments:back", args=[account.pk])),
        refresh_url=request.build_absolute_uri(_address(account.pk)),
    )  # fmt: skip


def _from_helloasso(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("payments:helloasso_back"))


def _address(account_id: UUID) -> str:
    return reverse("payments:account", args=[account_id])
