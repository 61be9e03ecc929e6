"""What a person wants to hear of, how and when."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible
from apps.core.permissions import require_oneself

from .. import acts, kinds
from ..kinds import Category
from ..models import Preference

Medium, Timing = Preference.Medium, Preference.Timing
Wanted = dict[str, str]  # medium -> timing


def usual() -> Wanted:
    return {medium.value: Timing.NOW.value for medium in Medium}


def wanted(user_id: UUID | None, category: Category) -> Wanted:
    """What holds for this person; what is not optional is always sent at once."""
    if user_id is None or not category.optional:
        return usual()
    own = Preference.objects.filter(user_id=user_id, category=category.code).values_list("medium", "timing")
    return usual() | dict(own)


def all_of(user_id: UUID) -> dict[str, Wanted]:
    """Category -> medium -> timing, for the page."""
    found = {category.code: usual() for category in kinds.categories()}
    for one in Preference.objects.filter(user_id=user_id):
        if one.category in found:
            found[one.category][one.medium] = one.timing
    return found


def lock(user_id: UUID) -> None:
    """Nobody else changes this person's choices until the transaction ends."""
    list(Preference.objects.select_for_update().filter(user_id=user_id).order_by("pk"))


@transaction.atomic
def change(*, actor: Actor, values: Mapping[str, Wanted]) -> None:
    """A person's own choice, whole or in part. Raises Invalid for a category that is none or not optional."""
    require_oneself(actor)
    if actor.user_id is None:
        raise NotVisible
    optional = {category.code for category in kinds.categories() if category.optional}
    before, changes = all_of(actor.user_id), {}
    for category, chosen in values.items():
        for medium, timing in chosen.items():
            if category not in optional or not _makes_sense(medium, timing):
                raise Invalid(fields={f"{category}-{medium}": [f"{timing!r}"]})
            if before[category][medium] != timing:
                changes[f"{category}-{medium}"] = [before[category][medium], timing]
                _store(actor.user_id, category, medium, timing)
    if changes:
        record(actor=actor, act=acts.PREFERENCES_CHANGED, changes=changes)


def _makes_sense(medium: str, timing: str) -> bool:
    allowed = {Medium.EMAIL: set(Timing.values), Medium.IN_APP: {Timing.NOW.value, Timing.OFF.value}}
    return medium in allowed and timing in allowed[Medium(medium)]


def _store(user_id: UUID, category: str, medium: str, timing: str) -> None:
    Preference.objects.update_or_create(user_id=user_id, category=category, medium=medium, defaults={"timing": timing})
