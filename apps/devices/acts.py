"""The acts of this app, as the audit trail names them."""

from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

DEVICE_CREATED = act("device.created", _("Shared device created"))
DEVICE_CHANGED = act("device.changed", _("Shared device changed"))
DEVICE_CODE_MADE = act("device.code_made", _("Enrolment code of a shared device made"))
DEVICE_ENROLLED = act("device.enrolled", _("Shared device enrolled"))
DEVICE_SIGNED_OUT = act("device.signed_out", _("Shared device signed out"))
DEVICE_REOPENED = act("device.reopened", _("Shared device opened again"))
DEVICE_LOST = act("device.session_lost", _("Session of a shared device ended by itself"))
DEVICE_REVOKED = act("device.revoked", _("Shared device revoked"))
CODE_REFUSED = act("device.code_refused", _("Enrolment code refused"))

DESK_ENTERED = act("desk.entered", _("Came to a shared device"))
DESK_LEFT = act("desk.left", _("Left a shared device"))
PIN_REFUSED = act("pin.refused", _("PIN refused"))
PIN_LOCKED = act("pin.locked", _("PIN locked"))
PIN_SET = act("pin.set", _("PIN set"))
PIN_REMOVED = act("pin.removed", _("PIN removed"))
PIN_CODE_MADE = act("pin.code_made", _("Code for a PIN made"))
PIN_LOCK_LIFTED = act("pin.lock_lifted", _("Lock of PINs lifted"))
