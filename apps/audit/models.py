"""Who did what to what, when, and under which request. Rows are added, never changed (AUD-1)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.ids import new_id

from .acts import title_of


class AuditEvent(models.Model):
    """One act. Names are copied, not referenced: the trail outlives what it tells about.

    Two walls keep rows as they are: a trigger refuses UPDATE, DELETE and TRUNCATE, and the application's
    database roles are not granted them. The one way past both is described in migration 0001.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(_("time"), default=timezone.now)
    act = models.CharField(_("act"), max_length=80)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(_("by"), max_length=200)
    actor_email = models.CharField(max_length=254, blank=True)
    surface = models.CharField(_("through"), max_length=20)
    address = models.CharField(_("address"), max_length=45, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    target_type = models.CharField(max_length=80, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target_label = models.CharField(_("about"), max_length=200, blank=True)
    scope_kind = models.CharField(max_length=20, blank=True)
    scope_id = models.UUIDField(null=True)
    changes = models.JSONField(_("changes"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict)
    acting_for = models.CharField(_("in reality by"), max_length=200, blank=True)  # who stood behind the actor
    acting_for_id = models.UUIDField(null=True)
    support_grant_id = models.UUIDField(null=True)  # of the platform: what allowed its support to do this
    search = models.TextField(editable=False, default="")  # folded words of the labels: see services.folded

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_by_time"),
            models.Index(fields=["act", "-at"], name="audit_by_act"),
            models.Index(fields=["actor_id", "-at"], name="audit_by_actor", condition=models.Q(actor_id__isnull=False)),
            models.Index(fields=["target_id", "-at"], name="audit_by_target", condition=~models.Q(target_id="")),
            models.Index(fields=["request_id"], name="audit_by_request", condition=~models.Q(request_id="")),
            models.Index(
                fields=["support_grant_id", "-at"],
                name="audit_by_support_grant",
                condition=models.Q(support_grant_id__isnull=False),
            ),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="audit_by_words"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.target_label}".strip()

    @property
    def title(self) -> str:
        return str(title_of(self.act))
