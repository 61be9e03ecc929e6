"""The tablet before somebody is there: enrolment, profiles, PIN, opening it again."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import known_browsers
from apps.accounts.middleware import BROWSER, DEVICE, forget_cookies
from apps.accounts.models import PHOTO_SMALL, SignInFlow
from apps.accounts.selectors import sign_in_ways
from apps.accounts.services import families, microsoft_sign_in
from apps.accounts.sessions import store_of
from apps.accounts.views.common import nothing_kept, put_errors
from apps.accounts.views.cookies import FLOW_COOKIE, keep
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.core.web import page, public
from apps.files.views import sent
from apps.microsoft.registration import is_configured
from apps.tenants.hosts import normal_host

from .. import selectors
from ..forms import EnrolForm, NewPinForm, PinForm, PinWithCodeForm, ReopenForm
from ..machine import State
from ..models import GuessCount
from ..selectors import Desk
from ..services import desk as services
from ..services import enrolment
from ..services.enrolment import Opened
from ..services.guesses import TooManyGuesses
from .common import on_device, to_start
from .desk import home

PROFILES = 24  # on one page
MARKER = settings.SHARED_DEVICE_COOKIE_NAME
UUID_LENGTH = 36


@public("a tablet shows here where it is: to be enrolled, profiles, PIN, or who is at the desk")
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    desk = request.desk
    if desk is None:
        return _reopen_page(request, ReopenForm()) if _signed_out(request) else redirect("devices:enrol")
    if desk.state == State.PIN:
        return _pin_page(request, desk, PinForm())
    return home(request) if desk.state == State.DESK else _picker(request, desk)


def _picker(request: HttpRequest, desk: Desk) -> HttpResponse:
    words = request.GET.get("q", "")[:80]
    people = Paginator(selectors.people_of(desk.device, timezone.now(), words), PROFILES)
    context = {"desk": desk, "page_obj": people.get_page(request.GET.get("page")), "words": words}
    return page(request, "devices/picker.html", context, partial="profiles")


@on_device
@require_safe
def photo(request: HttpRequest, user_id: UUID) -> HttpResponseBase:
    """The device's session counts here only, so the tablet has its own door to the photos of the profiles it shows."""
    return sent(selectors.photo_at(request.desk.device, user_id, timezone.now()), PHOTO_SMALL)


@on_device
@require_POST
def pick(request: HttpRequest) -> HttpResponse:
    person = request.POST.get("person", "")[:UUID_LENGTH]
    services.pick(actor=request.actor, desk=request.desk, person_id=_uuid(person), now=timezone.now())
    return to_start(request)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotVisible from None


@on_device
@require_POST
def back(request: HttpRequest) -> HttpResponse:
    services.go_back(actor=request.actor, desk=request.desk, now=timezone.now())
    return to_start(request)


# --- PIN -----------------------------------------------------------------------------------------------------


@on_device
@sensitive_post_parameters("pin")
@require_POST
def pin(request: HttpRequest) -> HttpResponse:
    form, desk, row = PinForm(request.POST), request.desk, store_of(request).row
    assert row is not None  # a desk has one
    if not form.is_valid():
        return _pin_page(request, desk, form, status=422) if desk.state == State.PIN else to_start(request)
    try:
        services.enter_pin(
            actor=request.actor,
            desk=desk,
            session=row,
            pin=form.cleaned_data["pin"],
            now=timezone.now(),
        )
    except (services.WrongPin, TooManyGuesses) as refused:
        form.add_error(None, str(refused))
        return _pin_page(request, desk, form, status=refused.status)
    return to_start(request)


def _pin_page(request: HttpRequest, desk: Desk, form: PinForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    assert desk.person is not None  # the machine says so
    stored = selectors.pin_of(desk.person.pk)
    context = {
        "desk": desk,
        "person": desk.person,
        "form": form,
        "has_pin": bool(stored and stored.hash),
        "locked_until": selectors.locked_until(GuessCount.Kind.PERSON, desk.person.pk, now)
        or selectors.locked_until(GuessCount.Kind.DEVICE, desk.device.pk, now),
    }
    return page(request, "devices/pin.html", context, status=status)


@on_device
@sensitive_post_parameters("code", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def new_pin(request: HttpRequest) -> HttpResponse:
    """A PIN chosen at the tablet, with a code of an administrator."""
    desk = request.desk
    if desk.state != State.PIN:
        return to_start(request)
    if request.method != "POST":
        return _new_pin_page(request, PinWithCodeForm())
    form = PinWithCodeForm(request.POST)
    if not form.is_valid():
        return _new_pin_page(request, form, status=422)
    try:
        services.set_pin_with_code(
            actor=request.actor,
            desk=desk,
            code=form.cleaned_data["code"],
            pin=form.cleaned_data["new"],
            now=timezone.now(),
        )
    except Invalid as refused:
        put_errors(form, refused)
        return _new_pin_page(request, form, status=422)
    except (services.WrongCode, TooManyGuesses) as refused:
        form.add_error(None, str(refused))
        return _new_pin_page(request, form, status=refused.status)
    return to_start(request)


def _new_pin_page(request: HttpRequest, form: NewPinForm, status: int = 200) -> HttpResponse:
    context = {"desk": request.desk, "person": request.desk.person, "form": form}
    return page(request, "devices/new_pin.html", context, status=status)


@public("a tablet asks whether anything changed; the answer is nothing, or where to go")
@require_safe
def pulse(request: HttpRequest) -> HttpResponse:
    """Nothing is done by asking, so it does not count against idleness."""
    desk = request.desk
    state = desk.state.value if desk else "none"
    visit = str(desk.visit.pk) if desk and desk.visit else ""
    if request.GET.get("state") == state and request.GET.get("visit", "") == visit:
        return HttpResponse(status=204)
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("devices:desk")})


# --- enrolment -----------------------------------------------------------------------------------------------


@public("the one-time code of an administrator is the proof")
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request, "devices/enrol.html", {"form": EnrolForm()})
    form = EnrolForm(request.POST)
    if not form.is_valid():
        return page(request, "devices/enrol.html", {"form": form}, status=422)
    try:
        opened = enrolment.enrol(
            actor=request.actor,
            code=form.cleaned_data["code"],
            user_agent=request.headers.get("User-Agent", ""),
            now=timezone.now(),
        )
    except DomainError as refused:
        form.add_error(None, str(refused))
        return page(request, "devices/enrol.html", {"form": form}, status=refused.status)
    return _opened(request, opened)


def _opened(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The tablet begins anew: whoever was signed in in this browser is not any more."""
    now = timezone.now()
    families.end_by_token(
        refresh=request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), kind=BROWSER.kind, because="signed-out", now=now
    )
    families.end_by_token(
        refresh=request.COOKIES.get(DEVICE.refresh, ""), kind=DEVICE.kind, because="replaced", now=now
    )
    store_of(request).adopt(opened.session)
    response = redirect("devices:desk")
    forget_cookies(request, response, BROWSER)
    response.set_cookie(MARKER, opened.marker, max_age=10 * 365 * 24 * 3600, secure=True, httponly=True, samesite="Lax")
    return response


@on_device
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    enrolment.sign_out(actor=request.actor, device=request.desk.device, now=timezone.now())
    store_of(request).adopt(None)
    return nothing_kept(redirect("devices:desk"))


# --- opening it again ----------------------------------------------------------------------------------------


def _signed_out(request: HttpRequest) -> Any:
    return enrolment.signed_out_device(request.COOKIES.get(MARKER, ""), timezone.now())


def _reopen_page(
    request: HttpRequest, form: ReopenForm, status: int = 200, refused: DomainError | None = None
) -> HttpResponse:
    ways = sign_in_ways(request.school)
    context = {
        "device": _signed_out(request),
        "form": form,
        "ways": ways,
        "microsoft": bool(ways.organisation) and is_configured(),
        "refused": refused,
    }
    return page(request, "devices/reopen.html", context, status=status)


@public("a tablet that was signed out is opened again by who proves, just now, who they are")
@sensitive_post_parameters("password")
@require_POST
def reopen(request: HttpRequest) -> HttpResponse:
    form = ReopenForm(request.POST)
    if not _signed_out(request):
        return to_start(request)
    if not form.is_valid():
        return _reopen_page(request, form, status=422)
    try:
        user = enrolment.person_by_password(
            request, email=form.cleaned_data["email"], password=form.cleaned_data["password"]
        )
        return _reopen(request, user)
    except DomainError as refused:
        form.add_error(None, str(refused))
        return _reopen_page(request, form, status=refused.status)


@public("a tablet that was signed out goes to Microsoft, which asks for the credentials afresh")
@require_safe
def reopen_microsoft(request: HttpRequest) -> HttpResponse:
    if not _signed_out(request):
        return to_start(request)
    try:
        known = known_browsers.any_name_of(request)
        microsoft_sign_in.count_departure(actor=request.actor, address=request.META["REMOTE_ADDR"], browser=known)
        departure = microsoft_sign_in.begin(
            purpose=SignInFlow.Purpose.DESK,
            now=timezone.now(),
            browser=request.COOKIES.get(FLOW_COOKIE, ""),
            host=normal_host(request.get_host()),
        )
    except DomainError as refused:
        return _reopen_page(request, ReopenForm(), status=refused.status, refused=refused)
    response = redirect(departure.url)
    keep(response, departure)
    return response


@public("the ticket, this host and this browser's cookies together are the proof")
@require_safe
def reopen_arrive(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    try:
        flow = microsoft_sign_in.arrive(
            ticket=request.GET.get("ticket", ""), browser=request.COOKIES.get(FLOW_COOKIE, ""), now=now
        )
        if flow.purpose != SignInFlow.Purpose.DESK:
            raise microsoft_sign_in.FlowLost
        return _reopen(request, microsoft_sign_in.person_behind(flow, now))
    except DomainError as refused:
        return _reopen_page(request, ReopenForm(), status=refused.status, refused=refused)


def _reopen(request: HttpRequest, user: Any) -> HttpResponse:
    opened = enrolment.reopen(
        actor=request.actor,
        marker=request.COOKIES.get(MARKER, ""),
        user=user,
        user_agent=request.headers.get("User-Agent", ""),
        now=timezone.now(),
    )
    return _opened(request, opened)
