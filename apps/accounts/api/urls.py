"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import consents, credentials, invitations, links, people, roles, urls_both

app_name = "accounts_api"
urlpatterns = [
    *urls_both.urlpatterns,
    path("users/<uuid:user_id>/roles", people.user_roles, name="user_roles"),
    path("users/<uuid:user_id>/roles/<uuid:grant_id>", people.user_role, name="user_role"),
    path("users/<uuid:user_id>/sessions", people.user_sessions, name="user_sessions"),
    path("users/<uuid:user_id>/sessions/<uuid:session_id>", people.user_session, name="user_session"),
    path("users/<uuid:user_id>/second-factor-reset", people.second_factor, name="user_second_factor_reset"),
    path("credentials", credentials.credentials, name="credentials"),
    path("credentials/<uuid:credential_id>", credentials.credential, name="credential"),
    path("credentials/<uuid:credential_id>/adoption", credentials.adoption, name="credential_adoption"),
    path("permissions", roles.permissions, name="permissions"),
    path("roles", roles.roles, name="roles"),
    path("roles/<uuid:role_id>", roles.role, name="role"),
    path("grants", roles.grants, name="grants"),
    path("consent-purposes", consents.purpose_list, name="consent_purposes"),
    path("consent-purposes/<slug:purpose>/texts", consents.texts, name="consent_texts"),
    path("consent-purposes/<slug:purpose>/texts/<int:version>", consents.text, name="consent_text"),
    path("lockouts", roles.locked, name="lockouts"),
    path("invitations", invitations.invitation_list, name="invitations"),
    path("invitations/<uuid:invitation_id>", invitations.invitation, name="invitation"),
    path("invitations/<uuid:invitation_id>/resend", invitations.resend, name="resend"),
    path("accept-invitation", links.accept, name="accept_invitation"),
    path("accept-invitation/again", links.ask_again, name="ask_again"),
    path("password-reset", links.forgotten, name="password_reset"),
    path("password-reset/confirm", links.reset, name="password_reset_confirm"),
]
