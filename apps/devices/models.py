"""Shared devices of a school, the PINs of the people who use them, and how often was guessed (IDN-10)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import PlaceKind, Session
from apps.core.actor import Scope
from apps.core.ids import new_id

from .machine import State

SHORTEST_IDLE, USUAL_IDLE, LONGEST_IDLE = 20, 60, 900  # seconds


class Device(models.Model):
    """A tablet at a desk, a bar, a reception. It is revoked, never deleted: the audit trail names it.

    `state` moves only by the table of machine.py. `session` is the device's own; `visit` is the session of the
    person at the desk: its `expires_at` is when idleness ends it, moved on by everything the person does.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=80)
    spot = models.CharField(_("where it stands"), max_length=120, blank=True)
    scope_kind = models.CharField(_("for"), max_length=12, choices=PlaceKind, default=PlaceKind.CAMPUS)
    scope_id = models.UUIDField(null=True, blank=True)
    idle_seconds = models.PositiveSmallIntegerField(
        _("seconds without use until it returns to the profiles"),
        default=USUAL_IDLE,
        validators=[MinValueValidator(SHORTEST_IDLE), MaxValueValidator(LONGEST_IDLE)],
    )
    permissions = ArrayField(models.CharField(max_length=80), verbose_name=_("what can be done at it"), default=list)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING, editable=False)
    session = models.ForeignKey(Session, models.SET_NULL, null=True, editable=False, related_name="+")
    visit = models.ForeignKey(Session, models.SET_NULL, null=True, editable=False, related_name="+")
    picked = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="picked_at"
    )
    acted_at = models.DateTimeField(null=True, editable=False)  # when a profile was picked
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_expires_at = models.DateTimeField(null=True, editable=False)
    reopen_hash = models.CharField(max_length=64, blank=True, editable=False)  # of what the tablet's marker holds
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.CharField(_("created by"), max_length=200, blank=True, editable=False)
    enrolled_at = models.DateTimeField(_("enrolled"), null=True, editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)

    class Meta:
        verbose_name = _("shared device")
        verbose_name_plural = _("shared devices")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="device_scope_complete",
                condition=Q(scope_kind="school", scope_id__isnull=True)
                | (~Q(scope_kind="school") & Q(scope_id__isnull=False)),
            ),
            models.CheckConstraint(
                name="only_devices_signed_in_have_people",
                condition=Q(state__in=["pin", "desk"]) | Q(picked__isnull=True, visit__isnull=True),
            ),
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="one_device_per_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        return Scope(self.scope_kind, self.scope_id)  # type: ignore[arg-type]

    @property
    def audit_scope(self) -> Scope:
        return self.scope

    @property
    def idle(self) -> timedelta:
        return timedelta(seconds=self.idle_seconds)

    def has_code(self, now: datetime) -> bool:
        return bool(self.code_hash) and self.code_expires_at is not None and now < self.code_expires_at


class DeskPin(models.Model):
    """A person's PIN, as an Argon2 hash over a keyed hash: a copy of the database alone cannot be searched.

    `code_*` is the one-time code with which a person without a PIN chooses one at the tablet.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="desk_pin")
    hash = models.CharField(max_length=128, blank=True)
    key = models.CharField(max_length=8, blank=True)  # which key it was made under
    set_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("PIN")
        verbose_name_plural = _("PINs")

    def __str__(self) -> str:
        return f"PIN of {self.user_id}"


class GuessCount(models.Model):
    """Attempts of one subject within a day. One row, changed in one statement, before anything is hashed."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        DEVICE = "device", _("Shared device")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=6, choices=Kind)
    subject_id = models.UUIDField()
    tries = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField()
    told = models.BooleanField(default=False)  # a refusal of this day stands in the audit trail

    class Meta:
        verbose_name = _("count of attempts")
        verbose_name_plural = _("counts of attempts")
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="one_count_per_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}: {self.tries}"
