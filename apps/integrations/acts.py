from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

SECRET_CREATED = act("integration.secret_created", _("Webhook secret created"))
SECRET_ENDED = act("integration.secret_ended", _("Webhook secret ended"))
EVENT_REPLAYED = act("integration.event_replayed", _("Event put back to be applied"))
EVENT_DISCARDED = act("integration.event_discarded", _("Event discarded"))
EVENT_RESTORED = act("integration.event_restored", _("Discarded event taken back"))
EVENT_EXPUNGED = act("integration.event_expunged", _("Content of an event deleted"))
EVENT_READ = act("integration.event_read", _("Content of an event looked at"))
EVENT_SETTLED = act("integration.event_settled", _("Contradiction of an event looked at"))
EVENTS_REQUESTED = act("integration.events_requested", _("Decision about many events prepared"))
EVENTS_CANCELLED = act("integration.events_cancelled", _("Decision about many events cancelled"))
EVENTS_APPROVED = act("integration.events_approved", _("Decision about many events confirmed"))
EVENTS_REFUSED = act("integration.events_refused", _("Decision about many events thrown away"))
EVENTS_UNDO = act("integration.events_undo_requested", _("Decision about many events to be taken back"))
EVENTS_ENDED = act("integration.events_ended", _("Decision about many events carried out"))
ALARM_OPENED = act("integration.alarm_opened", _("Alarm of a connected service"))
ALARM_CLEARED = act("integration.alarm_cleared", _("Alarm of a connected service is over"))
