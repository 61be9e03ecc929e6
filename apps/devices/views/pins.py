"""PINs: one's own on the account page, and those of others for who manages them."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.permissions import PEOPLE_VIEW
from apps.accounts.selectors import get_person, own_id
from apps.accounts.views.common import put_errors, signed_in
from apps.audit.tables import Columns, csv_of
from apps.core.errors import Invalid
from apps.core.permissions import require_fresh
from apps.core.web import done, page, requires

from .. import selectors
from ..forms import NewPinForm, PinFilterForm
from ..models import GuessCount
from ..permissions import PINS_MANAGE, PINS_VIEW
from ..services import pins as services
from .devices import tabs

OWN = "everybody who is signed in sets their own PIN, after a proof of identity"
PER_PAGE = 50
COLUMNS: Columns = {"person": "name", "email": "email", "has_pin": "has_pin", "is_locked": "is_locked"}

# --- my own ----------------------------------------------------------------------------------------------------


@signed_in(OWN)
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _own_page(request, NewPinForm())
    require_fresh(request.actor)
    form = NewPinForm(request.POST)
    if not form.is_valid():
        return _own_page(request, form, status=422)
    try:
        services.set_own(actor=request.actor, pin=form.cleaned_data["new"], now=timezone.now())
    except Invalid as refused:
        put_errors(form, refused)
        return _own_page(request, form, status=422)
    return done(
        request, to="devices:own_pin", message=_("Your PIN is set. Use it at the shared devices of your place.")
    )


def _own_page(request: HttpRequest, form: NewPinForm, status: int = 200) -> HttpResponse:
    me, now = get_person(request.actor, own_id(request.actor)), timezone.now()
    may = selectors.may_use_desks(me, now)
    if may:
        require_fresh(request.actor)  # before anything is typed: a PIN is not kept while identity is proven
    context = {
        "layout": "layouts/school.html" if PEOPLE_VIEW.allows(request.actor) else "layouts/member.html",
        "form": form,
        "may": may,
        "stored": selectors.pin_of(me.pk),
        "locked_until": selectors.locked_until(GuessCount.Kind.PERSON, me.pk, now),
    }
    return page(request, "devices/own_pin.html", context, status=status)


@signed_in(OWN)
@require_POST
def remove_own(request: HttpRequest) -> HttpResponse:
    services.remove_own(actor=request.actor, now=timezone.now())
    return done(request, to="devices:own_pin", message=_("Your PIN is removed."))


# --- of others -------------------------------------------------------------------------------------------------


@requires(PINS_VIEW)
@require_safe
def pin_list(request: HttpRequest) -> HttpResponseBase:
    form = PinFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    people = selectors.people_for_pins(
        actor=request.actor, now=timezone.now(), words=wanted.get("q", ""), only=wanted.get("only", "")
    )
    if file := csv_of(request, "pins", people.iterator(chunk_size=500), COLUMNS):
        return file
    context = {
        "page_obj": Paginator(people, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "tabs": tabs(request),
        "may_manage": PINS_MANAGE.allows(request.actor),
    }
    return page(request, "devices/pin_list.html", context, partial="list")


@requires(PINS_MANAGE)
@require_POST
def code(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """The code, shown once: only its keyed hash is kept."""
    made = services.make_code(actor=request.actor, user_id=user_id, now=timezone.now())
    context = {"person": get_person(request.actor, user_id), "code": services.spaced(made)}
    return page(request, "devices/pin_code.html", context)


@requires(PINS_MANAGE)
@require_POST
def lift(request: HttpRequest, user_id: UUID) -> HttpResponse:
    lifted = services.lift(actor=request.actor, user_id=user_id, now=timezone.now())
    message = _("The lock is lifted.") if lifted else _("This was not locked any more.")
    return done(request, to="devices:pins", message=message)


@requires(PINS_MANAGE)
@require_POST
def remove(request: HttpRequest, user_id: UUID) -> HttpResponse:
    services.remove(actor=request.actor, user_id=user_id, now=timezone.now())
    return done(request, to="devices:pins", message=_("The PIN is removed."))
