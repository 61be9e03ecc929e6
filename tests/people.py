"""People for tests: one function per kind, each with the least that kind needs."""

import itertools

from apps.accounts.models import Grant, User
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


def acting(user: User):
    return actor_for(user)
