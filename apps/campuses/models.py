"""Campuses of a school, the addresses that belong to them, and who is there and why (CAM-1, CAM-2)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.ids import new_id


class CampusRole(models.TextChoices):
    """What somebody is at one campus. The order is the rank: of two groups the higher role counts."""

    ALUMNI = "alumni", pgettext_lazy("role at a campus", "Alumnus")
    MEMBER = "member", pgettext_lazy("role at a campus", "Student")
    STAFF = "staff", pgettext_lazy("role at a campus", "Staff")
    MANAGER = "manager", pgettext_lazy("role at a campus", "Campus manager")


class Campus(models.Model):
    """A site of the school. It is archived, never deleted: history points to it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=20)
    address = models.TextField(_("address"), max_length=500, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    default_role = models.CharField(_("default role"), max_length=10, choices=CampusRole, default=CampusRole.MEMBER)
    hue = models.PositiveSmallIntegerField(
        _("colour"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(359)]
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("campus")
        verbose_name_plural = _("campuses")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("code"), name="one_campus_per_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class Place(models.Model):
    """A room or another spot of a campus where things happen."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campus = models.ForeignKey(Campus, models.CASCADE, related_name="places")
    name = models.CharField(_("name"), max_length=120)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]
        constraints = [models.UniqueConstraint("campus", Lower("name"), name="one_place_per_name")]

    def __str__(self) -> str:
        return self.name


class ApprovedDomain(models.Model):
    """An e-mail domain whose people may join the school; it belongs to one campus."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campus = models.ForeignKey(Campus, models.CASCADE, related_name="domains")
    domain = models.CharField(_("domain"), max_length=253, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("approved domain")
        verbose_name_plural = _("approved domains")
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(name="domain_in_lower_case", condition=Q(domain=Lower("domain"))),
        ]

    def __str__(self) -> str:
        return self.domain


class Promotion(models.Model):
    """A year of study, in the school's own order. At the turn of the school year its people move to `then`."""

    class Turn(models.TextChoices):
        """What happens to its people at the turn of the school year."""

        MOVE = "move", _("Move to another promotion")
        STAY = "stay", _("Stay where they are")
        LEAVE = "leave", _("Leave the school and become alumni")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    turn = models.CharField(_("at the turn of the year"), max_length=5, choices=Turn, default=Turn.STAY)
    then = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("next"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="one_promotion_per_name")]

    def __str__(self) -> str:
        return self.name


class MembershipState(models.TextChoices):
    DETECTED = "detected", _("Detected")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    STALE = "stale", _("Stale")
    ENDED = "ended", _("Ended")


class MembershipSource(models.TextChoices):
    """Who answers for a membership. A directory run only touches its own."""

    DIRECTORY = "directory", _("Microsoft directory")
    INVITATION = "invitation", _("Invitation")
    IMPORT = "import", _("Import")
    SCIM = "scim", _("Identity provider (SCIM)")
    MANUAL = "manual", _("Manual")


class Cause(models.TextChoices):
    """Why a membership is in its state."""

    LISTED = "listed", _("Listed in a mapped group")
    RENEWED = "renewed", _("Listed again in time")
    REMOVED = "removed", _("No longer in a mapped group")
    DISABLED = "disabled", _("Account disabled in Microsoft")
    GUEST = "guest", _("Guest of the organisation")
    DOMAIN = "domain", _("E-mail domain not approved")
    NO_ADDRESS = "no-address", _("No e-mail address")
    LEFT = "left", _("Left by choice")
    ADMIN = "admin", _("Decided by an administrator")
    INVITED = "invited", _("Accepted an invitation")
    IMPORTED = "imported", _("Imported")
    UNLISTED = "unlisted", _("Not in the imported list any more")
    PROVISIONED = "provisioned", _("Listed by the identity provider")
    WITHDRAWN = "withdrawn", _("Withdrawn by the identity provider")
    ROLLOVER = "rollover", _("Turn of the school year")
    EXPIRED = "expired", _("Expired")
    UNDONE = "undone", _("Taken back with the run that did it")


#: Endings that a file or the identity provider may take back when the person is listed again.
ENDED_BY_LISTS = (Cause.UNLISTED, Cause.WITHDRAWN, Cause.EXPIRED, Cause.REMOVED)
#: Endings a directory run may take back when the person is listed again.
ENDED_BY_DIRECTORY = (
    Cause.REMOVED, Cause.DISABLED, Cause.GUEST, Cause.DOMAIN, Cause.NO_ADDRESS, Cause.EXPIRED,
)  # fmt: skip


class Pin(models.TextChoices):
    """A manual exception. It outlives every synchronisation."""

    NONE = "", _("No exception")
    KEEP = "keep", _("Always keep")
    NEVER = "never", _("Never activate")


class CampusMembership(models.Model):
    """One person at one campus. What happened before stands in `events`.

    `last_seen_at` and `last_run_id` are written when the membership changes: an active membership of the
    directory was, by definition, seen by the last complete run, and an unchanged run writes no row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="campus_memberships")
    campus = models.ForeignKey(Campus, models.PROTECT, related_name="memberships", db_index=False)
    role = models.CharField(_("role"), max_length=10, choices=CampusRole, default=CampusRole.MEMBER)
    state = models.CharField(_("state"), max_length=10, choices=MembershipState, default=MembershipState.ACTIVE)
    source = models.CharField(_("source"), max_length=10, choices=MembershipSource)
    cause = models.CharField(_("cause"), max_length=12, choices=Cause)
    pinned = models.CharField(_("exception"), max_length=5, choices=Pin, default=Pin.NONE, blank=True)
    promotion = models.ForeignKey(
        Promotion, models.SET_NULL, null=True, blank=True, related_name="memberships", verbose_name=_("promotion")
    )
    ends_on = models.DateField(_("last day"), null=True, blank=True)  # the rights end by this date, not by a job
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    last_run_id = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("campus membership")
        verbose_name_plural = _("campus memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "campus"], name="one_membership_per_campus"),
            models.CheckConstraint(
                name="never_pinned_is_not_active",
                condition=~Q(pinned=Pin.NEVER) | ~Q(state=MembershipState.ACTIVE),
            ),
        ]
        indexes = [models.Index(fields=["campus", "state"], name="members_of_campus")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.campus_id}"

    @property
    def is_active(self) -> bool:
        return self.state == MembershipState.ACTIVE


class MembershipEvent(models.Model):
    """One change of a membership. Rows are only added."""

    id = models.BigAutoField(primary_key=True)  # order of events, and half the size of a UUID
    membership = models.ForeignKey(CampusMembership, models.CASCADE, related_name="events")
    from_state = models.CharField(max_length=10, choices=MembershipState, blank=True)
    to_state = models.CharField(max_length=10, choices=MembershipState)
    from_role = models.CharField(max_length=10, choices=CampusRole, blank=True)
    to_role = models.CharField(max_length=10, choices=CampusRole)
    source = models.CharField(max_length=10, choices=MembershipSource)
    cause = models.CharField(max_length=12, choices=Cause)
    run_id = models.UUIDField(null=True, blank=True)
    actor = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("membership event")
        verbose_name_plural = _("membership events")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.from_state or '-'} → {self.to_state}"
