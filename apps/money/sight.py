"""How far an actor sees into a treasury: its totals, its lines, its documents (ASC-10).

Money itself limits nobody who may see a treasury. An app above does for holders of its kind, by the hooks below, and
leaves a trace of every look: selectors ask here, so that no page and no program sees more.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.errors import Forbidden

from .hooks import money_looked, sight_limits
from .models import Treasury


class Level(models.IntegerChoices):
    NONE = 0, _("Nothing")
    TOTALS = 1, _("Totals")
    LINES = 2, _("Lines")
    DOCUMENTS = 3, _("Documents")


class NotSoFar(Forbidden):
    code = "money-sight"

    def __init__(self) -> None:
        super().__init__(
            "money.view",
            _("Your role does not see so much of this association's money. Open it with a reason, from its workspace."),
        )


def levels_of(actor: Actor, treasuries: Iterable[Treasury]) -> dict[UUID, int]:
    """How far this actor sees into each of these."""
    rows = list(treasuries)
    found = {row.pk: int(Level.DOCUMENTS) for row in rows}
    for limits in sight_limits.send(actor=actor, treasuries=rows):
        for key, level in limits.items():
            found[key] = min(found[key], level)
    return found


def allows(actor: Actor, treasury: Treasury, level: Level) -> bool:
    return levels_of(actor, [treasury])[treasury.pk] >= level


def look(actor: Actor, treasury: Treasury, level: Level) -> None:
    """Somebody looks so far into a treasury. Raises NotSoFar."""
    if not allows(actor, treasury, level):
        raise NotSoFar
    money_looked.send(actor=actor, treasury=treasury, level=level)
