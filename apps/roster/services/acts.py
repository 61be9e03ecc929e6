from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

FILE_UPLOADED = act("roster.file_uploaded", _("List of people uploaded"))
FILE_REMOVED = act("roster.file_removed", _("Uploaded list removed"))
PLAN_REQUESTED = act("roster.requested", _("Plan about people requested"))
PLAN_CANCELLED = act("roster.cancelled", _("Plan about people cancelled"))
PLAN_APPROVED = act("roster.approved", _("Plan about people confirmed"))
PLAN_REFUSED = act("roster.refused", _("Plan about people refused"))
PLAN_UNDO_REQUESTED = act("roster.undo_requested", _("Undo of a plan about people requested"))
PLAN_ENDED = act("roster.ended", _("Plan about people ended"))
CHANGE_SET_ASIDE = act("roster.change_set_aside", _("Person left out of a plan, or taken in again"))
FAILED_EXPORTED = act("roster.failed_exported", _("Failed rows of an import taken away"))
CHANGES_EXPORTED = act("roster.changes_exported", _("Changes of a plan about people taken away"))
GROUP_MAPPED = act("scim.group_mapped", _("Group of the identity provider mapped"))
PERSON_PROVISIONED = act("scim.person_created", _("Person created by the identity provider"))
PERSON_CHANGED = act("scim.person_changed", _("Person changed by the identity provider"))
PERSON_REMOVED = act("scim.person_removed", _("Person removed by the identity provider"))
GROUP_CREATED = act("scim.group_created", _("Group created by the identity provider"))
GROUP_CHANGED = act("scim.group_changed", _("Group changed by the identity provider"))
GROUP_REMOVED = act("scim.group_removed", _("Group removed by the identity provider"))

OF_WORDS = {
    "requested": PLAN_REQUESTED,
    "cancelled": PLAN_CANCELLED,
    "approved": PLAN_APPROVED,
    "refused": PLAN_REFUSED,
    "undo_requested": PLAN_UNDO_REQUESTED,
}
