"""Confirm that it is you: shown before a dangerous act, then the act goes on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.errors import DomainError, Invalid
from apps.core.web import form_page, page
from apps.microsoft.registration import is_configured

from ..forms import CodeForm, ConfirmForm
from ..models import Session
from ..selectors import get_person, identities_of, own_id
from ..services import second_step, step_up
from .common import put_errors, safe_path, signed_in
from .sign_in import ways_of

OWN = "everybody who is signed in confirms their own identity"


def session_of(request: HttpRequest) -> Session:
    row = request.session.row
    assert isinstance(row, Session)  # who is signed in has one
    return row


@signed_in(OWN)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    next_path = safe_path(request.POST.get("next") or request.GET.get("next") or "") or "/"
    if request.method != "POST":
        return confirm_page(request, ConfirmForm(), next_path)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return confirm_page(request, form, next_path, status=422)
    try:
        step_up.prove_with_password(
            actor=request.actor,
            session=session_of(request),
            password=form.cleaned_data["password"],
            now=timezone.now(),
        )
    except Invalid as refused:
        put_errors(form, refused)
        return confirm_page(request, form, next_path, status=422)
    except DomainError as refused:
        form.add_error(None, str(refused))
        return confirm_page(request, form, next_path, status=refused.status)
    return go_on(request, next_path)


def go_on(request: HttpRequest, next_path: str) -> HttpResponse:
    """To the act that waits, else to where the person was."""
    waits = step_up.KEPT in request.session
    return redirect("accounts:confirmed") if waits else redirect(safe_path(next_path) or "/")


@signed_in(OWN)
@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """Sends what was kept once more; without JavaScript the person presses the button."""
    waiting = step_up.kept(request)
    if waiting is None:
        return redirect("/")
    return page(request, "accounts/confirmed.html", {"waiting": waiting})


def confirm_page(
    request: HttpRequest,
    form: ConfirmForm,
    next_path: str,
    status: int = 200,
    *,
    code_form: CodeForm | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    me = get_person(request.actor, own_id(request.actor))
    factors = second_step.factors_of(me)
    ways = ways_of(request)
    linked = bool(ways.organisation) and is_configured() and identities_of(me.pk).exists()
    context = {
        "form": form,
        "next": next_path,
        "me": me,
        "factors": factors,
        "code_form": code_form or CodeForm(),
        "error": error,
        "has_password": ways.password and me.has_usable_password() and not factors.any,
        "microsoft_url": f"{reverse('accounts:confirm_microsoft')}?{urlencode({'next': next_path})}" if linked else "",
        "waits": step_up.KEPT in request.session,
        "subtitle": _("What you are about to do is sensitive."),
    }
    answer = form_page if status == 422 else page
    return (
        answer(request, "accounts/confirm.html", context)
        if status in (200, 422)
        else page(request, "accounts/confirm.html", context, status=status)
    )
