"""Roles of the school's own, permissions, and who was given what; locked sign-ins."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from rest_framework import serializers

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Choice, Input, Moment, Output, Paging, Reason, Text
from apps.core.api.operations import Call, operation
from apps.core.api.paging import envelope, page_of, page_of_list, page_type
from apps.core.api.versions import row

from .. import rights
from ..models import CustomRole, PlaceKind
from ..permissions import LOCKOUTS_LIFT, ROLES_DEFINE, ROLES_VIEW
from ..selectors import visible_custom_roles, visible_grants
from ..services import custom_roles as services
from ..services import lockouts
from .shapes import GrantOut

TAG = "Roles"
EXAMPLE = {"name": "Registry", "permissions": ["people.view", "people.invite"], "scope_kind": "school"}


class PermissionOut(Output):
    """Something one may be allowed."""

    code = serializers.CharField()
    label: Any = serializers.CharField()
    sudo = serializers.BooleanField(help_text="Wants a fresh proof of identity.")
    roles = serializers.ListField(child=serializers.CharField(), help_text="Built-in roles that have it.")


class CustomRoleOut(Output):
    """A role of the school's own."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField())
    scope_kind = serializers.ChoiceField(PlaceKind.values)
    created_by = serializers.CharField()
    created_at = Moment()
    archived_at = Moment(allow_null=True)


class CustomRoleInput(Input):
    name = Text(max_length=80)
    description = Text(max_length=300, required=False, default="", allow_blank=True)
    permissions = serializers.ListField(child=Text(max_length=80), max_length=200)
    scope_kind = Choice(PlaceKind.values, required=False, default=PlaceKind.SCHOOL.value)


class CustomRoleChange(Input):
    name = Text(max_length=80, required=False)
    description = Text(max_length=300, required=False, allow_blank=True)
    permissions = serializers.ListField(child=Text(max_length=80), max_length=200, required=False)


class LockoutOut(Output):
    """A sign-in that is locked for a while."""

    key = serializers.CharField()
    what = serializers.CharField()
    who = serializers.CharField()
    until = Moment()


class LockoutInput(Input):
    key = Text(max_length=200)


class PermissionsView(ApiView):
    tag = TAG

    @operation("list_permissions", "Permissions", answer=page_type(PermissionOut))
    def get(self, call: Call) -> Any:
        """All that a school can give."""
        found = rights.school_permissions()
        facts = [{"code": p.code, "label": str(p.label), "sudo": p.sudo, "roles": sorted(p.roles)} for p in found]
        return envelope(facts)


class RolesView(ApiView):
    tag = TAG

    @operation("list_roles", "Roles of the school's own", query=Paging, answer=page_type(CustomRoleOut))
    def get(self, call: Call) -> Any:
        """By name, also the archived ones."""
        return page_of(visible_custom_roles(call.actor), call.query, ("name", "id"))

    @operation("create_role", "Make a role", body=CustomRoleInput, answer=CustomRoleOut, status=201, example=EXAMPLE)
    def post(self, call: Call) -> Any:
        """Out of permissions that you hold yourself."""
        made = services.create_custom_role(actor=call.actor, now=call.now, **call.body)
        call.created(reverse("accounts_api:role", args=[made.pk]))
        return made


class RoleView(ApiView):
    tag = TAG

    @operation("get_role", "One role of the school's own", answer=CustomRoleOut, versioned=True)
    def get(self, call: Call, role_id: UUID) -> Any:
        """Archived or not."""
        return services.get_custom_role(call.actor, role_id)

    @operation(
        "update_role", "Change a role", body=CustomRoleChange, answer=CustomRoleOut, versioned=True, refusals=(409,)
    )
    def patch(self, call: Call, role_id: UUID) -> Any:
        """Only the fields that are sent change. Whoever holds it has the new permissions with their next request."""
        shown = partial(services.get_custom_role, call.actor, role_id)
        shown()
        with call.unchanged(shown, row(CustomRole, role_id)):
            role = shown()
            values = {name: getattr(role, name) for name in ("name", "description", "permissions")} | call.body
            services.change_custom_role(actor=call.actor, role_id=role_id, now=call.now, **values)
        return shown()

    @operation("archive_role", "Archive a role", query=Reason, status=204, thing=CustomRoleOut, versioned=True)
    def delete(self, call: Call, role_id: UUID) -> None:
        """It is taken back from everybody who holds it. Twice changes nothing."""
        shown = partial(services.get_custom_role, call.actor, role_id)
        shown()
        with call.unchanged(shown, row(CustomRole, role_id)):
            services.archive_custom_role(actor=call.actor, role_id=role_id, reason=call.query["reason"], now=call.now)


class GrantsView(ApiView):
    tag = TAG

    @operation("list_grants", "Who was given which role", query=Paging, answer=page_type(GrantOut))
    def get(self, call: Call) -> Any:
        """In the order in which they were given. Giving and taking back: below the person."""
        return page_of(visible_grants(call.actor), call.query, ("granted_at", "id"))


class LockoutsView(ApiView):
    tag = TAG

    @operation("list_lockouts", "Locked sign-ins", query=Paging, answer=page_type(LockoutOut))
    def get(self, call: Call) -> Any:
        """Accounts and addresses that tried too often."""
        found = lockouts.lockouts(actor=call.actor, now=call.now)
        facts = [{"key": one.key, "what": str(one.what), "who": one.who, "until": one.until} for one in found]
        return page_of_list(facts, call.query, lambda one: (one["key"],))

    @operation("lift_lockout", "Lift a lock", body=LockoutInput, status=204)
    def post(self, call: Call) -> None:
        """One that is over changes nothing."""
        lockouts.lift(actor=call.actor, key=call.body["key"], now=call.now)


permissions = api_requires(ROLES_VIEW)(PermissionsView)
roles = api_requires(ROLES_VIEW, post=ROLES_DEFINE)(RolesView)
role = api_requires(ROLES_VIEW, patch=ROLES_DEFINE, delete=ROLES_DEFINE)(RoleView)
grants = api_requires(ROLES_VIEW)(GrantsView)
locked = api_requires(LOCKOUTS_LIFT)(LockoutsView)
