"""The second step of signing in, and setting up the first factor where one must be. Nobody is signed in here yet."""

from collections.abc import Mapping
from datetime import datetime

from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import DomainError, Invalid
from apps.core.ratelimit import network
from apps.core.web import form_page, page, public

from ..forms import CodeForm, PasskeyForm, RecoveryCodeForm
from ..models import HalfSignIn, PasskeyChallenge
from ..services import passkeys, second_factors, second_step, signing_in, totp
from ..services.limits import PASSKEY_ADDRESS, TooManyAttempts
from ..services.passkeys import Place
from .common import put_errors, safe_path
from .cookies import browser_of, keep_browser
from .sign_in import refused_page

Purpose = PasskeyChallenge.Purpose
HALF = "between the first and the second factor nobody is signed in; the half sign-in of this browser is the proof"


def _half(request: HttpRequest, now: datetime) -> HalfSignIn:
    half = second_step.of(request, now)
    if half is None:
        raise second_step.HalfLost
    return half


@public(HALF)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest) -> HttpResponse:
    """A code of the app, or a passkey, or (`?with=recovery`) a recovery code."""
    now, recovery = timezone.now(), request.GET.get("with") == "recovery"
    half = second_step.of(request, now)
    if half is None:
        return _over(request)
    factors = second_step.factors_of(half.user)
    if not factors.any:
        return redirect("accounts:second_factor_set_up")
    form = (RecoveryCodeForm if recovery else CodeForm)(request.POST if request.method == "POST" else None)
    context = {"form": form, "half": half, "factors": factors, "recovery": recovery}
    if request.method != "POST":
        return page(request, "accounts/second_step.html", context)
    if not form.is_valid():
        return form_page(request, "accounts/second_step.html", context)
    use = second_factors.use_recovery_code if recovery else second_factors.use_code
    try:
        shown = use(actor=request.actor, user=half.user, text=form.cleaned_data["code"], now=now)
    except Invalid as wrong:
        put_errors(form, wrong)
        return form_page(request, "accounts/second_step.html", context)
    except TooManyAttempts as stopped:
        return _stopped(request, form, stopped, "accounts/second_step.html", context)
    return _in(request, half, shown, now)


@public(HALF)
@require_POST
def step_options(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    half = _half(request, now)
    return _options(request, purpose=Purpose.SECOND_STEP, half=half, now=now)


@public(HALF)
@require_POST
def step_passkey(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    half = second_step.of(request, now)
    if half is None:
        return _over(request)
    form = PasskeyForm(request.POST)
    context = {"form": CodeForm(), "half": half, "factors": second_step.factors_of(half.user), "recovery": False}
    try:
        shown = second_factors.use_passkey(
            actor=request.actor,
            user=half.user,
            place=Place.of(request),
            browser=browser_of(request),
            answer=form.answer,
            purpose=Purpose.SECOND_STEP,
            now=now,
        )
    except DomainError as refused:
        return page(request, "accounts/second_step.html", {**context, "error": refused}, status=refused.status)
    return _in(request, half, shown, now)


@public(HALF)
@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    second_step.end(request, timezone.now())
    return redirect("accounts:sign_in")


def _in(request: HttpRequest, half: HalfSignIn, shown: str, now: datetime) -> HttpResponse:
    signing_in.finish_second_step(request, half, shown=shown, now=now)
    return redirect(safe_path(half.next_path) or "/")


def _over(request: HttpRequest) -> HttpResponse:
    return redirect("accounts:sign_in")


def _stopped(
    request: HttpRequest, form: Form, stopped: TooManyAttempts, template: str, context: Mapping[str, object]
) -> HttpResponse:
    form.add_error(None, str(stopped))
    response = page(request, template, dict(context), status=stopped.status)
    response["Retry-After"] = str(stopped.retry_after)
    return response


# --- setting up the first factor -------------------------------------------------------------------------------


@public(HALF)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Whoever must have a second factor and has none sets one up before anything opens."""
    now = timezone.now()
    half = second_step.of(request, now)
    if half is None:
        return _over(request)
    if second_step.factors_of(half.user).any:
        return redirect("accounts:second_step")
    form = CodeForm(request.POST if request.method == "POST" else None)
    context = _set_up_context(half, form)
    if request.method != "POST":
        return page(request, "accounts/second_factor_set_up.html", context)
    if not form.is_valid():
        return form_page(request, "accounts/second_factor_set_up.html", context)
    try:
        added = second_factors.confirm_authenticator(
            actor=request.actor, user=half.user, text=form.cleaned_data["code"], keep_session=None, now=now
        )
    except Invalid as wrong:
        put_errors(form, wrong)
        return form_page(request, "accounts/second_factor_set_up.html", context)
    except TooManyAttempts as stopped:
        return _stopped(request, form, stopped, "accounts/second_factor_set_up.html", context)
    return _set_up_done(request, half, added, second_factors.AUTHENTICATOR, now)


@public(HALF)
@require_POST
def set_up_options(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    half = _half(request, now)
    if second_step.factors_of(half.user).any:
        raise second_step.HalfLost
    browser = browser_of(request)
    options = passkeys.ask_to_add(place=Place.of(request), browser=browser, user=half.user, now=now)
    return keep_browser(JsonResponse(options), browser)


@public(HALF)
@require_POST
def set_up_passkey(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    half = second_step.of(request, now)
    if half is None:
        return _over(request)
    if second_step.factors_of(half.user).any:
        return redirect("accounts:second_step")
    form = PasskeyForm(request.POST)
    try:
        added = second_factors.add_passkey(
            actor=request.actor,
            user=half.user,
            place=Place.of(request),
            browser=browser_of(request),
            answer=form.answer,
            name=form.device_name(request),
            keep_session=None,
            now=now,
        )
    except DomainError as refused:
        context = {**_set_up_context(half, CodeForm()), "error": refused}
        return page(request, "accounts/second_factor_set_up.html", context, status=refused.status)
    return _set_up_done(request, half, added, second_factors.PASSKEY, now)


def _set_up_context(half: HalfSignIn, form: CodeForm) -> dict[str, object]:
    authenticator = totp.being_set_up(half.user)
    return {
        "form": form,
        "half": half,
        "picture": totp.picture_of(authenticator),
        "key": totp.in_groups(authenticator.secret),
    }


def _set_up_done(
    request: HttpRequest, half: HalfSignIn, added: second_factors.Added, shown: str, now: datetime
) -> HttpResponse:
    """Signed in; the recovery codes are shown once, in this very answer."""
    signing_in.finish_second_step(request, half, shown=shown, now=now)
    context = {"codes": added.codes, "onward": safe_path(half.next_path) or "/"}
    return page(request, "accounts/recovery_codes_first.html", context)


# --- a passkey instead of a password ---------------------------------------------------------------------------


@public("whoever signs in with a passkey is not signed in yet")
@require_POST
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """Names nobody: the device knows for whom it has passkeys."""
    signing_in.require_passwords(request)
    PASSKEY_ADDRESS.spend(network(request.META["REMOTE_ADDR"]))
    return _options(request, purpose=Purpose.SIGN_IN, half=None, now=timezone.now())


@public("whoever signs in with a passkey is not signed in yet")
@require_POST
def sign_in_passkey(request: HttpRequest) -> HttpResponse:
    form, next_path = PasskeyForm(request.POST), safe_path(request.POST.get("next", ""))
    try:
        signing_in.sign_in_with_passkey(
            request,
            place=Place.of(request),
            browser=browser_of(request),
            answer=form.answer,
            now=timezone.now(),
        )
    except DomainError as refused:
        return refused_page(request, refused, next_path)
    return redirect(next_path or "/")


def _options(request: HttpRequest, *, purpose: Purpose, half: HalfSignIn | None, now: datetime) -> HttpResponse:
    browser = browser_of(request)
    options = passkeys.ask(
        place=Place.of(request), browser=browser, purpose=purpose, user=half.user if half else None, now=now
    )
    return keep_browser(JsonResponse(options), browser)
