"""To which school an event belongs: on a school's host to it, on the platform's to the one it names."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.tenants import context
from apps.tenants.models import School

from ..reading import Item, Wrong
from .intake import Verdict, accept

UNKNOWN = "organization: unknown here"

__all__ = ["Verdict", "receive"]


def receive(service: str, items: Sequence[Item | Wrong], *, secret_id: UUID, now: datetime) -> list[Verdict]:
    """Keep what is good, each in its school, all or nothing. No event makes a school (INT-2).

    For one school that is one statement, which needs no transaction around it.
    """
    tenancy = context.selected()
    if tenancy is None or not tenancy.is_platform:
        ours = context.current().slug
        checked = [_ours(item, ours) for item in items]
        return accept(service, checked, secret_id=secret_id, now=now)
    return _to_schools(service, items, secret_id, now)


def _ours(item: Item | Wrong, slug: str) -> Item | Wrong:
    """Another school's event says the same as that of none."""
    if isinstance(item, Item) and item.organization not in ("", slug):
        return Wrong(item.event_id, [UNKNOWN])
    return item


@transaction.atomic
def _to_schools(service: str, items: Sequence[Item | Wrong], secret_id: UUID, now: datetime) -> list[Verdict]:
    named = {item.organization for item in items if isinstance(item, Item)}
    schools = {school.slug: school for school in School.objects.filter(slug__in=named) if school.is_open}
    verdicts: dict[int, Verdict] = {}
    parts: dict[str, list[int]] = defaultdict(list)
    for position, item in enumerate(items):
        if isinstance(item, Wrong):
            verdicts[position] = Verdict(item.event_id, "invalid", item.problems)
        elif item.organization not in schools:
            verdicts[position] = Verdict(item.event_id, "invalid", [UNKNOWN])
        else:
            parts[item.organization].append(position)
    for slug, positions in sorted(parts.items()):
        with context.activated(schools[slug]):
            said = accept(service, [items[position] for position in positions], secret_id=secret_id, now=now)
        verdicts.update(zip(positions, said, strict=True))
    return [verdicts[position] for position in range(len(items))]
