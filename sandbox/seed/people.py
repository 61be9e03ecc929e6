"""People by number."""

import random
from typing import Any

from sandbox.microsoft.directory import Organisation, slug
from sandbox.seed.names import name


def invent(organisation: Organisation, domain: str) -> dict[str, Any]:
    """The next invented person of this organisation: the same for the same history."""
    chance = random.Random(f"{organisation.tid}/{organisation.serial}")
    given, surname = name(chance)
    return {
        "givenName": given,
        "surname": surname,
        "userPrincipalName": organisation.free_upn(f"{slug(given)}.{slug(surname)}", domain),
    }
