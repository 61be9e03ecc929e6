"""Names of the platform's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

SCHOOL_CREATED = act("school.created", _("School created"))
SCHOOL_ACTIVATED = act("school.activated", _("School activated"))
SCHOOL_SUSPENDED = act("school.suspended", _("School suspended"))
SCHOOL_RESUMED = act("school.resumed", _("School resumed"))
SCHOOL_CANCELLED = act("school.cancelled", _("School cancelled"))
OWNER_INVITED = act("school.owner_invited", _("First owner invited again"))
DOMAIN_CLAIMED = act("own_domain.claimed", _("Own domain claimed"))
DOMAIN_VERIFIED = act("own_domain.verified", _("Own domain verified"))
DOMAIN_WITHDRAWN = act("own_domain.withdrawn", _("Own domain withdrawn"))
DOMAIN_REMOVED = act("own_domain.removed", _("Own domain removed"))
SCHOOL_CHANGED = act("school.details_changed", _("School details changed by the platform"))
FIELD_KEYS_ROTATED = act("platform.field_keys_rotated", _("Encrypted fields moved to a new key"))
BREAK_GLASS_OPENED = act("break_glass.opened", _("Break-glass link made"))
ACCOUNT_BOUND = act("integration.account_bound", _("Account at a provider bound to the school"))
ACCOUNT_RELEASED = act("integration.account_released", _("Account at a provider released by the school"))
