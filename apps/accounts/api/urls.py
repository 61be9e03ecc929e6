"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import views

app_name = "accounts_api"
urlpatterns = [
    path("auth/token", views.token, name="token"),
    path("auth/token/refresh", views.refresh, name="token_refresh"),
    path("auth/token/revoke", views.revoke, name="token_revoke"),
    path("users/login", views.login, name="login"),
    path("users/me", views.me, name="me"),
    path("users", views.people, name="people"),
]
