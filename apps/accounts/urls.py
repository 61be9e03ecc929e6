"""Addresses on a school's host."""

from django.urls import path

from .views import account, invitations, lockouts, microsoft, passwords, roles, school, sign_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/microsoft/", microsoft.start, name="microsoft_start"),
    path("sign-in/unlock/", lockouts.ask, name="unlock_ask"),
    path("sign-in/unlock/<str:uid>/<str:token>/", lockouts.unlock, name="unlock"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("set-language/", sign_in.language, name="language"),
    path("sso/arrive", microsoft.arrive, name="arrive"),
    path("password/forgotten/", passwords.forgotten, name="forgotten"),
    path("password/check-mail/", passwords.check_mail, name="check_mail"),
    path("password/reset/<str:uid>/<str:token>/", passwords.reset, name="reset"),
    path("invitation/<str:token>/", invitations.accept, name="invitation"),
    path("invitation/<str:token>/microsoft/", microsoft.start_invitation, name="invitation_microsoft"),
    path("invitation/<str:token>/again/", invitations.ask_again, name="invitation_again"),
    path("account/", account.account, name="profile"),
    path("account/password/", account.password, name="password"),
    path("account/microsoft/", microsoft.start_person, name="link_identity"),
    path("account/identities/<uuid:identity_id>/unlink/", account.unlink_identity, name="unlink_identity"),
    path("account/sessions/<uuid:session_id>/end/", account.end_session, name="end_session"),
    path("invitations/", invitations.invitation_list, name="invitations"),
    path("invitations/<uuid:invitation_id>/resend/", invitations.resend, name="resend"),
    path("invitations/<uuid:invitation_id>/revoke/", invitations.revoke, name="revoke"),
    path("lockouts/", lockouts.lockout_list, name="lockouts"),
    path("lockouts/lift/", lockouts.lift, name="lockout_lift"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/grants/", roles.grant, name="grant"),
    path("roles/grants/<uuid:grant_id>/revoke/", roles.revoke, name="revoke_grant"),
    path("settings/microsoft/", school.microsoft_settings, name="sign_in_settings"),
    path("settings/microsoft/link/", microsoft.start_school, name="microsoft_link"),
    path("settings/microsoft/unlink/", school.unlink, name="microsoft_unlink"),
    path("settings/microsoft/passwords/", school.password_rule, name="password_rule"),
]
