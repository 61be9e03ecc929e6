"""What the platform shows of its schools: figures, never their data."""

from typing import Any

from django.db.models import QuerySet

from apps.core.actor import Actor

from . import context, hooks
from .models import School
from .permissions import VIEW_SCHOOLS


def all_schools(*, actor: Actor) -> QuerySet[School]:
    """Every school, by name. Raises Forbidden. Evaluate it on the platform."""
    VIEW_SCHOOLS.require(actor)
    return School.objects.order_by("name")


def figures_of(school: School) -> dict[str, Any]:
    """People and last activity, as the apps above report them; empty while the tables are not ready."""
    if not school.ready:
        return {}
    figures: dict[str, Any] = {}
    with context.activated(school):
        for answer in hooks.school_figures.send(school=school):
            figures.update(answer)
    return figures
