"""Whom a school tells what happens (INT-9): endpoints, what was to be told, and each attempt to tell it.

Events and their deliveries are written in the transaction of what they tell about; jobs send what is due.
"""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.alarms import Alarm
from apps.core.ids import new_id
from apps.tenants.encrypted import EncryptedTextField


class WebhookEndpoint(models.Model):
    """An address of somebody else that is told about events of some kinds; no kinds means all.

    Whatever its state, what it should be told is kept for it; only an enabled one is sent anything.
    """

    class State(models.TextChoices):
        ENABLED = "enabled", pgettext_lazy("webhook endpoint", "Enabled")
        PAUSED = "paused", pgettext_lazy("webhook endpoint", "Paused")
        DISABLED = "disabled", pgettext_lazy("webhook endpoint", "Switched off")

    class Because(models.TextChoices):
        """Why it was switched off without anybody asking for it."""

        NONE = "", ""
        GONE = "gone", _("The receiver answered 410: it wants nothing more")
        FAILING = "failing", _("Nothing could be delivered for days")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=100)
    url = models.CharField(_("address"), max_length=2000)
    kinds = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name=_("events"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ENABLED)
    because = models.CharField(_("reason"), max_length=10, choices=Because, default=Because.NONE, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)  # after a fault of the whole receiver
    faults_in_row = models.PositiveIntegerField(default=0)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    created_by = models.CharField(_("created by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_enabled(self) -> bool:
        return self.state == self.State.ENABLED

    @property
    def host(self) -> str:
        """Where it leads, without the path: that may be a secret."""
        return self.url.partition("//")[2].partition("/")[0]


class EndpointSecret(models.Model):
    """With what we sign for an endpoint. Two live at once while one replaces the other: then both sign."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="secrets")
    hint = models.CharField(max_length=12)
    secret = EncryptedTextField()
    created_by = models.CharField(_("created by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    ends_at = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("secret of a webhook endpoint")
        verbose_name_plural = _("secrets of webhook endpoints")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.hint}…"

    def is_live(self, now: datetime) -> bool:
        return self.ends_at is None or now < self.ends_at


class OutgoingEvent(models.Model):
    """Something that happened here and that an endpoint wanted to know. Its deliveries are made by the database.

    Written by `services.publishing`, and by the triggers of accounts and campuses for what changes there set-wise.
    """

    id = models.BigAutoField(primary_key=True)
    event_id = models.CharField(_("event id"), max_length=40, unique=True)
    kind = models.CharField(_("event"), max_length=60)
    happened_at = models.DateTimeField(_("happened"))
    person_id = models.UUIDField(null=True, blank=True, db_index=True)
    data = models.JSONField(_("content"), default=dict)

    class Meta:
        verbose_name = _("event told to others")
        verbose_name_plural = _("events told to others")
        ordering = ["-id"]
        indexes = [BrinIndex(fields=["happened_at"], autosummarize=True, name="outgoing_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class Delivery(models.Model):
    """One event for one endpoint."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")
        DROPPED = "dropped", pgettext_lazy("delivery", "Dropped")

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(OutgoingEvent, models.CASCADE, related_name="deliveries", db_index=False)
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries", db_index=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING, db_default="waiting")
    due_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    replays = models.PositiveSmallIntegerField(_("sent again"), default=0, db_default=0)
    status = models.PositiveSmallIntegerField(_("last answer"), null=True, blank=True)
    fault = models.CharField(max_length=40, default="", db_default="", blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery of a webhook")
        verbose_name_plural = _("deliveries of webhooks")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["event", "endpoint"], name="one_delivery_per_endpoint")]
        indexes = [
            models.Index(fields=["endpoint", "due_at", "id"], condition=Q(state="waiting"), name="deliveries_waiting"),
            models.Index(fields=["endpoint", "-id"], name="deliveries_by_endpoint"),
            models.Index(fields=["-id"], condition=Q(state="failed"), name="deliveries_given_up"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_on_its_way(self) -> bool:
        """Waiting for its first answer, or for that of being sent again."""
        return self.state == self.State.WAITING and self.status is None and not self.fault

    @property
    def may_be_sent_again(self) -> bool:
        return self.state != self.State.WAITING or self.attempts > 0


class Attempt(models.Model):
    """One request and what the receiver made of it. `fault`: why there was no answer that counts."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField(_("when"))
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=500, blank=True)  # how the receiver's text begins

    class Meta:
        verbose_name = _("attempt to deliver a webhook")
        verbose_name_plural = _("attempts to deliver webhooks")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.status or self.fault}"


class EndpointAlarm(Alarm):
    """An endpoint that an administrator must look at: open until it is over."""

    class Kind(models.TextChoices):
        FAILING = "failing", _("Nothing gets through")
        DISABLED = "disabled", _("Switched off by itself")

    kind = models.CharField(max_length=10, choices=Kind)
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="alarms")

    class Meta(Alarm.Meta):
        verbose_name = _("alarm of a webhook endpoint")
        verbose_name_plural = _("alarms of webhook endpoints")
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "kind"], condition=Q(cleared_at=None), name="one_open_alarm_per_endpoint_and_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.kind}"
