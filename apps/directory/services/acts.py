from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

MAPPING_CREATED = act("mapping.created", _("Microsoft group mapped to a campus"))
MAPPING_CHANGED = act("mapping.changed", _("Group mapping changed"))
MAPPING_REMOVED = act("mapping.removed", _("Group mapping removed"))
RUN_REQUESTED = act("directory.run_requested", _("Directory run requested"))
RUN_CANCELLED = act("directory.run_cancelled", _("Directory run cancelled"))
RUN_RETRIED = act("directory.run_retried", _("Directory run started again"))
RUN_APPROVED = act("directory.run_approved", _("Held directory run approved"))
RUN_REFUSED = act("directory.run_refused", _("Held directory run refused"))
RUN_UNDO_REQUESTED = act("directory.run_undo_requested", _("Undo of a directory run requested"))
CHANGES_EXPORTED = act("directory.changes_exported", _("Changes of a directory run exported"))
RUN_ENDED = act("directory.run_ended", _("Directory run ended"))
SCHEDULE_CHANGED = act("directory.schedule_changed", _("Schedule of directory runs changed"))
ALERT_OPENED = act("directory.alert_opened", _("Directory alert"))
ALERT_CLEARED = act("directory.alert_cleared", _("Directory alert is over"))
RUN_ADJUSTED = act("directory.run_adjusted", _("People taken out of a held directory run, or put back"))
RUNS_EXPORTED = act("directory.runs_exported", _("History of directory runs exported"))
CONFLICT_DECIDED = act("directory.conflict_decided", _("Conflict of a directory run decided"))
CONFLICT_REOPENED = act("directory.conflict_reopened", _("Decision about a conflict taken back"))
CHANGES_PURGED = act("directory.changes_purged", _("Changes of old directory runs deleted"))
