"""Addresses on the platform's host: superadmins sign in, and Microsoft sends everybody back."""

from django.urls import path

from .views import microsoft, platform_microsoft, sign_in, sign_out_microsoft, step_up

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/microsoft/", platform_microsoft.start, name="microsoft_start"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("set-language/", sign_in.language, name="language"),
    path("account/confirm/", step_up.confirm, name="confirm"),
    path("account/confirmed/", step_up.confirmed, name="confirmed"),
    path("sso/callback", microsoft.callback, name="callback"),
    path("sso/logout", sign_out_microsoft.front_channel, name="front_channel_logout"),
    path("sso/signed-out", sign_out_microsoft.came_back, name="signed_out"),
    path("sso/consent", microsoft.consent, name="consent"),
]
