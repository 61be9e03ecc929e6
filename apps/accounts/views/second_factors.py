"""My second factors: what is set up, adding and removing. Every change asks for a fresh proof of identity first."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import DomainError, Invalid
from apps.core.permissions import require_fresh
from apps.core.web import done, form_page, page

from ..forms import CodeForm, ConfirmForm, PasskeyForm
from ..models import PasskeyChallenge, User
from ..permissions import PEOPLE_VIEW
from ..selectors import get_person, own_id
from ..services import passkeys, recovery_codes, second_factors, second_step, signing_in, step_up, totp
from ..services.limits import TooManyAttempts
from ..services.passkeys import Place
from .common import put_errors, safe_path, signed_in
from .cookies import browser_of, keep_browser
from .step_up import confirm_page, go_on, session_of

OWN = "everybody who is signed in sees and changes their own second factors"


def _me(request: HttpRequest) -> User:
    return get_person(request.actor, own_id(request.actor))


def _layout(request: HttpRequest) -> str:
    if request.school is None:
        return "layouts/platform.html"
    return "layouts/school.html" if PEOPLE_VIEW.allows(request.actor) else "layouts/member.html"


@signed_in(OWN)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    me = _me(request)
    factors = second_step.factors_of(me)
    context = {
        "layout": _layout(request),
        "me": me,
        "factors": factors,
        "authenticator": totp.confirmed(me),
        "passkeys": me.passkeys.all(),
        "here": Place.of(request).rp_id,
        "few": factors.any and factors.recovery_codes <= recovery_codes.FEW,
        "required": second_step.is_required(request.actor, request.school),
    }
    return page(request, "accounts/second_factors.html", context)


@signed_in(OWN)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def authenticator(request: HttpRequest) -> HttpResponse:
    """Show the picture, and accept the app's first code."""
    require_fresh(request.actor)
    me, form = _me(request), CodeForm(request.POST if request.method == "POST" else None)
    waiting = totp.waiting(me)
    if waiting is None:
        return redirect("accounts:second_factors")
    context = {
        "layout": _layout(request),
        "form": form,
        "picture": totp.picture_of(waiting),
        "key": totp.in_groups(waiting.secret),
        "replaces": totp.confirmed(me) is not None,
    }
    if request.method != "POST":
        return page(request, "accounts/authenticator.html", context)
    if not form.is_valid():
        return form_page(request, "accounts/authenticator.html", context)
    try:
        added = second_factors.confirm_authenticator(
            actor=request.actor,
            user=me,
            text=form.cleaned_data["code"],
            keep_session=session_of(request).pk,
            now=timezone.now(),
        )
    except Invalid as wrong:
        put_errors(form, wrong)
        return form_page(request, "accounts/authenticator.html", context)
    except TooManyAttempts as stopped:
        form.add_error(None, str(stopped))
        return page(request, "accounts/authenticator.html", context, status=stopped.status)
    return _added(request, added, _("Your authenticator app is set up. Other browsers are signed out."))


@signed_in(OWN)
@require_POST
def authenticator_begin(request: HttpRequest) -> HttpResponse:
    second_factors.begin_authenticator(actor=request.actor)
    return redirect("accounts:authenticator")


@signed_in(OWN)
@require_POST
def authenticator_remove(request: HttpRequest) -> HttpResponse:
    second_factors.remove_authenticator(
        actor=request.actor, school=request.school, keep_session=session_of(request).pk, now=timezone.now()
    )
    return done(request, to="accounts:second_factors", message=_("The authenticator app is removed."))


@signed_in(OWN)
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    require_fresh(request.actor)
    browser = browser_of(request)
    options = passkeys.ask_to_add(place=Place.of(request), browser=browser, user=_me(request), now=timezone.now())
    return keep_browser(JsonResponse(options), browser)


@signed_in(OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def passkey_new(request: HttpRequest) -> HttpResponse:
    require_fresh(request.actor)
    place = Place.of(request)
    context = {"layout": _layout(request), "here": place.rp_id}
    if request.method != "POST":
        return page(request, "accounts/passkey_new.html", context)
    form = PasskeyForm(request.POST)
    try:
        added = second_factors.add_passkey(
            actor=request.actor,
            user=_me(request),
            place=place,
            browser=browser_of(request),
            answer=form.answer,
            name=form.device_name(request),
            keep_session=session_of(request).pk,
            now=timezone.now(),
        )
    except DomainError as refused:
        return page(request, "accounts/passkey_new.html", {**context, "error": refused}, status=refused.status)
    return _added(request, added, _("The passkey is added. Other browsers are signed out."))


@signed_in(OWN)
@require_POST
def passkey_remove(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    second_factors.remove_passkey(
        actor=request.actor,
        passkey_id=passkey_id,
        school=request.school,
        keep_session=session_of(request).pk,
        now=timezone.now(),
    )
    return done(request, to="accounts:second_factors", message=_("The passkey is removed."))


@signed_in(OWN)
@require_POST
def recovery_codes_renew(request: HttpRequest) -> HttpResponse:
    codes = second_factors.renew_recovery_codes(actor=request.actor, now=timezone.now())
    return _codes_page(request, codes)


def _added(request: HttpRequest, added: second_factors.Added, message: str) -> HttpResponse:
    """This session has just shown the new factor. With the first one come recovery codes, shown once."""
    signing_in.second_factor_shown(request)
    if added.codes:
        return _codes_page(request, added.codes)
    return done(request, to="accounts:second_factors", message=message)


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return page(request, "accounts/recovery_codes.html", {"layout": _layout(request), "codes": codes})


# --- confirming that it is you, before a dangerous act (see views.step_up) ---------------------------------------


@signed_in(OWN)
@sensitive_post_parameters("code")
@require_POST
def confirm_code(request: HttpRequest) -> HttpResponse:
    form, next_path = CodeForm(request.POST), _next(request)
    if not form.is_valid():
        return confirm_page(request, ConfirmForm(), next_path, status=422, code_form=form)
    try:
        step_up.prove_with_code(
            actor=request.actor,
            session=session_of(request),
            text=form.cleaned_data["code"],
            now=timezone.now(),
        )
    except Invalid as wrong:
        put_errors(form, wrong)
        return confirm_page(request, ConfirmForm(), next_path, status=422, code_form=form)
    except TooManyAttempts as stopped:
        form.add_error(None, str(stopped))
        return confirm_page(request, ConfirmForm(), next_path, status=stopped.status, code_form=form)
    return go_on(request, next_path)


@signed_in(OWN)
@require_POST
def confirm_options(request: HttpRequest) -> HttpResponse:
    browser = browser_of(request)
    options = passkeys.ask(
        place=Place.of(request),
        browser=browser,
        purpose=PasskeyChallenge.Purpose.CONFIRM,
        user=_me(request),
        now=timezone.now(),
    )
    return keep_browser(JsonResponse(options), browser)


@signed_in(OWN)
@require_POST
def confirm_passkey(request: HttpRequest) -> HttpResponse:
    form, next_path = PasskeyForm(request.POST), _next(request)
    try:
        step_up.prove_with_passkey(
            actor=request.actor,
            session=session_of(request),
            place=Place.of(request),
            browser=browser_of(request),
            answer=form.answer,
            now=timezone.now(),
        )
    except DomainError as refused:
        return confirm_page(request, ConfirmForm(), next_path, status=refused.status, error=refused)
    return go_on(request, next_path)


def _next(request: HttpRequest) -> str:
    return safe_path(request.POST.get("next", "")) or "/"
