"""Changing one's e-mail: asked for on the account page, confirmed and undone by mailed links."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import DomainError, Invalid
from apps.core.web import done, page, public

from ..forms import EmailChangeForm
from ..selectors import get_person, own_id
from ..services import email_change
from ..services.email_change import ChangeLinkInvalid
from .account import OWN, account_page
from .common import put_errors, signed_in


@signed_in(OWN)
@sensitive_post_parameters("change-current")
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    me = get_person(request.actor, own_id(request.actor))
    form = EmailChangeForm(request.POST, has_password=me.has_usable_password())
    if not form.is_valid():
        return account_page(request, email_form=form, status=422)
    try:
        email_change.request_change(
            actor=request.actor,
            email=form.cleaned_data["email"],
            password=form.cleaned_data.get("current", ""),
            now=timezone.now(),
        )
    except Invalid as refused:
        put_errors(form, refused)
        return account_page(request, email_form=form, status=422)
    except DomainError as refused:
        form.add_error(None, str(refused))
        return account_page(request, email_form=form, status=422)
    message = _("If this address can be used, a message with a link is on its way to it. Nothing changes before that.")
    return done(request, to="accounts:profile", message=message)


@signed_in(OWN)
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    email_change.cancel(actor=request.actor, now=timezone.now())
    return done(request, to="accounts:profile", message=_("Your e-mail stays as it is."))


@public("the link that was mailed to the new address is its holder's proof")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link does nothing yet: mail scanners open links too."""
    now = timezone.now()
    try:
        if request.method != "POST":
            return page(request, "accounts/email_confirm.html", {"change": email_change.find_by_token(token, now)})
        user = email_change.confirm(actor=request.actor, token=token, now=now)
    except ChangeLinkInvalid as refused:
        return page(request, "accounts/link_problem.html", {"error": refused}, status=refused.status)
    messages.success(request, _("Your e-mail is %(email)s now. You sign in with it.") % {"email": user.email})
    return redirect("accounts:profile")


@public("the link that was mailed to the old address is its holder's proof")
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    try:
        if request.method != "POST":
            return page(request, "accounts/email_undo.html", {"change": email_change.find_by_undo(token, now)})
        onward = email_change.undo(actor=request.actor, token=token, now=now)
    except ChangeLinkInvalid as refused:
        return page(request, "accounts/link_problem.html", {"error": refused}, status=refused.status)
    if onward:
        messages.success(request, _("Your old e-mail is back and everybody is signed out. Choose a new password now."))
        return redirect(onward)
    messages.success(request, _("Your old e-mail is back and everybody is signed out."))
    return redirect("accounts:sign_in")
