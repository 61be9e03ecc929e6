"""What lies in the school's storage: a row for each file, so that its size counts and nothing is forgotten (FIL-1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.ids import new_id


class StoredFile(models.Model):
    """A file, or a picture in several sizes, below the school's own folder. Other rows point to it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(_("purpose"), max_length=30)
    content_type = models.CharField(max_length=100)
    extension = models.CharField(max_length=10)
    variants = models.JSONField(default=dict)  # name of a size ("" for a plain file) -> bytes
    size = models.PositiveBigIntegerField(_("size"), default=0)  # bytes of all variants
    filename = models.CharField(_("file name"), max_length=120, blank=True)  # offered when it is downloaded
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        indexes = [
            models.Index(fields=["purpose", "created_at"], name="files_by_purpose"),
            models.Index(fields=["expires_at"], condition=models.Q(expires_at__isnull=False), name="files_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    def path(self, variant: str = "") -> str:
        """Where it lies below the school's folder. Made of what we chose, never of what people typed."""
        tail = f"-{variant}" if variant else ""
        return f"{self.purpose}/{self.pk.hex}{tail}.{self.extension}"
