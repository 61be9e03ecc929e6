"""The public site of an association (ASC-9): what its board writes about it, in the languages of the house."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.associations.models import Association
from apps.core.actor import Scope
from apps.core.ids import new_id


class Site(models.Model):
    """One for each association that wants one. A text is a mapping of language to what was written in it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.OneToOneField(Association, models.CASCADE, related_name="site")
    tagline = models.JSONField(_("in one line"), default=dict, blank=True)
    about = models.JSONField(_("who we are"), default=dict, blank=True)
    practical = models.JSONField(_("when and where"), default=dict, blank=True)
    for_members = models.JSONField(_("for members"), default=dict, blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    network = models.URLField(_("social network"), max_length=300, blank=True)
    shows_board = models.BooleanField(_("shows the board by name"), default=False)
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.CharField(_("changed by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("site of an association")
        verbose_name_plural = _("sites of associations")
        ordering = ["association__name"]

    def __str__(self) -> str:
        return str(self.association)

    @property
    def audit_scope(self) -> Scope:
        return Scope("association", self.association_id)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def said(self, field: str) -> dict[str, Any]:
        """The field as a mapping of language to text, also of a site that is not saved yet."""
        return dict(getattr(self, field) or {})
