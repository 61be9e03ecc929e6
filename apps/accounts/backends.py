"""Signing in with a password, and re-reading the person at every request."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from . import selectors
from .models import User


class PasswordBackend(BaseBackend):
    """Finds an account by e-mail. The same work is done whether or not it exists and may sign in."""

    def authenticate(
        self, request: HttpRequest | None, email: str = "", password: str = "", **credentials: Any
    ) -> User | None:
        email = email or str(credentials.get("username") or "")
        if not selectors.password_sign_in_allowed(getattr(request, "school", None)):
            return None
        user = selectors.find_by_email(email)
        if user is None or not user.has_usable_password():
            make_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session, as they are now: whoever is not active any more is nobody."""
        try:
            key = UUID(str(user_id))
        except ValueError:
            return None
        user = User.objects.filter(pk=key).first()
        return user if user and user.is_active else None
