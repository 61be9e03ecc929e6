"""People from elsewhere than Microsoft: lists in files, an identity provider (SCIM), the turn of the school year.

What each of them changes is a `PeoplePlan` with its changes (DIR-8, ASC-5); only an identity provider's single
requests are carried out at once, as its protocol demands.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.campuses.models import Campus, CampusRole, Promotion
from apps.core.ids import new_id
from apps.core.plan import MOVING, State


class PeoplePlan(models.Model):
    """A durable plan (`apps.core.plan`) about people. The row is the truth; the queue only rings."""

    class Kind(models.TextChoices):
        FILE = "file", _("Import")
        ROLLOVER = "rollover", _("Turn of the school year")
        SCIM = "scim", _("Identity provider")
        UNDO = "undo", _("Undo")

    STATES = [
        (State.QUEUED.value, _("Queued")),
        (State.READING.value, _("Reading")),
        (State.PLANNED.value, _("Planned")),
        (State.HELD.value, _("Waiting for you")),
        (State.APPLYING.value, _("Applying")),
        (State.VERIFYING.value, _("Checking")),
        (State.DONE.value, _("Done")),
        (State.PARTIAL.value, _("Incomplete")),
        (State.FAILED.value, _("Failed")),
        (State.CANCELLED.value, _("Cancelled")),
        (State.REFUSED.value, _("Refused")),
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=10, choices=STATES, default=State.QUEUED.value)
    lane = models.CharField(max_length=10, default="people", editable=False)  # one moving plan per lane
    label = models.CharField(max_length=200)  # the file's name, the school year
    options = models.JSONField(default=dict, blank=True)
    period = models.CharField(max_length=9, blank=True)  # the school year of a rollover: once each
    undoes = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="undos")

    requested_by = models.CharField(max_length=200)
    requested_by_id = models.UUIDField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("requested"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    worker = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    resume_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)

    rows_total = models.PositiveIntegerField(null=True, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    to_apply = models.PositiveIntegerField(default=0)
    applied = models.PositiveIntegerField(default=0)
    cursor = models.BigIntegerField(default=0, editable=False)  # the last change that was applied
    counts = models.JSONField(default=dict, blank=True)  # kind of change -> how many
    affected = models.PositiveIntegerField(default=0)  # people who lose a campus
    population = models.PositiveIntegerField(default=0)  # people this source answers for, before
    hold_reason = models.CharField(max_length=40, blank=True)

    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("plan about people")
        verbose_name_plural = _("plans about people")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lane"],
                condition=Q(state__in=sorted(state.value for state in MOVING)),
                name="one_people_plan_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=~Q(period=""),
                name="one_rollover_per_school_year",
            ),
        ]
        indexes = [models.Index(fields=["kind", "-created_at"], name="people_plans_by_time")]

    def __str__(self) -> str:
        return self.label

    @property
    def is_moving(self) -> bool:
        return self.state in MOVING

    @property
    def seconds(self) -> float | None:
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class PeopleChange(models.Model):
    """One line of a plan. `after` holds all that is needed to apply it, `before` all to take it back."""

    class Kind(models.TextChoices):
        ADDED = "added", _("New")
        UPDATED = "updated", _("Changed")
        PROMOTED = "promoted", _("Moves up")
        ALUMNI = "alumni", _("Becomes alumnus")
        RESTORED = "restored", _("Restored")
        DEACTIVATED = "deactivated", _("Deactivated")
        REMOVED = "removed", _("Removed")
        SKIPPED = "skipped", _("Skipped")

    class Action(models.TextChoices):
        """What is done to the rows, in this order: people first, access ends last."""

        NONE = "", "-"
        CREATE = "create", "create"  # an account, with its first place
        PERSON = "person", "person"  # fields of an account
        PLACE = "place", "place"  # a membership: made, changed, ended
        ACCOUNT = "account", "account"  # departed or reinstated
        REMOVE = "remove", "remove"  # an account that an undone import had made

    id = models.BigAutoField(primary_key=True)  # the order of application
    plan = models.ForeignKey(PeoplePlan, models.CASCADE, related_name="changes", db_index=False)
    row = models.PositiveIntegerField(null=True, blank=True)  # number of the line in the file
    kind = models.CharField(max_length=11, choices=Kind)
    action = models.CharField(max_length=7, choices=Action, default=Action.NONE, blank=True)
    reason = models.CharField(max_length=24)
    user_id = models.UUIDField(null=True, blank=True)
    campus_id = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=201, blank=True)
    email = models.CharField(max_length=254, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    left_out = models.BooleanField(default=False)  # an administrator decided so in the preview
    applied = models.BooleanField(default=False)
    overtaken = models.BooleanField(default=False)  # somebody changed it meanwhile: not, or not wholly, done
    origin_id = models.BigIntegerField(null=True, blank=True)  # of an undo: the change it takes back

    class Meta:
        verbose_name = _("change of a plan about people")
        verbose_name_plural = _("changes of a plan about people")
        indexes = [
            models.Index(fields=["plan", "id"], name="people_changes_in_order"),
            models.Index(fields=["plan", "kind"], name="people_changes_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name or self.email}"


class ImportFile(models.Model):
    """The file of an import, kept in the school's own schema until the import has ended."""

    plan = models.OneToOneField(PeoplePlan, models.CASCADE, primary_key=True, related_name="file")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    header = models.JSONField(default=list)
    sample = models.JSONField(default=list)  # the first rows, for the page on which columns are chosen

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")

    def __str__(self) -> str:
        return self.name


class FailedRow(models.Model):
    """A row of a file that was not taken in, as it stood there, with what is wrong in which column."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(PeoplePlan, models.CASCADE, related_name="failed_rows", db_index=False)
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

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="provisioned")
    user_name = models.CharField(max_length=254)
    external_id = models.CharField(max_length=254, blank=True)
    suspended = models.BooleanField(default=False)  # by the provider (active=false): it may take that back
    removed = models.BooleanField(default=False)  # by the provider (DELETE): it may bring the person back
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("provisioned person")
        verbose_name_plural = _("provisioned people")
        constraints = [
            models.UniqueConstraint(Lower("user_name"), name="one_provisioned_person_per_name"),
        ]
        indexes = [models.Index(fields=["external_id"], name="provisioned_by_external_id")]

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
    version = models.PositiveIntegerField(default=1)

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
