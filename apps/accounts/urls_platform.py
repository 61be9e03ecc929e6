"""Addresses on the platform's host: superadmins sign in, and Microsoft sends everybody back."""

from django.urls import path

from . import urls_both
from .views import (
    microsoft,
    platform_microsoft,
    sign_out_microsoft,
)

app_name = "accounts"
urlpatterns = [
    *urls_both.urlpatterns,
    path("sign-in/microsoft/", platform_microsoft.start, name="microsoft_start"),
    path("sso/callback", microsoft.callback, name="callback"),
    path("sso/logout", sign_out_microsoft.front_channel, name="front_channel_logout"),
    path("sso/signed-out", sign_out_microsoft.came_back, name="signed_out"),
    path("sso/consent", microsoft.consent, name="consent"),
]
