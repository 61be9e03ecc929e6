"""Reads behind the SCIM endpoint: the people of the school who have not departed, and the provider's groups."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from scim2_models import ScimFilter

from apps.accounts.models import User
from apps.core.errors import NotVisible

from ..models import ProvisionedGroup, ProvisionedMember
from .filters import TooManyRows, group_annotations, narrowed, person_annotations

ASKED_ONE_BY_ONE = 2_000  # rows at most for a filter that the database does not understand


def everybody() -> QuerySet[User]:
    return User.objects.exclude(status=User.Status.DEPARTED).select_related("provisioned").defer("password", "search")


def get_person(user_id: UUID) -> User:
    found = everybody().filter(pk=user_id).first()
    if found is None:
        raise NotVisible()
    return found


def get_group(group_id: UUID) -> ProvisionedGroup:
    found = ProvisionedGroup.objects.filter(pk=group_id).first()
    if found is None:
        raise NotVisible()
    return found


def people(
    filter_: ScimFilter[Any] | None, match: Callable[[Any], bool], *, start: int, count: int
) -> tuple[int, list[User]]:
    """How many there are, and those of the page, in the order in which they came."""
    rows = everybody().annotate(**person_annotations()).order_by("pk")
    return _slice(rows, filter_, match, start, count)


def groups(
    filter_: ScimFilter[Any] | None, match: Callable[[Any], bool], *, start: int, count: int
) -> tuple[int, list[ProvisionedGroup]]:
    rows = ProvisionedGroup.objects.annotate(**group_annotations()).order_by("pk")
    return _slice(rows, filter_, match, start, count)


def _slice(
    rows: QuerySet[Any], filter_: ScimFilter[Any] | None, match: Callable[[Any], bool], start: int, count: int
) -> tuple[int, list[Any]]:
    query, found = narrowed(rows, filter_, match, ASKED_ONE_BY_ONE)
    place = slice(start - 1, start - 1 + count)
    if found is not None:
        return len(found), found[place]
    return query.count(), list(query[place]) if count else []


def groups_of(user_ids: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    rows = ProvisionedMember.objects.filter(Q(user__in=list(user_ids))).order_by("group__name")
    for user_id, group_id, name in rows.values_list("user_id", "group_id", "group__name"):
        found.setdefault(user_id, []).append((group_id, name))
    return found


__all__ = ["TooManyRows", "everybody", "get_group", "get_person", "groups", "groups_of", "people"]
