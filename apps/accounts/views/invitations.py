"""Accepting an invitation; and, for administrators, sending and withdrawing them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.audit.tables import Columns, csv_of
from apps.core.actor import Role
from apps.core.errors import DomainError, Invalid
from apps.core.ui import Tab
from apps.core.web import done, form_page, page, public, requires

from ..forms import AcceptForm, InviteForm
from ..models import Invitation, Session
from ..permissions import PEOPLE_INVITE
from ..selectors import INVITATION_STATES, invitations_in_state, known, place_name, places
from ..services import invitations, signing_in
from ..services.limits import ASK_AGAIN, LINK_ADDRESS
from ..services.passwords import PasswordsOff
from ..wording import ROLE_NAMES
from .common import onward, put_errors
from .sign_in import ways_of

LINK_PROBLEMS = (
    invitations.LinkUnknown,
    invitations.LinkUsed,
    invitations.LinkRevoked,
    invitations.LinkExpired,
    invitations.InviterLeft,
)

# --- for the person who is invited -----------------------------------------------------------------------


@public("the link that was mailed is its holder's proof")
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    try:
        invitation = invitations.find_usable(token, now)
        if request.method != "POST":
            user = invitation.user
            form = AcceptForm(initial={"given_name": user.given_name, "family_name": user.family_name})
            return _accept_page(request, invitation, form, token)
        return _accept(request, invitation, token)
    except LINK_PROBLEMS as refused:
        context = {"error": refused, "token": token if isinstance(refused, invitations.LinkExpired) else ""}
        return page(request, "accounts/link_problem.html", context, status=refused.status)


def _accept(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    form = AcceptForm(request.POST)
    if not ways_of(request).password:
        form.add_error(None, str(PasswordsOff()))
    if not form.is_valid():
        return _accept_page(request, invitation, form, token, status=422)
    LINK_ADDRESS.spend(request.META["REMOTE_ADDR"])
    now = timezone.now()
    names = {name: form.cleaned_data[name] for name in ("given_name", "family_name")}
    try:
        user = invitations.accept_with_password(
            actor=request.actor, token=token, password=form.cleaned_data["password"], now=now, **names
        )
    except Invalid as weak:
        put_errors(form, weak)
        return _accept_page(request, invitation, form, token, status=422)
    signing_in.start_session(request, user, way=Session.Way.PASSWORD, now=now)
    return onward(request, "/")


def _accept_page(
    request: HttpRequest, invitation: Invitation, form: AcceptForm, token: str, status: int = 200
) -> HttpResponse:
    context = {"form": form, "invitation": invitation, "token": token, "ways": ways_of(request)}
    return page(request, "accounts/invitation.html", context, status=status)


@public("an expired link only makes a new one go to the invited address")
@require_POST
def ask_again(request: HttpRequest, token: str) -> HttpResponse:
    ASK_AGAIN.spend(token)
    try:
        invitations.ask_again(actor=request.actor, token=token, now=timezone.now())
    except LINK_PROBLEMS as refused:
        return page(request, "accounts/link_problem.html", {"error": refused}, status=refused.status)
    return redirect("accounts:check_mail")


# --- for those who invite --------------------------------------------------------------------------------

PER_PAGE = 50


@requires(PEOPLE_INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_list(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _list(request, InviteForm(actor=request.actor))
    form = InviteForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        invitation = invitations.invite(
            actor=request.actor,
            email=form.cleaned_data["email"],
            given_name=form.cleaned_data["given_name"],
            family_name=form.cleaned_data["family_name"],
            role=form.chosen_role,
            custom_role_id=form.chosen_custom.pk if form.chosen_custom else None,
            scope=form.chosen_scope,
            now=timezone.now(),
        )
    except Invalid as refused:
        put_errors(form, refused)
        return _list(request, form, status=422)
    except DomainError as refused:
        form.add_error(None, str(refused))
        return _list(request, form, status=422)
    message = _("The invitation has been sent to %(email)s.") % {"email": invitation.email}
    return done(request, to="accounts:invitations", message=message)


COLUMNS: Columns = {
    "person": lambda row: row["invitation"].user.name,
    "email": lambda row: row["invitation"].email,
    "role": lambda row: row["role"],
    "where": lambda row: row["place"],
    "state": lambda row: row["state"],
    "invited_by": lambda row: row["invitation"].invited_by,
    "expires_at": lambda row: row["invitation"].expires_at,
}


def _list(request: HttpRequest, form: InviteForm, status: int = 200) -> HttpResponseBase:
    now, names = timezone.now(), places()
    state = request.GET.get("status", "")
    wanted = invitations_in_state(request.actor, state if state in INVITATION_STATES else "open")

    def shown(invitation: Invitation) -> dict[str, Any]:
        return {
            "invitation": invitation,
            "key": invitation.pk.hex,
            "role": _role(invitation),
            "place": place_name(invitation.scope, names),
            "state": _state(invitation, now),
        }

    if file := csv_of(request, "invitations", map(shown, wanted.iterator(chunk_size=500)), COLUMNS):
        return file
    found = Paginator(wanted, PER_PAGE).get_page(request.GET.get("page"))
    rows = [shown(invitation) for invitation in found]
    tabs = [Tab("", _("Open")), Tab("accepted", _("Accepted")), Tab("revoked", _("Revoked"))]
    context = {"form": form, "rows": rows, "page_obj": found, "tabs": tabs, "state": state}
    answer = form_page if status == 422 else page
    return answer(request, "accounts/invitations.html", context, partial="table")


def _role(invitation: Invitation) -> str:
    if invitation.custom_role:
        return invitation.custom_role.name
    return str(ROLE_NAMES[Role(invitation.role)]) if known(invitation.role) else invitation.role


def _state(invitation: Invitation, now: datetime) -> str:
    if invitation.accepted_at:
        return "accepted"
    if invitation.revoked_at:
        return "revoked"
    return "expired" if invitation.expires_at <= now else "open"


@requires(PEOPLE_INVITE)
@require_POST
def resend(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    invitation = invitations.resend(actor=request.actor, invitation_id=invitation_id, now=timezone.now())
    message = _("A new link has been sent to %(email)s.") % {"email": invitation.email}
    return done(request, to="accounts:invitations", message=message)


@requires(PEOPLE_INVITE)
@require_POST
def revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    invitation = invitations.revoke(actor=request.actor, invitation_id=invitation_id, now=timezone.now())
    message = _("The invitation of %(email)s no longer works.") % {"email": invitation.email}
    return done(request, to="accounts:invitations", message=message)
