"""Signing in with a password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from .models import User


class PasswordBackend(BaseBackend):
    """Finds an account by e-mail. Takes the same time whether or not it exists."""

    def authenticate(
        self, request: HttpRequest | None, email: str = "", password: str = "", **credentials: Any
    ) -> User | None:
        email = email or str(credentials.get("username") or "")
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.filter(pk=user_id).first()
        return user if user and user.is_active else None
