"""Who can do what and why; giving and taking back roles."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.tables import Columns, csv_of
from apps.core.errors import DomainError, Invalid
from apps.core.ui import Tab
from apps.core.web import done, form_page, page, requires, undo_by

from ..forms import GrantForm
from ..permissions import ROLES_GRANT, ROLES_VIEW
from ..rules import school_day
from ..selectors import find_by_email, get_person, holdings
from ..services import roles
from ..wording import ROLE_NAMES
from .common import put_errors


@requires(ROLES_VIEW)
@require_safe
def role_list(request: HttpRequest) -> HttpResponseBase:
    form = None
    if ROLES_GRANT.allows(request.actor):
        form = GrantForm(actor=request.actor, initial={"email": _asked_for(request)})
    return _role_page(request, form)


def _asked_for(request: HttpRequest) -> str:
    """`?person=<id>` fills in the address: the person page links here."""
    try:
        return get_person(request.actor, UUID(request.GET.get("person", ""))).email
    except (ValueError, DomainError):
        return ""


def tabs() -> list[Tab]:
    """The pages about roles, from who was given one to what each person may do."""
    return [
        Tab("", _("Granted roles"), url=reverse("accounts:roles"), icon="shield-check"),
        Tab("matrix", _("Who can do what"), url=reverse("accounts:matrix"), icon="grid-3x3"),
        Tab("people", _("By person"), url=reverse("accounts:rights"), icon="users"),
        Tab("own", _("Your school's roles"), url=reverse("accounts:own_roles"), icon="shield-plus"),
    ]


GRANT_COLUMNS: Columns = {
    "person": lambda entry: entry["holding"].user.name,
    "email": lambda entry: entry["holding"].user.email,
    "account": lambda entry: entry["holding"].user.status,
    "role": lambda entry: entry["role_name"],
    "where": lambda entry: entry["holding"].place,
    "state": lambda entry: entry["state"],
    "from": lambda entry: entry["holding"].grant.starts_on,
    "until": lambda entry: entry["holding"].grant.ends_on,
    "granted_by": lambda entry: entry["holding"].grant.granted_by,
    "granted_at": lambda entry: entry["holding"].grant.granted_at,
    "note": lambda entry: entry["holding"].grant.note,
}


def _role_page(request: HttpRequest, form: GrantForm | None, status: int = 200) -> HttpResponseBase:
    today = school_day(timezone.now())
    held = [
        {
            "holding": holding,
            "role_name": holding.own_name or ROLE_NAMES[holding.role],
            "own": bool(holding.own_name),
            "state": holding.grant.state(today),
            "can_revoke": form is not None and roles.may_give_again(request.actor, holding.grant),
        }
        for holding in holdings(request.actor)
    ]
    if file := csv_of(request, "grants", held, GRANT_COLUMNS):
        return file
    context = {"form": form, "held": held, "tabs": tabs()}
    answer = form_page if status == 422 else page
    return answer(request, "accounts/roles.html", context)


@requires(ROLES_GRANT)
@require_POST
def grant(request: HttpRequest) -> HttpResponseBase:
    form = GrantForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _role_page(request, form, status=422)
    user = find_by_email(form.cleaned_data["email"])
    if user is None:
        form.add_error("email", _("Nobody in this school has this address. Invite the person instead."))
        return _role_page(request, form, status=422)
    try:
        roles.grant_role(
            actor=request.actor,
            user_id=user.pk,
            role=form.chosen_role,
            custom_role_id=form.chosen_custom.pk if form.chosen_custom else None,
            scope=form.chosen_scope,
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            note=form.cleaned_data["note"],
            now=timezone.now(),
        )
    except Invalid as refused:
        put_errors(form, refused)
        return _role_page(request, form, status=422)
    except DomainError as refused:
        form.add_error(None, str(refused))
        return _role_page(request, form, status=422)
    message = _("%(name)s now has the role %(role)s.") % {
        "name": user.name,
        "role": form.chosen_custom or ROLE_NAMES[form.chosen_role],
    }
    return done(request, to="accounts:roles", message=message)


@requires(ROLES_GRANT)
@require_POST
def revoke(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    held = next((one.grant for one in holdings(request.actor) if one.grant.pk == grant_id), None)
    roles.revoke_role(actor=request.actor, grant_id=grant_id, reason=request.POST.get("reason", ""), now=timezone.now())
    undo = undo_by("accounts:grant", **GrantForm.saying(held)) if held else ""
    return done(request, to="accounts:roles", message=_("The role was revoked."), undo=undo)
