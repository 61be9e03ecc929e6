from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

ENDPOINT_CREATED = act("webhook.endpoint_created", _("Webhook endpoint created"))
ENDPOINT_CHANGED = act("webhook.endpoint_changed", _("Webhook endpoint changed"))
ENDPOINT_DELETED = act("webhook.endpoint_deleted", _("Webhook endpoint deleted"))
ENDPOINT_PAUSED = act("webhook.endpoint_paused", _("Webhook endpoint paused"))
ENDPOINT_ENABLED = act("webhook.endpoint_enabled", _("Webhook endpoint enabled"))
ENDPOINT_DISABLED = act("webhook.endpoint_disabled", _("Webhook endpoint switched off by itself"))
ENDPOINT_TESTED = act("webhook.endpoint_tested", _("Test sent to a webhook endpoint"))
SECRET_ROTATED = act("webhook.secret_rotated", _("Secret of a webhook endpoint replaced"))
SECRET_ENDED = act("webhook.secret_ended", _("Secret of a webhook endpoint ended"))
DELIVERY_REPLAYED = act("webhook.delivery_replayed", _("Webhook sent again"))
DELIVERIES_REPLAYED = act("webhook.deliveries_replayed", _("Webhooks sent again"))
DELIVERIES_DROPPED = act("webhook.deliveries_dropped", _("Waiting webhooks dropped"))
DELIVERY_READ = act("webhook.delivery_read", _("Content of a webhook looked at"))
ALARM_OPENED = act("webhook.alarm_opened", _("Alarm of a webhook endpoint"))
ALARM_CLEARED = act("webhook.alarm_cleared", _("Alarm of a webhook endpoint is over"))
