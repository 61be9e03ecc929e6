"""What other services told us, once each (INT-1, INT-2), and with which secrets they sign."""

from datetime import datetime

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.alarms import Alarm
from apps.core.ids import new_id
from apps.core.plan.rows import PlanChange, PlanRun
from apps.tenants.encrypted import EncryptedTextField


class InboundEvent(models.Model):
    """One event of one service. The row is written before the sender hears "accepted", and is the queue itself.

    While an event waits, later ones of the same `lane` wait behind it; those of other lanes do not.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        PROCESSED = "processed", _("Processed")
        IGNORED = "ignored", _("Without effect")
        DEAD = "dead", _("Given up")
        DISCARDED = "discarded", _("Discarded")
        HELD = "held", _("Quarantined")  # on the platform only: it fits no school

    id = models.BigAutoField(primary_key=True)  # the order of arrival
    service = models.CharField(_("service"), max_length=30)
    event_id = models.CharField(_("event id"), max_length=200)
    kind = models.CharField(_("kind"), max_length=100)
    lane = models.CharField(_("lane"), max_length=200, blank=True)  # "" goes beside everything
    about = models.CharField(_("about"), max_length=254, blank=True)  # an e-mail address, for people's rights
    body = models.TextField(_("content"), blank=True)  # JSON as it was accepted; "" once expunged
    body_hash = models.CharField(max_length=64)
    occurred_at = models.DateTimeField(_("happened"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"))
    request_id = models.CharField(max_length=64, blank=True)
    secret_id = models.UUIDField(null=True, blank=True)  # which secret had signed it
    account = models.CharField(_("account"), max_length=120, blank=True)  # at the provider that sent it
    is_live = models.BooleanField(_("live"), null=True, blank=True)  # no: the provider's test mode

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    replays = models.PositiveSmallIntegerField(_("replays"), default=0)
    outcome = models.CharField(_("outcome"), max_length=60, blank=True)  # a code of the handler
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    conflicts = models.PositiveIntegerField(_("contradictions"), default=0)  # same id, other content
    conflict_body = models.TextField(_("contradicting content"), blank=True)
    conflict_at = models.DateTimeField(_("contradicted"), null=True, blank=True)
    conflict_seen_at = models.DateTimeField(_("contradiction looked at"), null=True, blank=True)
    expunged_at = models.DateTimeField(_("content deleted"), null=True, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["service", "event_id"], name="one_event_per_id")]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="events_waiting"),
            models.Index(fields=["lane", "id"], condition=Q(state="waiting") & ~Q(lane=""), name="events_in_lanes"),
            models.Index(fields=["service", "-id"], name="events_by_service"),
            models.Index(fields=["state", "-id"], condition=~Q(state="processed"), name="events_to_look_at"),
            models.Index(fields=["service"], condition=Q(conflicts__gt=0), name="events_in_conflict"),
            models.Index(fields=["account", "-id"], condition=~Q(account=""), name="events_by_account"),
            BrinIndex(fields=["received_at"], autosummarize=True, name="events_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.event_id}"

    @property
    def reference(self) -> str:
        """Its name in addresses. The number alone would fit an event of every school."""
        return f"{self.pk}-{self.body_hash[:12]}"

    @property
    def is_in_conflict(self) -> bool:
        """It was sent again with other content, and nobody has looked at that yet."""
        seen = self.conflict_seen_at
        return self.conflict_at is not None and (seen is None or seen < self.conflict_at)

    @property
    def may_be_replayed(self) -> bool:
        return self.state != self.State.WAITING and bool(self.body)

    @property
    def may_be_discarded(self) -> bool:
        return self.state in (self.State.DEAD, self.State.WAITING, self.State.HELD)

    @property
    def may_be_expunged(self) -> bool:
        """Without its content nothing can be applied any more, so what still waits keeps it."""
        return self.state != self.State.WAITING and bool(self.body or self.conflict_body)


class DrainSlot(models.Model):
    """How many jobs work on one school's events at once: a job holds a slot until it ends or is not heard of.

    So the backlog of one school never takes all workers, and a bell too many costs one statement.
    """

    number = models.PositiveSmallIntegerField(primary_key=True)
    held_until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.number)


class WebhookSecret(models.Model):
    """With what a service signs its webhooks. Two live at once while one replaces the other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service = models.CharField(_("service"), max_length=30)
    hint = models.CharField(max_length=12)
    secret = EncryptedTextField()
    created_by = models.CharField(_("created by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    ends_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook secret")
        verbose_name_plural = _("webhook secrets")
        ordering = ["service", "-created_at"]
        indexes = [models.Index(fields=["service", "-created_at"], name="secrets_by_service")]

    def __str__(self) -> str:
        return f"{self.service} {self.hint}…"

    def is_live(self, now: datetime) -> bool:
        return self.ends_at is None or now < self.ends_at


class InboundAlarm(Alarm):
    """Something about a service that an administrator must know: open until it is over (INT-3b)."""

    class Kind(models.TextChoices):
        SILENT = "silent", _("No event for a day")
        DEAD = "dead", _("Events were given up")
        LATE = "late", _("Events wait too long")
        HELD = "held", _("Events fit no school")
        CONFLICT = "conflict", _("The same event with other content")

    kind = models.CharField(max_length=10, choices=Kind)
    service = models.CharField(_("service"), max_length=30)
    figures = models.JSONField(default=dict, blank=True)

    class Meta(Alarm.Meta):
        verbose_name = _("alarm of a service")
        verbose_name_plural = _("alarms of services")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "kind"], condition=Q(cleared_at=None), name="one_open_alarm_per_service_and_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.kind}"


class SchoolState(models.Model):
    """How the services of one school do, as it was last looked at from inside. Rows only in the platform's schema.

    So the page over all schools is one query, whether there are three or a thousand.
    """

    school_id = models.UUIDField(primary_key=True)
    state = models.CharField(max_length=10)
    services = models.JSONField(default=list)  # [{"service", "state", "code", "dead", "waiting", "lag"}]
    dead = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    lag = models.PositiveIntegerField(default=0)  # seconds
    looked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("state of a school's services")
        verbose_name_plural = _("states of schools' services")

    def __str__(self) -> str:
        return f"{self.school_id} {self.state}"


class EventPlan(PlanRun):
    """Many events replayed, discarded or emptied at once: computed, shown, confirmed, then done (docs/plan.md)."""

    class Kind(models.TextChoices):
        REPLAY = "replay", _("Replay")
        DISCARD = "discard", _("Discard")
        EXPUNGE = "expunge", _("Delete the content")

    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    wanted = models.JSONField(default=dict, blank=True)  # which events: {"ids": [...]} or the filters of the page
    outcomes = models.JSONField(default=list, blank=True)  # of the rehearsal: [[state, code, how many]]
    rehearsed = models.PositiveIntegerField(default=0)

    class Meta(PlanRun.Meta):
        verbose_name = _("decision about many events")
        verbose_name_plural = _("decisions about many events")


class EventChange(PlanChange):
    """One event of such a decision; `key` is its row, `name` says what it is."""

    run = models.ForeignKey(EventPlan, models.CASCADE, related_name="changes")
    would_state = models.CharField(max_length=10, blank=True)  # what a replay was rehearsed to do; "" not rehearsed
    would_code = models.CharField(max_length=300, blank=True)
    would_detail = models.CharField(max_length=300, blank=True)

    class Meta(PlanChange.Meta):
        verbose_name = _("event of a decision")
        verbose_name_plural = _("events of decisions")
        indexes = [models.Index(fields=["run", "id"], name="changes_of_events")]
