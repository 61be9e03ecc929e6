"""Locked sign-ins: for the person who is locked out, and for administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.audit.tables import csv_of
from apps.core.web import done, form_page, page, public, requires

from ..forms import ForgottenForm
from ..permissions import LOCKOUTS_LIFT
from ..services import lockouts
from ..services.limits import TooManyAttempts
from ..services.links import LinkInvalid

# --- for the person --------------------------------------------------------------------------------------


@public("somebody who is locked out is not signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request, "accounts/unlock_ask.html", {"form": ForgottenForm()})
    form = ForgottenForm(request.POST)
    if not form.is_valid():
        return form_page(request, "accounts/unlock_ask.html", {"form": form})
    try:
        lockouts.request_link(email=form.cleaned_data["email"], address=request.META["REMOTE_ADDR"], now=timezone.now())
    except TooManyAttempts as refused:
        form.add_error(None, str(refused))
        response = page(request, "accounts/unlock_ask.html", {"form": form}, status=refused.status)
        response["Retry-After"] = str(refused.retry_after)
        return response
    return redirect("accounts:check_mail")


@public("the link that was mailed is its holder's proof")
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Opening the link does nothing yet: mail scanners open links too."""
    try:
        if request.method != "POST":
            return page(request, "accounts/unlock.html", {"person": lockouts.find_by_link(uid, token)})
        lockouts.open_by_link(request, uid=uid, token=token)
    except LinkInvalid as refused:
        context = {"error": refused, "again_url": "accounts:unlock_ask"}
        return page(request, "accounts/link_problem.html", context, status=refused.status)
    messages.success(request, _("This browser is unlocked. Sign in now."))
    return redirect("accounts:sign_in")


# --- for administrators ----------------------------------------------------------------------------------


@requires(LOCKOUTS_LIFT)
@require_safe
def lockout_list(request: HttpRequest) -> HttpResponseBase:
    found = lockouts.lockouts(actor=request.actor, now=timezone.now())
    columns = {"who": "who", "what": "what", "until": "until", "strikes": "strikes"}
    if file := csv_of(request, "lockouts", found, columns):
        return file
    return page(request, "accounts/lockouts.html", {"lockouts": found[:200], "more": max(0, len(found) - 200)})


@requires(LOCKOUTS_LIFT)
@require_POST
def lift(request: HttpRequest) -> HttpResponse:
    lifted = lockouts.lift(actor=request.actor, key=request.POST.get("key", "")[:200], now=timezone.now())
    message = _("The lock is lifted.") if lifted else _("This was not locked any more.")
    return done(request, to="accounts:lockouts", message=message)
