from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import Permission, declare
from apps.tenants import context

INTEGRATIONS_VIEW = declare(
    "integrations.view", _("See the connected services and what they sent"), roles={Role.ADMIN, Role.AUDITOR}
)
INTEGRATIONS_MANAGE = declare(
    "integrations.manage", _("Replay, discard and empty events of connected services"), roles={Role.ADMIN}
)
INTEGRATIONS_SECRETS = declare(
    "integrations.secrets", _("Create and end the secrets of connected services"), roles={Role.ADMIN}, sudo=True
)
PLATFORM_INTEGRATIONS = declare(
    "platform.integrations", _("See and mend the integrations of the platform"), roles={Role.SUPERADMIN}
)
PLATFORM_SECRETS = declare(
    "platform.integration_secrets",
    _("Create and end the secrets of services connected to the platform"),
    roles={Role.SUPERADMIN},
    sudo=True,
)


def viewing() -> Permission:
    """Who may see what services sent: to the active school, or to the platform."""
    return PLATFORM_INTEGRATIONS if on_platform() else INTEGRATIONS_VIEW


def managing() -> Permission:
    """Who may decide about it."""
    return PLATFORM_INTEGRATIONS if on_platform() else INTEGRATIONS_MANAGE


def keeping_secrets() -> Permission:
    """Who may make and end the secrets with which services sign."""
    return PLATFORM_SECRETS if on_platform() else INTEGRATIONS_SECRETS


def on_platform() -> bool:
    return context.current_schema() == context.PUBLIC
