"""What the two tables of an app's plans look like: the plan, and its changes one by one."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..ids import new_id
from .states import MOVING, MOVING_VALUES, State

STATES = [
    (State.QUEUED.value, _("Queued")),
    (State.READING.value, _("Reading")),
    (State.PLANNED.value, _("Planned")),
    (State.HELD.value, _("Held for review")),
    (State.APPLYING.value, _("Applying")),
    (State.VERIFYING.value, _("Checking")),
    (State.DONE.value, _("Done")),
    (State.PARTIAL.value, _("Incomplete")),
    (State.FAILED.value, _("Failed")),
    (State.CANCELLED.value, _("Cancelled")),
    (State.REFUSED.value, _("Refused")),
]

#: States of an undo that count for nothing: asked again, a new one takes back what is left.
THROWN_AWAY = [State.CANCELLED.value, State.REFUSED.value, State.FAILED.value, State.PARTIAL.value]

#: `hold_reason` of a plan that takes another back: it always waits until somebody has seen it.
UNDO_HELD = "undo"


def finished(now: datetime, days: int) -> Q:
    """Plans past their period of retention. What took one back goes with it, so it waits for that."""
    past = now - timedelta(days=days)
    return Q(created_at__lt=past) & ~Q(state__in=[*MOVING, "held"]) & ~Q(undos__created_at__gte=past)


class PlanRun(models.Model):
    """A durable plan. The row is the truth and the lock; the queue only rings.

    `lane`: of the plans of one lane only one moves at a time, an undo included. The database refuses a second.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=10, choices=STATES, default=State.QUEUED.value)
    lane = models.CharField(max_length=10, default="main", editable=False)
    undoes = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, editable=False, related_name="undos"
    )  # the plan that this one takes back
    undoes_id: UUID | None

    requested_by = models.CharField(max_length=200)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("requested"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    worker = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    resume_at = models.DateTimeField(null=True, blank=True)  # not to be worked on before
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)

    to_apply = models.PositiveIntegerField(default=0)
    applied = models.PositiveIntegerField(default=0)
    cursor = models.BigIntegerField(default=0, editable=False)  # the last change that was applied
    counts = models.JSONField(default=dict, blank=True)  # kind of change -> how many
    affected = models.PositiveIntegerField(default=0)  # people who lose something
    population = models.PositiveIntegerField(default=0)  # of how many
    hold_reason = models.CharField(max_length=40, blank=True)

    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ["-created_at", "-id"]
        get_latest_by = "created_at"
        constraints = [
            models.UniqueConstraint(
                fields=["lane"],
                condition=Q(state__in=MOVING_VALUES),
                name="%(app_label)s_%(class)s_one_moves",
                violation_error_message=_("Another one is already under way."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_moving(self) -> bool:
        return self.state in MOVING

    @property
    def is_undo(self) -> bool:
        return self.undoes_id is not None

    @property
    def undo(self) -> Self | None:
        """The plan that takes this one back: under way, waiting for approval, or done."""
        undos = type(self)._default_manager.filter(undoes_id=self.pk).exclude(state__in=THROWN_AWAY)
        return undos.order_by("-created_at", "-id").first()

    @property
    def may_be_undone(self) -> bool:
        """Whether asking for an undo makes sense; the Desk decides again."""
        over = not self.is_moving and self.state != State.HELD.value
        return over and bool(self.applied) and not self.is_undo and not self.is_preview and self.undo is None

    @property
    def is_preview(self) -> bool:
        """Whether nothing is applied. Apps whose plans can be previews override it."""
        return False

    @property
    def seconds(self) -> float | None:
        """From the first step to the end, while there is one."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class PlanChange(models.Model):
    """One line of a plan as people see it, with all that is needed to apply it and to take it back.

    An app adds `run`, a foreign key to its own PlanRun with `related_name="changes"`. A line with `subject` "" is
    only told (skipped, conflict). `before` None: the thing was not there; `after` None: it is to be gone.
    """

    class Kind(models.TextChoices):
        ADDED = "added", _("Added")
        UPDATED = "updated", _("Updated")
        REMOVED = "removed", pgettext_lazy("change of a plan", "Removed")
        SKIPPED = "skipped", _("Skipped")
        CONFLICT = "conflict", _("Conflict")

    id = models.BigAutoField(primary_key=True)  # the order of application
    kind = models.CharField(max_length=11, choices=Kind)
    subject = models.CharField(max_length=20, blank=True)  # which Subject applies it
    key = models.CharField(max_length=200, blank=True)  # which thing, in the subject's own words
    reason = models.CharField(max_length=24, blank=True)
    name = models.CharField(max_length=201, blank=True)  # whom or what it is about, for people
    email = models.CharField(max_length=254, blank=True)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    affects = models.BooleanField(default=False)  # somebody loses something: counts for the threshold
    overtaken = models.BooleanField(default=False)  # the thing had changed meanwhile: nothing was done

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.name or self.key}"
