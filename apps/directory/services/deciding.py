"""Deciding about single people of a held run, before it is approved or refused.

Nothing of a held run was done yet, so a line may simply be taken out of the plan, and put back. What it was stands
in the line itself.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.campuses.models import CampusMembership, MembershipState, Pin
from apps.campuses.services.memberships import pin_membership, restore_membership
from apps.core.actor import Actor
from apps.core.errors import NotVisible
from apps.core.plan import State

from ..models import DirectoryChange, DirectoryRun
from ..permissions import DIRECTORY_RUN
from .acts import RUN_ADJUSTED
from .requests import RunRefused

LEFT_OUT, KEPT = "left-out", "pinned-keep"
Kind, Action = DirectoryChange.Kind, DirectoryChange.Action
NAMED = 20  # people that the audit trail names
AT_STAKE = (Kind.DEACTIVATED, Kind.STALE, Kind.REMOVED)  # what planning counts, of runs and of undoes


@transaction.atomic
def leave_out(*, actor: Actor, run_id: UUID, change_ids: Iterable[int], now: datetime) -> int:
    """Take these lines out of a held run, for this time only; how many were. Safe to repeat.

    Raises Forbidden, NotVisible, RunRefused (the run is not held any more).
    """
    run = _held(actor, run_id)
    lines = list(_lines(run, change_ids).exclude(action=Action.NONE))
    for line in lines:
        _take_out(line, LEFT_OUT)
    return _adjusted(actor, run, lines, "left_out", now)


@transaction.atomic
def keep_always(*, actor: Actor, run_id: UUID, change_ids: Iterable[int], now: datetime) -> int:
    """Take deactivations out of a held run and pin the memberships, so that no later run ends them either.

    What is about to become stale is meant as well. Who is stale already becomes active again: only an active
    membership can be kept.

    Raises what `leave_out` raises, and Forbidden for memberships the actor may not decide about.
    """
    run = _held(actor, run_id)
    lines = list(_lines(run, change_ids).filter(action__in=[Action.END, Action.STALE]))
    for line in lines:
        place = CampusMembership.objects.filter(user_id=line.user_id, campus_id=line.campus_id).first()
        if place is not None and place.state == MembershipState.STALE:
            place = restore_membership(actor=actor, membership_id=place.pk, now=now)
        if place is not None and place.is_active:
            pin_membership(actor=actor, membership_id=place.pk, pin=Pin.KEEP, now=now)
        _take_out(line, KEPT)
    return _adjusted(actor, run, lines, "kept", now)


@transaction.atomic
def put_back(*, actor: Actor, run_id: UUID, change_ids: Iterable[int], now: datetime) -> int:
    """Put lines that were left out back into a held run. A pin stays: it is taken back on the person's page."""
    run = _held(actor, run_id)
    lines = [line for line in _lines(run, change_ids).filter(reason=LEFT_OUT) if "planned" in line.before]
    for line in lines:
        was = line.before.pop("planned")
        line.kind, line.action, line.reason = was["kind"], was["action"], was["reason"]
        line.save(update_fields=["kind", "action", "reason", "before"])
    return _adjusted(actor, run, lines, "put_back", now)


def _held(actor: Actor, run_id: UUID) -> DirectoryRun:
    DIRECTORY_RUN.require(actor)
    run = DirectoryRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotVisible()
    if run.state != State.HELD.value:
        raise RunRefused(_("This run does not wait for a decision any more."))
    return run


def _lines(run: DirectoryRun, change_ids: Iterable[int]):  # type: ignore[no-untyped-def]
    """Only lines of this run: an id of another one finds nothing."""
    return DirectoryChange.objects.filter(run=run, pk__in=list(change_ids)).order_by("id")


def _take_out(line: DirectoryChange, reason: str) -> None:
    line.before["planned"] = {"kind": line.kind, "action": line.action, "reason": line.reason}
    line.kind, line.action, line.reason = Kind.SKIPPED, Action.NONE, reason
    line.save(update_fields=["kind", "action", "reason", "before"])


def _adjusted(actor: Actor, run: DirectoryRun, lines: list[DirectoryChange], what: str, now: datetime) -> int:
    """The run's figures say what is left of it."""
    if not lines:
        return 0
    changes = DirectoryChange.objects.filter(run=run).order_by()
    run.counts = dict(changes.values_list("kind").annotate(n=Count("pk")))
    run.to_apply = changes.exclude(action=Action.NONE).count()
    run.affected = changes.filter(kind__in=AT_STAKE).values("user_id").distinct().count()
    run.save(update_fields=["counts", "to_apply", "affected"])
    names = [line.name or line.email for line in lines[:NAMED]]
    record(actor=actor, act=RUN_ADJUSTED, target=run, data={what: len(lines), "people": names}, at=now)
    return len(lines)
