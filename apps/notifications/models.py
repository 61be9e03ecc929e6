"""What was said to whom, and whether it arrived (MSG-1)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.ids import new_id
from apps.tenants.encrypted import EncryptedTextField


class CommunicationLog(models.Model):
    """One message. Its text may hold the secret of a link: encrypted while it waits, gone when it is sent."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    template = models.CharField(_("message"), max_length=60)
    cause = models.CharField(max_length=200, unique=True)  # the same cause never sends twice
    user_id = models.UUIDField(null=True, blank=True)
    to = models.EmailField(_("to"), max_length=254)
    language = models.CharField(_("language"), max_length=5)
    subject = models.CharField(_("subject"), max_length=300)
    text = EncryptedTextField(blank=True)
    html = EncryptedTextField(blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="mail_to_send"),
            models.Index(fields=["user_id", "-created_at"], name="mail_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.to}"
