from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

POLICY_CHANGED = act("payments.policy_changed", _("Payment policy changed"))
ACCOUNT_CONNECTED = act("payments.account_connected", _("Payment account connected"))
ACCOUNT_DISCONNECTED = act("payments.account_disconnected", _("Payment account disconnected"))
ACCOUNT_DEFAULT = act("payments.account_default", _("Payment account made the default"))
ACCOUNT_APPROVED = act("payments.account_approved", _("Payment account approved"))
ACCOUNT_STATE = act("payments.account_state", _("State of a payment account changed at its provider"))
CHECKOUT_STARTED = act("payments.checkout_started", _("Payment at a provider started"))
ALARM_OPENED = act("payments.alarm_opened", _("Alarm of a payment account"))
ALARM_CLEARED = act("payments.alarm_cleared", _("Alarm of a payment account is over"))
