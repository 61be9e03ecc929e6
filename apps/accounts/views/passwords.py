"""Forgotten passwords."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.errors import Invalid
from apps.core.web import form_page, page, public

from ..forms import ForgottenForm, NewPasswordForm
from ..services import passwords
from ..services.limits import LINK_ADDRESS, TooManyAttempts
from ..services.links import LinkInvalid
from .common import put_errors
from .sign_in import ways_of


@public("somebody who forgot the password is not signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    if not ways_of(request).password:
        return redirect("accounts:sign_in")
    if request.method != "POST":
        return page(request, "accounts/forgotten.html", {"form": ForgottenForm()})
    form = ForgottenForm(request.POST)
    if not form.is_valid():
        return form_page(request, "accounts/forgotten.html", {"form": form})
    try:
        passwords.request_reset(
            actor=request.actor,
            email=form.cleaned_data["email"],
            address=request.META["REMOTE_ADDR"],
            now=timezone.now(),
        )
    except TooManyAttempts as refused:
        form.add_error(None, str(refused))
        response = page(request, "accounts/forgotten.html", {"form": form}, status=refused.status)
        response["Retry-After"] = str(refused.retry_after)
        return response
    return redirect("accounts:check_mail")


@public("says the same to everybody: look into your mail")
@require_safe
def check_mail(request: HttpRequest) -> HttpResponse:
    return page(request, "accounts/check_mail.html")


@public("the link that was mailed is its holder's proof")
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    try:
        user = passwords.find_by_link(uid, token)
        if request.method != "POST":
            return page(request, "accounts/reset.html", {"form": NewPasswordForm(), "person": user})
        form = NewPasswordForm(request.POST)
        if not form.is_valid():
            return form_page(request, "accounts/reset.html", {"form": form, "person": user})
        LINK_ADDRESS.spend(request.META["REMOTE_ADDR"])
        passwords.reset(
            actor=request.actor,
            uid=uid,
            token=token,
            password=form.cleaned_data["password"],
            now=timezone.now(),
        )
    except LinkInvalid as refused:
        context = {"error": refused, "again_url": "accounts:forgotten"}
        return page(request, "accounts/link_problem.html", context, status=refused.status)
    except Invalid as weak:
        put_errors(form, weak)
        return form_page(request, "accounts/reset.html", {"form": form, "person": user})
    messages.success(request, _("Your password is changed. Sign in with the new one."))
    return redirect("accounts:sign_in")
