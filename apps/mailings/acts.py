"""What can be done about announcements, by name, for the audit trail."""

from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

WRITTEN = act("announcement.written", _("Announcement written"))
CHANGED = act("announcement.changed", _("Announcement changed"))
DELETED = act("announcement.deleted", _("Draft of an announcement deleted"))
TESTED = act("announcement.tested", _("Announcement sent to its author as a test"))
SUBMITTED = act("announcement.submitted", _("Announcement given to the school for approval"))
SCHEDULED = act("announcement.scheduled", _("Announcement scheduled"))
TAKEN_BACK = act("announcement.taken_back", _("Announcement taken back"))
APPROVED = act("announcement.approved", _("Announcement approved"))
RETURNED = act("announcement.returned", _("Announcement returned by the school"))
BEGUN = act("announcement.begun", _("Announcement began to leave"))
SENT = act("announcement.sent", _("Announcement sent"))
STOPPED = act("announcement.stopped", _("Announcement stopped"))
TEXT_SAVED = act("announcement.text_saved", _("Text for announcements saved"))
TEXT_DELETED = act("announcement.text_deleted", _("Text for announcements deleted"))
BLOCKED = act("announcement.blocked", _("Association kept from sending announcements"))
UNBLOCKED = act("announcement.unblocked", _("Association may send announcements again"))
UNSUBSCRIBED = act("announcement.unsubscribed", _("Unsubscribed from announcements of an association"))
RESUBSCRIBED = act("announcement.resubscribed", _("Subscribed again to announcements of an association"))
