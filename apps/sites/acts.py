"""What can be done to the sites of associations, by name, for the audit trail."""

from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

SITE_CHANGED = act("site.changed", _("Site of an association changed"))
SITE_PUBLISHED = act("site.published", _("Site of an association published"))
SITE_WITHDRAWN = act("site.withdrawn", _("Site of an association withdrawn"))
