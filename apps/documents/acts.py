"""What can be done to documents of associations, by name, for the audit trail."""

from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

KIND_DEFINED = act("document.kind_defined", _("Kind of document defined"))
KIND_CHANGED = act("document.kind_changed", _("Kind of document changed"))
KIND_ARCHIVED = act("document.kind_archived", _("Kind of document archived"))
UPLOADED = act("document.uploaded", _("Document of an association uploaded"))
ACCEPTED = act("document.accepted", _("Document of an association accepted"))
ACCEPTED_AGAIN = act("document.accepted_again", _("Unchanged document of an association accepted by itself"))
CHANGES_ASKED = act("document.changes_asked", _("Changes of a document asked for"))
ASKED = act("document.asked", _("Document asked of an association"))
READ = act("document.read", _("Document of an association downloaded"))
LOGO_CHANGED = act("association.logo_changed", _("Logo of an association changed"))
SIGHT_CHANGED = act("money.sight_changed", _("Sight of associations' money changed"))
MONEY_OPENED = act("money.opened_with_reason", _("Money of an association opened with a reason"))
MONEY_LOOKED = act("money.looked_at", _("Money of an association looked at by the school"))
