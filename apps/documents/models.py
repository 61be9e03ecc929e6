"""Documents that a school wants of its associations, and what its people may see of their money (ASC-1, 6, 10).

Whether a document is missing, expired or overdue follows from the day at the seat and is never stored (`terms`).
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.associations.models import Association
from apps.core.actor import Scope
from apps.core.ids import new_id
from apps.files.models import StoredFile


class Renewed(models.TextChoices):
    ONCE = "once", _("Once")
    YEARLY = "yearly", _("Each school year")
    BEFORE = "before", _("Each year before a date")


class DocumentKind(models.Model):
    """A document that the school wants of its associations. `needed_of`: kinds of associations; empty means all."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(_("short name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    help_text = models.CharField(_("explanation"), max_length=500, blank=True)
    is_required = models.BooleanField(_("required"), default=True)
    at_request = models.BooleanField(_("needed before a request is sent"), default=False)
    needed_of = ArrayField(models.CharField(max_length=20), verbose_name=_("needed of"), default=list, blank=True)
    renewed = models.CharField(_("renewed"), max_length=10, choices=Renewed, default=Renewed.ONCE)
    due_month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    due_day = models.PositiveSmallIntegerField(_("day"), null=True, blank=True)
    same_is_enough = models.BooleanField(_("the same file is accepted again by itself"), default=True)
    is_financial = models.BooleanField(_("about money"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        verbose_name = _("kind of document")
        verbose_name_plural = _("kinds of documents")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                name="document_kind_has_its_date",
                condition=~Q(renewed="before") | Q(due_month__range=(1, 12), due_day__range=(1, 31)),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Dossier(models.Model):
    """One document of one association with all its versions: of a kind, or something the school asked for besides.

    `asked_at`: the school asked for it (again); what was accepted before that day no longer counts.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.ForeignKey(Association, models.CASCADE, related_name="dossiers")
    kind = models.ForeignKey(DocumentKind, models.PROTECT, null=True, blank=True, related_name="dossiers")
    title = models.CharField(_("title"), max_length=120, blank=True)
    words = models.CharField(_("message"), max_length=1000, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    asked_by_id = models.UUIDField(null=True, blank=True)
    asked_by = models.CharField(_("asked by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("document of an association")
        verbose_name_plural = _("documents of associations")
        constraints = [
            models.UniqueConstraint(
                fields=["association", "kind"], condition=Q(kind__isnull=False), name="one_dossier_per_kind"
            ),
            models.CheckConstraint(name="dossier_has_a_name", condition=Q(kind__isnull=False) | ~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.kind.name if self.kind else self.title

    @property
    def audit_scope(self) -> Scope:
        return Scope("association", self.association_id)


class Decision(models.TextChoices):
    WAITING = "waiting", _("Waiting for the school")
    ACCEPTED = "accepted", pgettext_lazy("document", "Accepted")
    CHANGES = "changes", _("To be changed")


class Version(models.Model):
    """A file as it was sent. Versions are only added; the newest counts.

    `sent_sha256` is of the bytes that came, `sha256` of those that are kept: pictures are written anew.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    filename = models.CharField(_("file name"), max_length=120)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    sent_sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded"))
    uploaded_by_id = models.UUIDField(null=True, blank=True)
    uploaded_by = models.CharField(_("uploaded by"), max_length=200, blank=True)
    decision = models.CharField(_("state"), max_length=10, choices=Decision, default=Decision.WAITING)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by_id = models.UUIDField(null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="one_version_per_number")]
        indexes = [models.Index(fields=["decision"], name="versions_waiting", condition=Q(decision="waiting"))]

    def __str__(self) -> str:
        return self.filename

    @property
    def audit_scope(self) -> Scope:
        return Scope("association", self.dossier.association_id)


class Logo(models.Model):
    """The picture of an association, written anew by us."""

    association = models.OneToOneField(Association, models.CASCADE, primary_key=True, related_name="logo")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("logo of an association")
        verbose_name_plural = _("logos of associations")

    def __str__(self) -> str:
        return f"{self.association_id}"


class SightRule(models.Model):
    """What a role of the school sees of associations' money: at once, and after giving a reason."""

    role = models.CharField(_("role"), max_length=20, primary_key=True)
    level = models.PositiveSmallIntegerField(_("at once"))
    with_reason = models.PositiveSmallIntegerField(_("with a reason"))

    class Meta:
        verbose_name = _("sight of money")
        verbose_name_plural = _("sights of money")

    def __str__(self) -> str:
        return self.role


class MoneyLook(models.Model):
    """Somebody of the school opened an association's money further than their role sees at once, and said why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.ForeignKey(Association, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(_("level"))
    reason = models.CharField(_("reason"), max_length=500)
    at = models.DateTimeField(_("time"))
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("look at the money of an association")
        verbose_name_plural = _("looks at the money of associations")
        indexes = [models.Index(fields=["user", "association", "until"], name="money_looks_open")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.association_id}"

    @property
    def audit_scope(self) -> Scope:
        return Scope("association", self.association_id)
