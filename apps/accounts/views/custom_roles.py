"""Roles of the school's own: the list, making one, changing one, ending one."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit.tables import Columns, csv_of
from apps.core.errors import DomainError, Invalid
from apps.core.ui import Tab, Text
from apps.core.web import done, form_page, page, requires

from .. import rights
from ..forms import AnyRoleAndPlace, CustomRoleForm
from ..models import CustomRole, PlaceKind
from ..permissions import ROLES_DEFINE, ROLES_VIEW, VIEW_AS
from ..services import custom_roles
from ..wording import ROLE_NAMES
from .common import put_errors
from .roles import tabs

OWN_COLUMNS: Columns = {
    "role": lambda row: row["role"].name,
    "description": lambda row: row["role"].description,
    "scope": lambda row: row["role"].scope_kind,
    "people": lambda row: row["people"],
    "permissions": lambda row: [permission.code for permission in row["permissions"]],
}


@requires(ROLES_VIEW)
@require_safe
def role_list(request: HttpRequest) -> HttpResponseBase:
    counts = rights.count_holders(actor=request.actor, now=timezone.now())
    own = [
        {
            "role": role,
            "people": counts.get(str(role.pk), 0),
            "permissions": [p for p in rights.school_permissions() if p.code in role.gives],
        }
        for role in rights.own_roles()
    ]
    built_in = [
        {"name": ROLE_NAMES[role], "people": counts.get(role.value, 0), "number": _number_of(role)}
        for role in rights.SCHOOL_ROLES
    ]
    if file := csv_of(request, "own-roles", own, OWN_COLUMNS):
        return file
    context = {
        "tabs": tabs(),
        "own": own,
        "built_in": built_in,
        "archived": rights.own_roles(archived=True),
        "can_define": ROLES_DEFINE.allows(request.actor),
        "view_form": AnyRoleAndPlace(actor=request.actor) if VIEW_AS.allows(request.actor) else None,
    }
    return page(request, "accounts/own_roles.html", context)


def _number_of(role: object) -> int:
    return sum(role in permission.roles for permission in rights.school_permissions())


def kinds() -> list[tuple[str, Text]]:
    """The kinds of place that exist at this school: associations only when there is one."""
    present = {"school", "campus", *rights.kinds_of_places()}
    return [(value, label) for value, label in PlaceKind.choices if value in present]


@requires(ROLES_DEFINE)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "school")
    kind = kind if kind in PlaceKind.values else "school"
    data = request.POST if request.method == "POST" else None
    form = CustomRoleForm(data, actor=request.actor, kind=kind)
    if data is not None and form.is_valid():
        try:
            role = custom_roles.create_custom_role(
                actor=request.actor, scope_kind=kind, now=timezone.now(), **form.cleaned_data
            )
            message = _("The role %(name)s is created. Now you can grant it.") % {"name": role.name}
            return done(request, to="accounts:own_roles", message=message)
        except DomainError as refused:
            _refuse(form, refused)
    context = {
        "form": form,
        "kind": kind,
        "kind_tabs": [
            Tab(value, label, url=reverse("accounts:own_role_create") + f"?kind={value}") for value, label in kinds()
        ],
        "crumbs": [(_("Your school's roles"), reverse("accounts:own_roles")), (_("New role"), "")],
    }
    return (page if data is None else form_page)(request, "accounts/own_role_form.html", context)


@requires(ROLES_DEFINE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, role_id: UUID) -> HttpResponse:
    role = custom_roles.get_custom_role(request.actor, role_id)
    data = request.POST if request.method == "POST" else None
    initial = {"name": role.name, "description": role.description, "permissions": role.permissions}
    form = CustomRoleForm(data, actor=request.actor, kind=role.scope_kind, initial=initial)
    if data is not None and form.is_valid():
        try:
            custom_roles.change_custom_role(
                actor=request.actor, role_id=role.pk, now=timezone.now(), **form.cleaned_data
            )
            message = _("The role is saved. Everybody who holds it has the new permissions at once.")
            return done(request, to="accounts:own_roles", message=message)
        except DomainError as refused:
            _refuse(form, refused)
    context = {"form": form, "role": role, **_about(request, role)}
    return (page if data is None else form_page)(request, "accounts/own_role_form.html", context)


@requires(ROLES_DEFINE)
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """First who loses what, then the act."""
    role = custom_roles.get_custom_role(request.actor, role_id)
    if request.method == "POST":
        custom_roles.archive_custom_role(
            actor=request.actor, role_id=role.pk, reason=request.POST.get("reason", "")[:500], now=timezone.now()
        )
        message = _("The role %(name)s is archived.") % {"name": role.name}
        return done(request, to="accounts:own_roles", message=message)
    return page(request, "accounts/own_role_archive.html", {"role": role, **_about(request, role)})


def _about(request: HttpRequest, role: CustomRole) -> dict[str, object]:
    return {
        "losses": custom_roles.losses(actor=request.actor, role_id=role.pk, now=timezone.now()),
        "crumbs": [(_("Your school's roles"), reverse("accounts:own_roles")), (role.name, "")],
    }


def _refuse(form: CustomRoleForm, refused: DomainError) -> None:
    if isinstance(refused, Invalid):
        put_errors(form, refused)
    else:
        form.add_error(None, str(refused))
