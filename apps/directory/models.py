"""From Microsoft groups to campus memberships: what is mapped, what was read, what was changed (DIR-1 to DIR-5)."""

from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import Identity
from apps.campuses.models import Campus, CampusRole
from apps.core.ids import new_id
from apps.core.plan import MOVING_VALUES
from apps.core.plan.rows import PlanRun


class GroupMapping(models.Model):
    """The people of a Microsoft group belong to a campus, with a role."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group_id = models.CharField(_("group"), max_length=64)
    group_name = models.CharField(_("group name"), max_length=256)
    campus = models.ForeignKey(Campus, models.CASCADE, related_name="group_mappings", verbose_name=_("campus"))
    role = models.CharField(_("role"), max_length=10, choices=CampusRole, default=CampusRole.MEMBER)
    transitive = models.BooleanField(_("include nested groups"), default=True)
    active = models.BooleanField(_("active"), default=True)
    people = models.PositiveIntegerField(null=True, blank=True, editable=False)  # in the last complete reading
    snapshot = models.ForeignKey(
        "DirectoryReading", models.SET_NULL, null=True, blank=True, editable=False, related_name="+", db_index=False
    )  # whose staged people are what Microsoft last said
    delta_link = models.TextField(blank=True, editable=False)  # where changes of the group since then are read
    people_link = models.TextField(blank=True, editable=False)  # where changes of people since then are read
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("group mapping")
        verbose_name_plural = _("group mappings")
        ordering = ["group_name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["group_id", "campus"], name="one_mapping_per_group_and_campus"),
        ]

    def __str__(self) -> str:
        return f"{self.group_name} → {self.campus}"


class DirectoryRun(PlanRun):
    """One reading of the directory and what came of it. The row is the truth; the queue only rings."""

    class Kind(models.TextChoices):
        FULL = "full", _("Run")
        DELTA = "delta", _("Delta run")
        PREVIEW = "preview", _("Preview")
        UNDO = "undo", pgettext_lazy("kind of run", "Undo")

    class Trigger(models.TextChoices):
        MANUAL = "manual", _("Started manually")
        SCHEDULE = "schedule", _("Scheduled")
        RETRY = "retry", _("Started again")
        NOTICE = "notice", _("Microsoft announced a change")

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FULL)
    trigger = models.CharField(max_length=8, choices=Trigger, default=Trigger.MANUAL)
    lane = models.CharField(max_length=10, default="directory", editable=False)  # one moving run per lane
    tenant_id = models.CharField(max_length=64)
    draft = models.JSONField(null=True, blank=True)  # a preview of a mapping that is not saved: see services.drafts

    pages = models.PositiveIntegerField(default=0)
    people_read = models.PositiveIntegerField(default=0)
    people_expected = models.PositiveIntegerField(null=True, blank=True)
    throttles = models.PositiveIntegerField(default=0)
    throttled_seconds = models.FloatField(default=0)

    people_link = models.TextField(blank=True)  # where the next delta run asks for changes of people
    people_next = models.TextField(blank=True)  # the page of this run's changes of people to go on with
    people_pages = models.PositiveIntegerField(default=0)
    # people with a place at a campus, wherever they come from, before the first change was applied and after the last
    members_before = models.PositiveIntegerField(null=True, blank=True)
    members_after = models.PositiveIntegerField(null=True, blank=True)

    class Meta(PlanRun.Meta):
        verbose_name = _("directory run")
        verbose_name_plural = _("directory runs")
        constraints = [
            models.UniqueConstraint(
                fields=["lane"],
                condition=Q(state__in=MOVING_VALUES),
                name="one_directory_run_at_a_time",
                violation_error_message=_("A directory run is already under way."),
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="runs_by_time")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_preview(self) -> bool:
        return self.kind == self.Kind.PREVIEW

    @property
    def changed_count(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in ("updated", "moved", "restored"))


class DirectoryReading(models.Model):
    """One mapping as it was when the run began, and how far its pages have been read: the checkpoint."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(DirectoryRun, models.CASCADE, related_name="readings")
    mapping = models.ForeignKey(GroupMapping, models.SET_NULL, null=True, related_name="readings", db_index=False)
    group_id = models.CharField(max_length=64)
    group_name = models.CharField(max_length=256)
    campus = models.ForeignKey(Campus, models.CASCADE, db_index=False)
    role = models.CharField(max_length=10, choices=CampusRole)
    transitive = models.BooleanField()
    pages = models.PositiveIntegerField(default=0)
    next_link = models.TextField(blank=True)
    people = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(null=True, blank=True)
    complete = models.BooleanField(default=False)
    base = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    delta_link = models.TextField(blank=True)  # where the next delta run begins
    nested = models.PositiveIntegerField(default=0)  # groups inside the group
    fallback = models.CharField(max_length=12, blank=True)  # why a delta run read this group completely

    class Meta:
        verbose_name = _("reading of a group")
        verbose_name_plural = _("readings of groups")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.group_name


class StagedPerson(models.Model):
    """A person as one page said. Filled by COPY page by page.

    The rows of a mapping's last complete reading stay: what Microsoft last said, to which delta runs apply changes.
    The table is not written to the log of the database: after a crash of the server it is empty, and is read anew.
    """

    id = models.BigAutoField(primary_key=True)  # order of arrival
    run = models.ForeignKey(DirectoryRun, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    reading = models.ForeignKey(DirectoryReading, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    object_id = models.CharField(max_length=64)
    email = models.CharField(max_length=254, blank=True)
    upn = models.CharField(max_length=254, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=120, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    refusal = models.CharField(max_length=12, blank=True)  # why this person may not join, from the page alone

    class Meta:
        verbose_name = _("staged person")
        verbose_name_plural = _("staged people")

    def __str__(self) -> str:
        return self.email or self.object_id


class StagedChange(models.Model):
    """One thing that a delta query said: somebody joined or left a group, changed, or is gone."""

    class What(models.TextChoices):
        ADD = "add", "add"
        REMOVE = "remove", "remove"
        PERSON = "person", "person"
        GONE = "gone", "gone"

    id = models.BigAutoField(primary_key=True)  # order of arrival
    run = models.ForeignKey(DirectoryRun, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    reading = models.ForeignKey(
        DirectoryReading, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    what = models.CharField(max_length=6, choices=What)
    object_id = models.CharField(max_length=64)
    email = models.CharField(max_length=254, blank=True)
    upn = models.CharField(max_length=254, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=120, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    refusal = models.CharField(max_length=12, blank=True)

    class Meta:
        verbose_name = _("staged change")
        verbose_name_plural = _("staged changes")

    def __str__(self) -> str:
        return f"{self.what} {self.object_id}"


class DirectoryChange(models.Model):
    """One line of a run's plan. `after` holds all that is needed to apply it, `before` all to take it back."""

    class Kind(models.TextChoices):
        ADDED = "added", _("Added")
        UPDATED = "updated", _("Updated")
        MOVED = "moved", _("Moved")
        STALE = "stale", _("Stale")
        DEACTIVATED = "deactivated", _("Deactivated")
        RESTORED = "restored", _("Restored")
        REMOVED = "removed", _("Removed again")
        SKIPPED = "skipped", _("Skipped")
        CONFLICT = "conflict", _("Conflict")

    class Action(models.TextChoices):
        """What is done to the rows, in this order: addresses are freed first, access ends last."""

        NONE = "", "-"
        PERSON = "person", "person"
        RESTORE = "restore", "restore"
        ADD = "add", "add"
        ROLE = "role", "role"
        STALE = "stale", "stale"
        END = "end", "end"
        REVERT = "revert", "revert"  # of an undo: a place is as it was
        REMOVE = "remove", "remove"  # of an undo: a place that was added is gone

    id = models.BigAutoField(primary_key=True)  # the order of application
    run = models.ForeignKey(DirectoryRun, models.CASCADE, related_name="changes", db_index=False)
    kind = models.CharField(max_length=11, choices=Kind)
    action = models.CharField(max_length=7, choices=Action, default=Action.NONE, blank=True)
    reason = models.CharField(max_length=24)
    object_id = models.CharField(max_length=64, blank=True)
    user_id = models.UUIDField(null=True, blank=True)
    campus_id = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=201, blank=True)
    email = models.CharField(max_length=254, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    overtaken = models.BooleanField(default=False)  # the rows had changed meanwhile: nothing was done

    class Meta:
        verbose_name = _("directory change")
        verbose_name_plural = _("directory changes")
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "id"], name="changes_of_run")]

    def __str__(self) -> str:
        return f"{self.kind} {self.email or self.object_id}"


class ConflictDecision(models.Model):
    """What an administrator decided about a Microsoft account and an address (DIR-4). It outlives runs."""

    class Choice(models.TextChoices):
        SAME = "same", _("The same person: link the Microsoft account to this account")
        ADDRESS = "address", _("Two people: the person here gets another address")
        KEEPS = "keeps", _("This Microsoft account keeps the address")
        LEAVE = "leave", _("Leave out, and do not ask again")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    object_id = models.CharField(max_length=64)
    email = models.CharField(max_length=254)
    choice = models.CharField(max_length=7, choices=Choice)
    reason = models.CharField(max_length=24)
    name = models.CharField(max_length=201, blank=True)
    decided_by = models.CharField(max_length=200)
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision about a conflict")
        verbose_name_plural = _("decisions about conflicts")
        ordering = ["-decided_at"]
        constraints = [
            models.UniqueConstraint(fields=["object_id", "email"], name="one_decision_per_account_and_address"),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.choice}"


class DirectorySchedule(models.Model):
    """When runs start by themselves. One row; without it nothing does."""

    class Mode(models.TextChoices):
        OFF = "off", _("Off")
        HOURS = "hours", _("Every few hours")
        DAILY = "daily", _("Every day at a fixed time")

    class Reading(models.TextChoices):
        FULL = "full", _("Read everything")
        DELTA = "delta", _("Only what changed, and everything once a week")

    id = models.CharField(primary_key=True, max_length=9, default="directory", editable=False)
    mode = models.CharField(_("runs start"), max_length=5, choices=Mode, default=Mode.OFF)
    every_hours = models.PositiveSmallIntegerField(_("hours between runs"), default=6)
    daily_at = models.TimeField(_("time of day"), default=time(4, 0))
    reading = models.CharField(_("what is read"), max_length=5, choices=Reading, default=Reading.DELTA)
    since = models.DateTimeField()  # slots before this moment are not made up for
    taken = models.CharField(max_length=40, blank=True)  # the last slot for which a run was started
    changed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("schedule of directory runs")
        verbose_name_plural = _("schedules of directory runs")

    def __str__(self) -> str:
        return str(self.get_mode_display())


class DirectoryAlert(models.Model):
    """Something about the runs that people who may act must know. Open until it is over; one e-mail per opening."""

    class Kind(models.TextChoices):
        FAILED = "failed", _("A directory run failed")
        LATE = "late", _("No good directory run for too long")
        HELD = "held", _("A directory run waits for a decision")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=6, choices=Kind)
    cause = models.CharField(max_length=40, blank=True)  # the code of the fault: another one is another alert
    run = models.ForeignKey(DirectoryRun, models.SET_NULL, null=True, blank=True, related_name="alerts")
    opened_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)
    told = models.PositiveSmallIntegerField(default=0)  # people who were written to

    class Meta:
        verbose_name = _("directory alert")
        verbose_name_plural = _("directory alerts")
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(cleared_at=None), name="one_open_directory_alert_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.opened_at:%Y-%m-%d %H:%M}"


class GroupSubscription(models.Model):
    """Microsoft's promise to tell us when a mapped group changes (DIR-7).

    Neither the address it calls nor the secret it shows there is kept, only their digests.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Being set up")
        ACTIVE = "active", _("Active")
        LEAVING = "leaving", _("Being removed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64)
    group_id = models.CharField(max_length=64)
    graph_id = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=64, unique=True)  # SHA-256 of the last part of the address
    client_state = models.CharField(max_length=64)  # SHA-256 of the secret that every notification carries
    state = models.CharField(max_length=7, choices=State, default=State.ASKED)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)  # the last notification
    next_attempt_at = models.DateTimeField(null=True, blank=True)  # earliest next call about it to Microsoft
    failures = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("subscription to a group")
        verbose_name_plural = _("subscriptions to groups")
        ordering = ["group_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "group_id"], condition=~Q(state="leaving"), name="one_subscription_per_group"
            ),
        ]

    def __str__(self) -> str:
        return self.group_id


class GroupNotice(models.Model):
    """Notifications of one kind that arrived for a subscription and were not acted on yet, as one row."""

    class Kind(models.TextChoices):
        CHANGED = "changed", _("Changed")
        REAUTHORIZE = "reauthorize", _("To be renewed")
        REMOVED = "removed", _("Ended by Microsoft")
        MISSED = "missed", _("Some were missed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subscription = models.ForeignKey(GroupSubscription, models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(max_length=11, choices=Kind)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("notice of a change")
        verbose_name_plural = _("notices of changes")
        constraints = [
            models.UniqueConstraint(fields=["subscription", "kind"], name="one_waiting_notice_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} × {self.count}"


class DirectoryPhoto(models.Model):
    """Which photo of the directory was last looked at for a person: an unchanged one is not fetched again (IDN-11)."""

    identity = models.OneToOneField(Identity, models.CASCADE, primary_key=True, related_name="directory_photo")
    etag = models.CharField(max_length=200, blank=True)  # "" when there is none
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("photo of the directory")
        verbose_name_plural = _("photos of the directory")

    def __str__(self) -> str:
        return self.etag
