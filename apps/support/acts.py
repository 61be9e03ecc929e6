"""The acts of this app, as the audit trails name them."""

from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

ASKED = act("support.asked", _("Support access asked for"))
APPROVED = act("support.approved", _("Support access approved"))
REFUSED = act("support.refused", _("Support access refused"))
STARTED = act("support.started", _("Support access started"))
ENTERED = act("support.entered", _("Support entered the school"))
LEFT = act("support.left", _("Support left the school"))
ENDED = act("support.ended", _("Support access ended"))
