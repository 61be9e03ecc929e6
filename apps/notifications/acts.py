from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

PREFERENCES_CHANGED = act("notifications.preferences_changed", _("Notification preferences changed"))
MESSAGE_SENT_AGAIN = act("message.sent_again", _("Message sent again"))
ADDRESS_LIFTED = act("message.address_lifted", _("Mail to an address allowed again"))
MAIL_ROUTE_CHANGED = act("school.mail_route_changed", _("How mail leaves the school changed"))
TEXT_CHANGED = act("message.text_changed", _("Text of a message changed"))
MAIL_TESTED = act("school.mail_tested", _("Test message sent"))
