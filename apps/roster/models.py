"""People from elsewhere than Microsoft: lists in files, an identity provider (SCIM), the turn of the school year.

What each of them changes is a `RosterPlan` with its changes (DIR-8, ASC-5); only an identity provider's single
requests are carried out at once, as its protocol demands.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.campuses.models import Campus, CampusRole, Promotion
from apps.core.ids import new_id
from apps.core.plan.rows import PlanChange, PlanRun


class ImportFile(models.Model):
    """An uploaded list. Its content stays in the school's own schema until the import has ended, a day at most."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    content = models.BinaryField()  # emptied when nothing needs it any more
    size = models.PositiveIntegerField()  # bytes
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    header = models.JSONField(default=list)
    sample = models.JSONField(default=list)  # the first rows, for the page on which columns are chosen
    uploaded_by = models.CharField(max_length=200)
    uploaded_by_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")

    def __str__(self) -> str:
        return self.name


class RosterPlan(PlanRun):
    """A plan about people (`apps.core.plan`): an import, a turn of the school year, or what a provider asked for."""

    class Kind(models.TextChoices):
        FILE = "file", _("Import")
        ROLLOVER = "rollover", _("Turn of the school year")
        SCIM = "scim", _("Identity provider")

    kind = models.CharField(max_length=8, choices=Kind)
    label = models.CharField(max_length=200)  # the file's name, the school year
    options = models.JSONField(default=dict, blank=True)
    period = models.CharField(max_length=9, blank=True)  # the school year of a rollover, while it counts
    file = models.ForeignKey(ImportFile, models.SET_NULL, null=True, blank=True, related_name="plans")
    rows_read = models.PositiveIntegerField(default=0)
    rows = models.JSONField(default=dict, blank=True)  # what becomes of the rows of a file: word -> how many

    class Meta(PlanRun.Meta):
        verbose_name = _("plan about people")
        verbose_name_plural = _("plans about people")
        constraints = [
            *PlanRun.Meta.constraints,
            models.UniqueConstraint(fields=["period"], condition=~Q(period=""), name="one_rollover_per_school_year"),
        ]
        indexes = [models.Index(fields=["kind", "-created_at"], name="people_plans_by_time")]

    def __str__(self) -> str:
        return self.label


class RosterChange(PlanChange):
    """One line of a plan about people. `key` is a person's id, or a person's and a campus's for a place."""

    class Kind(models.TextChoices):
        ADDED = "added", _("New account")
        UPDATED = "updated", _("Details change")
        PLACED = "placed", _("Joins a campus")
        MOVED = "moved", _("Role or promotion changes")
        PROMOTED = "promoted", _("Moves up")
        ALUMNI = "alumni", _("Becomes alumnus")
        RESTORED = "restored", _("Restored")
        DEACTIVATED = "deactivated", _("Deactivated")
        REMOVED = "removed", pgettext_lazy("change of a plan", "Removed")
        SKIPPED = "skipped", _("Skipped")
        CONFLICT = "conflict", _("Conflict")

    run = models.ForeignKey(RosterPlan, models.CASCADE, related_name="changes", db_index=False)
    kind = models.CharField(max_length=11, choices=Kind)
    row = models.PositiveIntegerField(null=True, blank=True)  # number of the line in the file
    user_id = models.UUIDField(null=True, blank=True)
    campus_id = models.UUIDField(null=True, blank=True)
    set_aside = models.CharField(max_length=20, blank=True)  # the subject of a line that was left out in the preview

    class Meta(PlanChange.Meta):
        verbose_name = _("change of a plan about people")
        verbose_name_plural = _("changes of a plan about people")
        indexes = [
            models.Index(fields=["run", "id"], name="people_changes_in_order"),
            models.Index(fields=["run", "kind"], name="people_changes_by_kind"),
        ]


class FailedRow(models.Model):
    """A row of a file that was not taken in, as it stood there, with what is wrong in which column."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(RosterPlan, models.CASCADE, related_name="failed_rows", db_index=False)
    row = models.PositiveIntegerField()
    cells = models.JSONField()
    errors = models.JSONField()  # [{"field", "code", "value"}]

    class Meta:
        verbose_name = _("failed row")
        verbose_name_plural = _("failed rows")
        indexes = [models.Index(fields=["plan", "row"], name="failed_rows_in_order")]

    def __str__(self) -> str:
        return str(self.row)


class RememberedColumn(models.Model):
    """Which field a column of this heading was last used for in this school."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    heading = models.CharField(max_length=100, unique=True)  # in lower case, without accents
    field = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("remembered column")
        verbose_name_plural = _("remembered columns")

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"


class ProvisionedPerson(models.Model):
    """What the identity provider said about a person, and what it did to the account (SCIM)."""

    class Pending(models.TextChoices):
        """What it asked for and an administrator is to decide, because too many were asked for at once."""

        NOTHING = "", "-"
        SUSPEND = "suspend", "suspend"
        REMOVE = "remove", "remove"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="provisioned")
    user_name = models.CharField(max_length=254)
    external_id = models.CharField(max_length=254, blank=True)
    display_name = models.CharField(max_length=254, blank=True)
    said_name = models.JSONField(null=True, blank=True)  # parts of the name as said; {}: none; None: never asked
    emails = models.JSONField(null=True, blank=True)  # all that were said; the account has the one that counts
    suspended = models.BooleanField(default=False)  # by the provider (active=false): it may take that back
    removed = models.BooleanField(default=False)  # by the provider (DELETE): it may bring the person back
    pending = models.CharField(max_length=7, choices=Pending, default=Pending.NOTHING, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # when it last suspended or removed the person
    said_at = models.DateTimeField(null=True, blank=True)  # when what an event told last had happened
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("provisioned person")
        verbose_name_plural = _("provisioned people")
        constraints = [
            models.UniqueConstraint(Lower("user_name"), name="one_provisioned_person_per_name"),
        ]
        indexes = [
            models.Index(fields=["external_id"], name="provisioned_by_external_id"),
            models.Index(fields=["withdrawn_at"], name="provisioned_by_withdrawal"),
        ]

    def __str__(self) -> str:
        return self.user_name


class ProvisionedGroup(models.Model):
    """A group of the identity provider. With a campus it is mapped: its people belong there, with the role."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=254)
    external_id = models.CharField(max_length=254, blank=True)
    campus = models.ForeignKey(
        Campus, models.SET_NULL, null=True, blank=True, related_name="provisioned_groups", verbose_name=_("campus")
    )
    role = models.CharField(_("role"), max_length=10, choices=CampusRole, default=CampusRole.MEMBER)
    promotion = models.ForeignKey(
        Promotion, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("promotion")
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="ProvisionedMember", related_name="provisioned_groups"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("provisioned group")
        verbose_name_plural = _("provisioned groups")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="one_provisioned_group_per_name")]

    def __str__(self) -> str:
        return self.name


class ProvisionedMember(models.Model):
    """A person in a group of the identity provider."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(ProvisionedGroup, models.CASCADE, related_name="members", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("member of a provisioned group")
        verbose_name_plural = _("members of provisioned groups")
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="provisioned_member_once")]

    def __str__(self) -> str:
        return f"{self.group_id} · {self.user_id}"
