"""People for tests: one function per kind, each with the least that kind needs."""

import itertools
import time

import pyotp
from django.utils import timezone

from apps.accounts.models import Authenticator, Grant, User
from apps.accounts.selectors import actor_for
from apps.core.actor import Role

PASSWORD = "correct horse battery staple"
_numbers = itertools.count(1)


def person(email: str = "", **fields) -> User:
    """An active person with a password and no role."""
    number = next(_numbers)
    fields = {
        "given_name": "Camille",
        "family_name": f"Martin {number}",
        "status": User.Status.ACTIVE,
        "password": PASSWORD,
        **fields,
    }
    return User.objects.create_user(email or f"person{number}@lumiere.example", **fields)


def with_role(role: Role, **fields) -> User:
    user = person(**fields)
    Grant.objects.create(user=user, role=role.value, scope_kind="school")
    return user


def admin(**fields) -> User:
    return with_role(Role.ADMIN, **fields)


def owner(**fields) -> User:
    return with_role(Role.OWNER, **fields)


def auditor(**fields) -> User:
    return with_role(Role.AUDITOR, **fields)


def with_authenticator(user: User) -> User:
    """An authenticator app is set up: signing in takes a code of it (`code_of`)."""
    Authenticator.objects.create(user=user, secret=pyotp.random_base32(), confirmed_at=timezone.now())
    return user


def code_of(user: User) -> str:
    """A code that the person's app shows, or is about to show, and that was not used yet."""
    app = Authenticator.objects.get(user=user, confirmed_at__isnull=False)
    present = int(time.time()) // 30
    # not the step before: half a minute may end between here and the form
    unused = [step for step in (present, present + 1) if step > app.last_step]
    if not unused:  # as if half a minute had passed since the last sign-in
        Authenticator.objects.filter(pk=app.pk).update(last_step=present - 2)
        unused = [present]
    return pyotp.TOTP(app.secret).generate_otp(unused[0])


def acting(user: User):
    return actor_for(user)
