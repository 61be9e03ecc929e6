"""Leaving for Microsoft, coming back to the one callback host, arriving at the school."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.errors import DomainError
from apps.core.permissions import require_fresh
from apps.core.web import page, public, requires
from apps.tenants.hosts import normal_host, school_url

from .. import known_browsers
from ..models import SignInFlow
from ..permissions import SCHOOL_LINK_MICROSOFT
from ..selectors import identities_of, own_id
from ..services import invitations, microsoft_sign_in
from ..services.just_in_time import is_ours
from ..services.limits import TooManyAttempts
from ..services.microsoft_sign_in import FlowLost, NotLinked
from . import platform_microsoft
from .common import onward, refusal_page, safe_path, signed_in
from .cookies import FLOW_COOKIE, keep
from .step_up import go_on

Purpose = SignInFlow.Purpose

# --- on the school's host: leaving -----------------------------------------------------------------------


@public("signing in with Microsoft begins before anybody is signed in")
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return _leave(
        request,
        Purpose.SIGN_IN,
        next_path=safe_path(request.GET.get("next", "")),
        choose_account="other" in request.GET,
        fresh=settings.SHARED_DEVICE_COOKIE_NAME in request.COOKIES,  # a shared device: never silently
    )


@public("the link of an invitation is its holder's only proof")
@require_safe
def start_invitation(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitations.find_usable(token, timezone.now())
    return _leave(request, Purpose.ACCEPT, invitation=invitation, login_hint=invitation.email)


@signed_in("everybody may link their own Microsoft account")
@require_safe
def start_person(request: HttpRequest) -> HttpResponse:
    require_fresh(request.actor)  # a new way in: an open browser must not become somebody else's account
    return _leave(request, Purpose.LINK_PERSON, user_id=request.actor.user_id, choose_account=True)


@signed_in("everybody who is signed in may confirm their own identity")
@require_safe
def start_confirmation(request: HttpRequest) -> HttpResponse:
    identity = identities_of(own_id(request.actor)).first()
    return _leave(
        request,
        Purpose.PROVE,
        user_id=request.actor.user_id,
        next_path=safe_path(request.GET.get("next", "")),
        login_hint=identity.upn if identity else "",
    )


@requires(SCHOOL_LINK_MICROSOFT)
@require_safe
def start_school(request: HttpRequest) -> HttpResponse:
    SCHOOL_LINK_MICROSOFT.require(request.actor)  # with a recent proof: it is not asked for again at the end
    return _leave(request, Purpose.CONSENT, user_id=request.actor.user_id)


def _leave(request: HttpRequest, purpose: str, **facts: Any) -> HttpResponse:
    """Send the browser away with a cookie that the way back must match; a second tab keeps the first one's."""
    kept, host = request.COOKIES.get(FLOW_COOKIE, ""), normal_host(request.get_host())
    try:
        known = known_browsers.any_name_of(request)
        microsoft_sign_in.count_departure(actor=request.actor, address=request.META["REMOTE_ADDR"], browser=known)
        departure = microsoft_sign_in.begin(purpose=purpose, now=timezone.now(), browser=kept, host=host, **facts)
    except DomainError as refused:
        return _refused(request, refused, purpose)
    response = redirect(departure.url)
    keep(response, departure)
    return response


# --- on the platform's host: coming back -----------------------------------------------------------------


@public("Microsoft sends every school's people back here; only the ticket it yields opens anything")
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    if is_ours(request.GET.get("state", "")):
        return platform_microsoft.came_back(request)
    try:
        return redirect(microsoft_sign_in.complete(request.GET.dict(), timezone.now()))
    except FlowLost as lost:
        return _lost(request, lost)


@public("an administrator comes back here from Microsoft's consent page; it proves nothing by itself")
@require_safe
def consent(request: HttpRequest) -> HttpResponse:
    try:
        return redirect(microsoft_sign_in.complete_consent(request.GET.dict(), timezone.now()))
    except FlowLost as lost:
        return _lost(request, lost)


def _lost(request: HttpRequest, lost: FlowLost) -> HttpResponse:
    school = microsoft_sign_in.school_of_state(request.GET.get("state", "")[:200])
    context = {"error": lost, "sign_in_url": school_url(school, "/sign-in/") if school else ""}
    return page(request, "accounts/sign_in_refused.html", context, status=lost.status)


# --- on the school's host: arriving ----------------------------------------------------------------------


@public("the ticket, this host and this browser's cookie together are the proof")
@require_safe
def arrive(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    purpose: str = Purpose.SIGN_IN
    try:
        flow = microsoft_sign_in.arrive(
            ticket=request.GET.get("ticket", ""), browser=request.COOKIES.get(FLOW_COOKIE, ""), now=now
        )
        purpose = flow.purpose
        microsoft_sign_in.finish(request, flow, now)
    except DomainError as refused:
        return _refused(request, refused, purpose)
    if flow.purpose == Purpose.LINK_PERSON:
        messages.success(request, _("Your Microsoft account is linked: you can sign in with it from now on."))
        return redirect("accounts:profile")
    if flow.purpose == Purpose.LINK_SCHOOL:
        messages.success(request, _("Your school's Microsoft organisation is linked."))
        return redirect("accounts:sign_in_settings")
    if flow.purpose == Purpose.PROVE:
        return go_on(request, flow.next_path)
    return onward(request, safe_path(flow.next_path) or "/")


RETRY: dict[str, str] = {
    Purpose.LINK_PERSON: "accounts:profile",
    Purpose.PROVE: "accounts:confirm",
    Purpose.CONSENT: "accounts:sign_in_settings",
    Purpose.LINK_SCHOOL: "accounts:sign_in_settings",
}


NO_OTHER_ACCOUNT_HELPS = {NotLinked.code, TooManyAttempts.code}


def _refused(request: HttpRequest, refused: DomainError, purpose: str) -> HttpResponse:
    context = {
        "linking": RETRY.get(purpose, ""),
        "other_account": purpose == Purpose.SIGN_IN and refused.code not in NO_OTHER_ACCOUNT_HELPS,
    }
    return refusal_page(request, refused, context)
