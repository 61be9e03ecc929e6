"""Names of the platform's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

SCHOOL_CREATED = act("school.created", _("School created"))
SCHOOL_ACTIVATED = act("school.activated", _("School activated"))
SCHOOL_SUSPENDED = act("school.suspended", _("School suspended"))
SCHOOL_RESUMED = act("school.resumed", _("School resumed"))
SCHOOL_CANCELLED = act("school.cancelled", _("School cancelled"))
OWNER_INVITED = act("school.owner_invited", _("First owner invited again"))
SCHOOL_CHANGED = act("school.details_changed", _("School details changed by the platform"))
