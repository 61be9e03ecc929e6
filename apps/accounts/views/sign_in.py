"""Signing in with a password, signing out, choosing a language."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import DomainError
from apps.core.middleware import back
from apps.core.web import page, public

from ..forms import SignInForm
from ..models import Session
from ..selectors import SignInWays, sign_in_ways
from ..services import microsoft_sign_out, profile, second_step, signing_in
from ..services.limits import TooManyAttempts
from ..standing_in import while_looking
from .common import nothing_kept, onward, safe_path

LEAVING = "_leaving"  # which Microsoft account the visitor was signed in with until now


def ways_of(request: HttpRequest) -> SignInWays:
    return sign_in_ways(request.school) if request.school else SignInWays(password=True, organisation=None)


@public("the sign-in page is for people who are not signed in yet")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    next_path = safe_path(request.POST.get("next") or request.GET.get("next") or "")
    if request.method != "POST":
        if not request.actor.is_anonymous:
            return redirect(next_path or settings.LOGIN_REDIRECT_URL)
        if second_step.of(request, timezone.now()):
            return redirect("accounts:second_step")
        return _sign_in_page(request, SignInForm(), next_path)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, next_path, status=422)
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    try:
        signing_in.sign_in_with_password(request, email=email, password=password, now=timezone.now())
    except DomainError as refused:
        form.add_error(None, str(refused))
        locked = isinstance(refused, TooManyAttempts)
        response = _sign_in_page(request, form, next_path, status=refused.status, locked=locked)
        if isinstance(refused, TooManyAttempts):
            response["Retry-After"] = str(refused.retry_after)
        return response
    return onward(request, next_path or settings.LOGIN_REDIRECT_URL)


def refused_page(request: HttpRequest, refused: DomainError, next_path: str) -> HttpResponse:
    """The sign-in page again, with why another way was refused."""
    form = SignInForm()
    response = _sign_in_page(request, form, next_path, status=refused.status, error=refused)
    if isinstance(refused, TooManyAttempts):
        response["Retry-After"] = str(refused.retry_after)
    return response


def _sign_in_page(
    request: HttpRequest,
    form: SignInForm,
    next_path: str,
    status: int = 200,
    *,
    locked: bool = False,
    error: DomainError | None = None,
) -> HttpResponse:
    ways = ways_of(request)
    microsoft_url = ""
    if ways.organisation:
        onward = "?" + urlencode({"next": next_path}) if next_path else ""
        microsoft_url = reverse("accounts:microsoft_start") + onward
    reasons = dict(Session.Ended.choices)
    ended = request.session_ended or request.GET.get("ended", "")
    context = {
        "form": form,
        "next": next_path,
        "ways": ways,
        "microsoft_url": microsoft_url,
        "locked": locked,
        "error": error,
        "ended": reasons.get(ended, ""),
        "ended_badly": ended == Session.Ended.REUSED,
    }
    if request.school and request.GET.get("signed-out") == "microsoft":
        context["leave_microsoft_url"] = microsoft_sign_out.leave_url(request.session.get(LEAVING, ""))
    return page(request, "accounts/sign_in.html", context, status=status)


@while_looking
@public("ending a session needs no right; a visitor has none to end")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    with_microsoft = bool(request.school) and way_of(request) == Session.Way.MICROSOFT
    account = microsoft_sign_out.account_of(request.actor.user_id) if with_microsoft else ""
    signing_in.end_session(request)
    messages.success(request, _("You are signed out."))
    if account:
        request.session[LEAVING] = account
    return nothing_kept(redirect(reverse("accounts:sign_in") + ("?signed-out=microsoft" if with_microsoft else "")))


def way_of(request: HttpRequest) -> str:
    """How this browser's session began; "" without one."""
    row = getattr(request.session, "row", None)
    return row.signed_in_by if row is not None and request.actor.user_id else ""


@public("visitors choose a language before they sign in")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie, and with the person who is signed in; then back to the page it was made on.

    The browser says which one: an address may hold the secret of a link, which no page shall repeat.
    """
    wanted = request.POST.get("language", "")
    response = redirect(back(request))
    if wanted in dict(settings.LANGUAGES):
        if request.actor.user_id:
            profile.change_language(actor=request.actor, language=wanted)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 24 * 3600,
            secure=True,
            httponly=True,
            samesite="Lax",
        )
    return response
