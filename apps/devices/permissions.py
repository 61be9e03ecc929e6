"""Who may do what with shared devices, and what can be done at one.

Acts at the desk are permissions as well: nobody holds them by a role but through the device (`Held.permissions`),
and only those registered here (`at_desks`) can be given to a device. Whatever else a row may say gives nothing.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.accounts.permissions import place_of
from apps.core.actor import Role, Scope
from apps.core.permissions import DEVICE_ONLY, Permission, declare

from .models import Device

AT_DESKS: dict[str, Permission] = {}


def place_of_device(target: object) -> Iterable[Scope]:
    return (target.scope,) if isinstance(target, Device) else place_of(target)


def at_desks(permission: Permission) -> Permission:
    """Register a permission that an administrator may give to a device. Apps above bring their own."""
    AT_DESKS[permission.code] = permission
    return permission


DEVICES_VIEW = declare(
    "devices.view",
    _("See shared devices"),
    roles={Role.ADMIN, Role.AUDITOR, Role.CAMPUS_MANAGER},
    scope=place_of_device,
)
DEVICES_MANAGE = declare(
    "devices.manage",
    _("Enrol, change and revoke shared devices"),
    roles={Role.ADMIN, Role.CAMPUS_MANAGER},
    scope=place_of_device,
    sudo=True,
)
PINS_VIEW = declare(
    "pins.view", _("See who has a PIN"), roles={Role.ADMIN, Role.AUDITOR, Role.CAMPUS_MANAGER}, scope=place_of
)
PINS_MANAGE = declare(
    "pins.manage",
    _("Give codes for PINs, remove PINs and lift their locks"),
    roles={Role.ADMIN, Role.CAMPUS_MANAGER},
    scope=place_of,
    sudo=True,
)


def _at_a_device(code: str, label: object) -> Permission:
    return declare(code, label, roles=(), scope=place_of, kinds=DEVICE_ONLY)


DESK_USE = _at_a_device("desk.use", _("Use a shared device"))
DESK_CAMPUS = at_desks(_at_a_device("desk.campus", _("See their campus and its places at a shared device")))
DESK_MEMBERSHIPS = at_desks(_at_a_device("desk.memberships", _("See their own memberships at a shared device")))
DESK_LANGUAGE = at_desks(_at_a_device("desk.language", _("Choose their language at a shared device")))
