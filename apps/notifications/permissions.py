from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role
from apps.core.permissions import Permission, declare
from apps.tenants.context import PUBLIC, current_schema

MESSAGES_VIEW = declare(
    "messages.view", _("See the messages that were sent, and their texts"), roles={Role.ADMIN, Role.AUDITOR}
)
MESSAGES_MANAGE = declare(
    "messages.manage", _("Send messages again, and choose how mail leaves the school"), roles={Role.ADMIN}
)
PLATFORM_MESSAGES = declare(
    "platform.messages", _("See and send again the platform's own messages"), roles={Role.SUPERADMIN}
)


def to_view() -> Permission:
    """Who reads the log that is here: a school's, or the platform's own."""
    return PLATFORM_MESSAGES if current_schema() == PUBLIC else MESSAGES_VIEW


def to_manage() -> Permission:
    return PLATFORM_MESSAGES if current_schema() == PUBLIC else MESSAGES_MANAGE
