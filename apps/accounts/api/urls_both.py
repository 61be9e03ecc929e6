"""Below /api/v1/ on every host: signing in for tokens, and the caller's own account."""

from django.urls import path

from . import me, tokens

urlpatterns = [
    path("auth/token", tokens.token, name="token"),
    path("auth/token/refresh", tokens.refresh, name="token_refresh"),
    path("auth/token/revoke", tokens.revoke, name="token_revoke"),
    path("auth/confirm", tokens.confirm, name="confirm"),
    path("users/login", tokens.login, name="login"),
    path("users/me", me.me, name="me"),
    path("users/me/password", me.own_password, name="own_password"),
    path("users/me/sessions", me.own_sessions, name="own_sessions"),
    path("users/me/sessions/<uuid:session_id>", me.own_session, name="own_session"),
]
