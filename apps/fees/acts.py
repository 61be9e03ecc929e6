"""What can be done to fees, by name, for the audit trail."""

from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

TIER_CREATED = act("fee.tier_created", _("Fee of an association created"))
TIER_CHANGED = act("fee.tier_changed", _("Fee of an association changed"))
TIER_ARCHIVED = act("fee.tier_archived", _("Fee of an association archived"))
CHARTER_PUBLISHED = act("fee.charter_published", _("Charter of an association published"))
CHOSEN = act("fee.chosen", _("Place of a member held until it is paid"))
PAID = act("fee.paid", _("Membership paid"))
RENEWED = act("fee.renewed", _("Membership renewed"))
RELEASED = act("fee.released", _("Place released: not paid"))
REFUNDED = act("fee.refunded", _("Membership ended: given back"))
IMPORTED = act("fee.imported", _("Paid members imported"))
EXPIRING = act("fee.expiring", _("Member reminded of the renewal"))
