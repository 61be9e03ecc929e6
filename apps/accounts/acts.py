"""The acts of this app, as the audit trail names them."""

from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

SIGNED_IN = act("session.started", _("Signed in"))
SIGNED_OUT = act("session.ended", _("Signed out"))
SIGN_IN_REFUSED = act("session.refused", _("Sign-in refused"))
API_SIGNED_IN = act("session.api_started", _("Program signed in"))
API_SIGNED_OUT = act("session.api_ended", _("Program signed out"))
CREDENTIAL_CREATED = act("credential.created", _("Service credential created"))
CREDENTIAL_ADOPTED = act("credential.adopted", _("Service credential taken over"))
CREDENTIAL_REVOKED = act("credential.revoked", _("Service credential revoked"))
REFRESH_REUSED = act("session.key_reused", _("Session ended: an old key was used again"))
IDENTITY_PROVEN = act("session.identity_proven", _("Identity confirmed"))
SESSIONS_ENDED = act("sessions.ended", _("Sessions ended"))
UNLOCK_REQUESTED = act("lockout.link_requested", _("Link to unlock sign-in requested"))
LOCKOUT_LIFTED = act("lockout.lifted", _("Sign-in unlocked"))

SECOND_STEP_REFUSED = act("second_factor.refused", _("Second step refused"))
AUTHENTICATOR_ADDED = act("second_factor.authenticator_added", _("Authenticator app set up"))
AUTHENTICATOR_REMOVED = act("second_factor.authenticator_removed", _("Authenticator app removed"))
PASSKEY_ADDED = act("second_factor.passkey_added", _("Passkey added"))
PASSKEY_REMOVED = act("second_factor.passkey_removed", _("Passkey removed"))
RECOVERY_CODES_MADE = act("second_factor.recovery_codes_made", _("Recovery codes made"))
RECOVERY_CODE_USED = act("second_factor.recovery_code_used", _("Recovery code used"))
SECOND_FACTOR_RESET = act("second_factor.reset", _("Second step taken away"))

INVITED = act("invitation.sent", _("Person invited"))
INVITATION_RESENT = act("invitation.resent", _("Invitation sent again"))
INVITATION_REVOKED = act("invitation.revoked", _("Invitation revoked"))
INVITATION_ACCEPTED = act("invitation.accepted", _("Invitation accepted"))

SUSPENDED = act("person.suspended", _("Person suspended"))
REINSTATED = act("person.reinstated", _("Person reinstated"))
DEPARTED = act("person.departed", _("Person departed"))
PROFILE_CHANGED = act("person.profile_changed", _("Profile changed"))

PHOTO_CHANGED = act("person.photo_changed", _("Photo changed"))

RESET_REQUESTED = act("password.reset_requested", _("Password reset requested"))
PASSWORD_CHANGED = act("password.changed", _("Password changed"))

EMAIL_CHANGE_REQUESTED = act("email.change_requested", _("Change of e-mail requested"))
EMAIL_CHANGED = act("email.changed", _("E-mail changed"))
EMAIL_CHANGE_UNDONE = act("email.change_undone", _("Change of e-mail undone"))
EMAIL_CHANGE_CANCELLED = act("email.change_cancelled", _("Change of e-mail withdrawn"))

ROLE_GRANTED = act("role.granted", _("Role granted"))
ROLE_REVOKED = act("role.revoked", _("Role revoked"))
ROLE_DEFINED = act("role.defined", _("Role created"))
ROLE_CHANGED = act("role.changed", _("Role changed"))
ROLE_ARCHIVED = act("role.archived", _("Role archived"))

VIEWING_STARTED = act("acting.viewing_started", _("Started to see the site as somebody else"))
ACTING_STARTED = act("acting.started", _("Started to act in somebody's name"))
ACTING_ENDED = act("acting.ended", _("Stopped being in somebody else's place"))

ADDRESS_CHANGED = act("person.address_changed", _("E-mail address changed by an administrator"))
IDENTITY_LINKED = act("identity.linked", _("Microsoft account linked"))
IDENTITY_UNLINKED = act("identity.unlinked", _("Microsoft account unlinked"))
ORGANISATION_LINKED = act("school.microsoft_linked", _("Microsoft organisation linked"))
ORGANISATION_LINK_REFUSED = act("school.microsoft_link_refused", _("Link to a Microsoft organisation refused"))
ORGANISATION_UNLINKED = act("school.microsoft_unlinked", _("Microsoft organisation unlinked"))
SIGN_IN_RULES_CHANGED = act("school.sign_in_changed", _("Sign-in rules changed"))

PASSWORDS_ERASED = act("school.passwords_erased", _("Every password of the school erased"))
BREAK_GLASS_USED = act("break_glass.used", _("Break-glass link used"))
REVOKED_AT_MICROSOFT = act("sessions.revoked_at_microsoft", _("Sessions revoked at Microsoft"))
SIGNED_OUT_AT_MICROSOFT = act("sessions.ended_at_microsoft", _("Signed out at Microsoft"))

SUPERADMIN_CREATED = act("superadmin.created", _("Superadmin created"))

DATA_VIEWED = act("rights.data_viewed", _("Own data opened"))
DATA_EXPORT_REQUESTED = act("rights.export_requested", _("Archive of own data asked for"))
DATA_EXPORTED = act("rights.exported", _("Archive of own data made"))
DATA_FETCHED = act("rights.export_fetched", _("Archive of own data fetched"))
ERASURE_REQUESTED = act("rights.erasure_requested", _("Erasure asked for"))
ERASURE_WITHDRAWN = act("rights.erasure_withdrawn", _("Request to be erased withdrawn"))
ERASURE_DECIDED = act("rights.erasure_decided", _("Erasure decided"))
ERASURE_REFUSED = act("rights.erasure_refused", _("Erasure refused"))
ERASED = act("rights.erased", _("Person erased"))
TOMBSTONE_LIFTED = act("rights.tombstone_lifted", _("Erased person may come back"))
CONSENT_PUBLISHED = act("consent.published", _("Consent text published"))
CONSENT_GIVEN = act("consent.given", _("Consent given"))
CONSENT_WITHDRAWN = act("consent.withdrawn", _("Consent withdrawn"))
CONSENTS_EXPORTED = act("consent.exported", _("Figures of consents exported"))
GUARDIAN_ASKED = act("consent.guardian_asked", _("Guardian asked to confirm"))
GUARDIAN_ANSWERED = act("consent.guardian_answered", _("Guardian answered"))
PERIODS_CHANGED = act("retention.periods_changed", _("Periods of retention changed"))
RETENTION_RUN = act("retention.applied", _("Old records deleted"))
