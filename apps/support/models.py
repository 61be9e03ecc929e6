"""Grants of support access. They live in the platform's schema; each school sees its own."""

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.ids import new_id
from apps.tenants.models import School

WAITS: Final = timedelta(hours=24)  # a request that the school did not answer lapses


class SupportGrant(models.Model):
    """One superadmin may enter one school, to read or to act, for a reason and for a time."""

    class Level(models.TextChoices):
        READ = "read", pgettext_lazy("support", "Read")
        ACT = "act", pgettext_lazy("support", "Act")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="support_grants", verbose_name=_("school"))
    level = models.CharField(_("level"), max_length=4, choices=Level)
    reason = models.CharField(_("reason"), max_length=500)
    minutes = models.PositiveSmallIntegerField(_("duration in minutes"))
    asked_by_id = models.UUIDField()  # a superadmin; the name is copied, the grant outlives the account
    asked_by = models.CharField(_("asked by"), max_length=200)
    asked_by_email = models.CharField(max_length=254)
    asked_at = models.DateTimeField(_("asked"))
    needs_approval = models.BooleanField(_("needs the school's approval"), default=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    refused = models.BooleanField(_("refused"), default=False)
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=200, blank=True)
    ticket_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    ticket_expires_at = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField(_("last entered"), null=True, blank=True)

    class Meta:
        verbose_name = _("support access")
        verbose_name_plural = _("support access")
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["school", "-asked_at"], name="support_by_school")]
        constraints = [
            models.CheckConstraint(name="support_is_short", condition=Q(minutes__gte=15, minutes__lte=24 * 60)),
            models.CheckConstraint(
                name="support_period_complete",
                condition=Q(starts_at__isnull=True, ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_by} · {self.get_level_display()}"

    @property
    def may_act(self) -> bool:
        return self.level == self.Level.ACT

    def state(self, now: datetime) -> str:
        """`waiting`, `active`, `refused`, `ended` (by somebody), `expired` or `lapsed` (never answered)."""
        if self.refused:
            return "refused"
        if self.ended_at is not None:
            return "ended"
        if self.starts_at is None or self.ends_at is None:
            return "waiting" if now < self.asked_at + WAITS else "lapsed"
        return "active" if self.starts_at <= now < self.ends_at else "expired"
