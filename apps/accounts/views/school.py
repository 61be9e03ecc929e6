"""How the school signs in: its Microsoft organisation, and whether passwords exist."""

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core.web import done, page, requires
from apps.microsoft.registration import is_configured
from apps.tenants import features

from ..models import Session
from ..permissions import SCHOOL_LINK_MICROSOFT
from ..rules import SECOND_FACTOR
from ..selectors import get_person, identities_of, own_id, sign_in_ways
from ..services import linking
from .sign_in import way_of


@requires(SCHOOL_LINK_MICROSOFT)
@require_safe
def microsoft_settings(request: HttpRequest) -> HttpResponse:
    ways = sign_in_ways(request.school)
    mine = identities_of(own_id(request.actor)).filter(tenant_id=getattr(ways.organisation, "external_id", ""))
    context = {
        "ways": ways,
        "configured": is_configured() and is_configured("DIRECTORY"),
        "own_identity": mine.first(),
        "second_factor_required": features.value(SECOND_FACTOR.key, request.school),
    }
    return page(request, "accounts/microsoft_settings.html", context)


@requires(SCHOOL_LINK_MICROSOFT)
@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    linking.unlink_organisation(actor=request.actor, reason=request.POST.get("reason", ""), now=timezone.now())
    message = _("The Microsoft organisation is unlinked. People sign in with their passwords.")
    return done(request, to="accounts:sign_in_settings", message=message)


@requires(SCHOOL_LINK_MICROSOFT)
@require_POST
def second_factor_rule(request: HttpRequest) -> HttpResponse:
    required = request.POST.get("second_factor") == "required"
    linking.require_second_factor(actor=request.actor, required=required, now=timezone.now())
    message = (
        _("Administrators now need a second step at sign-in.") if required else _("The second step is optional now.")
    )
    return done(request, to="accounts:sign_in_settings", message=message)


@requires(SCHOOL_LINK_MICROSOFT)
@require_POST
def password_rule(request: HttpRequest) -> HttpResponse:
    allowed = request.POST.get("passwords") == "allowed"
    began_with_password = way_of(request) == Session.Way.PASSWORD
    linking.allow_passwords(actor=request.actor, allowed=allowed, now=timezone.now())
    if not allowed and began_with_password:
        logout(request)  # this session ended with all others that began with a password
        messages.success(request, _("Everyone now signs in with Microsoft only. So do you."))
        return redirect("accounts:sign_in")
    if request.actor.user_id:  # forgetting all passwords ends every session; this one goes on
        update_session_auth_hash(request, get_person(request.actor, request.actor.user_id))
    message = _("Passwords are allowed.") if allowed else _("Everyone now signs in with Microsoft only.")
    return done(request, to="accounts:sign_in_settings", message=message)
