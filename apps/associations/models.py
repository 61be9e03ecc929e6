"""Associations of a school: who they are, their boards for a term, their members, their renewal (ASC-1 to 5).

What follows from a date is never stored: whether a board holds its rights, whether an approved association is open,
whether a missed renewal limits it (`terms`).
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.campuses.models import Campus, Promotion
from apps.core.actor import Scope
from apps.core.ids import new_id


class Kind(models.TextChoices):
    STUDENT_UNION = "student-union", _("Student union (BDE)")
    ARTS = "arts", _("Arts (BDA)")
    SPORT = "sport", _("Sport (BDS)")
    JUNIOR_ENTERPRISE = "junior-enterprise", _("Junior enterprise")
    CULTURE = "culture", _("Culture and media")
    SOLIDARITY = "solidarity", _("Solidarity")
    ENVIRONMENT = "environment", _("Environment")
    TECHNOLOGY = "technology", _("Science and technology")
    INTERNATIONAL = "international", _("International")
    OTHER = "other", pgettext_lazy("kind of association", "Other")


class Visibility(models.TextChoices):
    """Who sees the page of an association. Those who oversee it always do."""

    PUBLIC = "public", _("Everybody")
    SCHOOL = "school", _("The whole school")
    CAMPUS = "campus", _("Its campuses")
    PROMOTION = "promotion", _("One promotion")
    MEMBERS = "members", _("Its members")
    BOARD = "board", _("Its board")


class Joining(models.TextChoices):
    FREE = "free", _("Everybody who sees it may join")
    APPROVAL = "approval", _("The board decides about each request")
    CLOSED = "closed", _("Only the board adds people")


class Status(models.TextChoices):
    """What somebody decided. That an approved association is active follows from the date its first board begins."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    REFUSED = "refused", _("Refused")
    APPROVED = "approved", _("Approved")
    DORMANT = "dormant", _("Dormant")
    DISSOLVED = "dissolved", _("Dissolved")


#: Still a request: its founders may change it.
WITH_FOUNDERS = (Status.DRAFT, Status.CHANGES_REQUESTED)
REQUESTS = (*WITH_FOUNDERS, Status.SUBMITTED, Status.REFUSED)


class Association(models.Model):
    """An association. Its seat says whose clock counts and which campus manager oversees it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    purpose = models.TextField(_("purpose"), max_length=4000)
    seat = models.ForeignKey(
        Campus, models.PROTECT, null=True, blank=True, related_name="associations", verbose_name=_("seat")
    )
    campuses = models.ManyToManyField(Campus, blank=True, related_name="+", verbose_name=_("also at"))
    visibility = models.CharField(_("seen by"), max_length=10, choices=Visibility, default=Visibility.SCHOOL)
    promotion = models.ForeignKey(
        Promotion, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("promotion")
    )
    joining = models.CharField(_("joining"), max_length=10, choices=Joining, default=Joining.APPROVAL)
    rna = models.CharField(_("RNA number"), max_length=10, blank=True)
    siret = models.CharField(_("SIRET number"), max_length=14, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField(_("created"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    opens_on = models.DateField(_("open from"), null=True, blank=True)  # the first day of its first board
    approved_details = models.JSONField(default=dict, blank=True)  # the legal details as the school last saw them
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)
    frozen_reason = models.CharField(_("reason"), max_length=500, blank=True)
    farewell_at = models.DateTimeField(null=True, blank=True)  # members were told that it is about to end
    dissolved_at = models.DateTimeField(_("dissolved"), null=True, blank=True)

    class Meta:
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=~Q(status__in=["refused", "dissolved"]), name="one_association_per_name"
            ),
            models.CheckConstraint(
                name="association_open_once_approved",
                condition=~Q(status__in=["approved", "dormant"]) | Q(opens_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["status"], name="associations_by_status")]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_scope(self) -> Scope:
        return Scope("association", self.pk)

    @property
    def is_request(self) -> bool:
        return self.status in REQUESTS

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def legal_details(self) -> dict[str, str]:
        """What a yearly renewal looks at: unchanged, nobody needs to read it again."""
        return {name: getattr(self, name) for name in ("name", "kind", "purpose", "rna", "siret")}


class RequestStep(models.TextChoices):
    """What happened to a request, or to the association later."""

    STARTED = "started", _("Request started")
    SUBMITTED = "submitted", _("Sent to the school")
    COMMENT = "comment", _("Comment")
    CHANGES = "changes", _("Changes requested")
    REFUSED = "refused", _("Refused by the school")
    APPROVED = "approved", _("Approved by the school")


class RequestEvent(models.Model):
    """One line of the conversation between founders and school. Rows are only added."""

    id = models.BigAutoField(primary_key=True)
    association = models.ForeignKey(Association, models.CASCADE, related_name="history")
    step = models.CharField(max_length=12, choices=RequestStep)
    text = models.TextField(_("text"), max_length=4000, blank=True)
    actor_id = models.UUIDField(null=True, blank=True)
    actor = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.step} · {self.association_id}"


class Founder(models.Model):
    """Somebody named in a request, who has to agree by themselves. `office`: what they are to be on the first board."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.ForeignKey(Association, models.CASCADE, related_name="founders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    office = models.CharField(_("office"), max_length=20, blank=True)
    named_at = models.DateTimeField(_("named"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)

    class Meta:
        verbose_name = _("founder")
        verbose_name_plural = _("founders")
        ordering = ["named_at", "id"]
        constraints = [models.UniqueConstraint(fields=["association", "user"], name="named_once_as_founder")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.association_id}"


class Office(models.Model):
    """A named post of a board, and the permissions that it gives at this association while somebody holds it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.ForeignKey(Association, models.CASCADE, related_name="offices")
    code = models.SlugField(_("short name"), max_length=20)
    name = models.CharField(_("name"), max_length=80, blank=True)  # empty: the usual name, in the reader's language
    permissions = ArrayField(models.CharField(max_length=80), verbose_name=_("permissions"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    confirms = models.BooleanField(_("confirms the yearly renewal"), default=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["association", "code"], name="one_office_per_code")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.name or str(USUAL_OFFICES.get(self.code, self.code))


USUAL_OFFICES = {
    "president": _("President"),
    "treasurer": _("Treasurer"),
    "secretary": _("Secretary"),
}


class Mandate(models.Model):
    """A person in an office from one day until another, which is no part of it: [starts_on, ends_on).

    Days begin at midnight of the seat's time zone. No job ends a mandate: the date does.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    office = models.ForeignKey(Office, models.PROTECT, related_name="mandates")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mandates")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    named_by_id = models.UUIDField(null=True, blank=True)
    named_by = models.CharField(_("named by"), max_length=200, blank=True)
    named_at = models.DateTimeField(_("named"))
    ended_because = models.CharField(_("ended early because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(name="mandate_in_order", condition=Q(ends_on__gte=F("starts_on"))),
        ]
        indexes = [models.Index(fields=["user", "ends_on"], name="mandates_of_person")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.office_id}"

    @property
    def audit_scope(self) -> Scope:
        return Scope("association", self.office.association_id)


class MembershipState(models.TextChoices):
    PENDING = "pending", _("Asked to join")
    MEMBER = "member", pgettext_lazy("of an association", "Member")
    LEFT = "left", _("Left")
    REFUSED = "refused", _("Not admitted")


class MembershipSource(models.TextChoices):
    JOINED = "joined", _("Joined")
    ASKED = "asked", _("Asked and was admitted")
    ADDED = "added", _("Added by the board")
    FOUNDER = "founder", _("Founder")


class Membership(models.Model):
    """A student in an association."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.ForeignKey(Association, models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="association_memberships")
    state = models.CharField(_("state"), max_length=10, choices=MembershipState)
    source = models.CharField(_("source"), max_length=10, choices=MembershipSource)
    words = models.CharField(_("message"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    joined_at = models.DateTimeField(_("member since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    decided_by_id = models.UUIDField(null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("membership of an association")
        verbose_name_plural = _("memberships of associations")
        ordering = ["-asked_at", "id"]
        constraints = [models.UniqueConstraint(fields=["association", "user"], name="one_membership_per_association")]
        indexes = [models.Index(fields=["association", "state"], name="members_of_association")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.association_id}"

    @property
    def audit_scope(self) -> Scope:
        return Scope("association", self.association_id)


class RenewalCampaign(models.Model):
    """Once a year every association says that it goes on. `deadline` is the last day on which it may."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=60)
    deadline = models.DateField(_("last day"))
    delisted_on = models.DateField(_("not listed from"))
    started_by = models.CharField(_("started by"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("started"))

    class Meta:
        verbose_name = _("renewal campaign")
        verbose_name_plural = _("renewal campaigns")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_campaign_per_name"),
            models.CheckConstraint(name="delisted_after_deadline", condition=Q(delisted_on__gt=F("deadline"))),
        ]

    def __str__(self) -> str:
        return self.name


class Renewal(models.Model):
    """One association in one campaign."""

    class How(models.TextChoices):
        UNCHANGED = "unchanged", _("By itself: all confirmed, nothing had changed")
        REVIEWED = "reviewed", _("The school read the changes")
        OVERRIDE = "override", _("By decision of the school")
        LATER = "later", _("By a later campaign")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(RenewalCampaign, models.CASCADE, related_name="renewals")
    association = models.ForeignKey(Association, models.CASCADE, related_name="renewals")
    settled_at = models.DateTimeField(_("renewed"), null=True, blank=True)
    how = models.CharField(_("how"), max_length=10, choices=How, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    settled_by = models.CharField(_("decided by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("renewal")
        verbose_name_plural = _("renewals")
        ordering = ["association__name"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "association"], name="one_renewal_per_campaign"),
            models.CheckConstraint(name="renewal_override_has_a_reason", condition=~Q(how="override") | ~Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["association"], name="renewals_open", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} · {self.association_id}"

    @property
    def audit_scope(self) -> Scope:
        return Scope("association", self.association_id)


class RenewalConfirmation(models.Model):
    """An officer said that the association goes on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    renewal = models.ForeignKey(Renewal, models.CASCADE, related_name="confirmations")
    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(_("confirmed"))

    class Meta:
        verbose_name = _("confirmation of a renewal")
        verbose_name_plural = _("confirmations of renewals")
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["renewal", "office", "user"], name="one_confirmation_per_office")
        ]

    def __str__(self) -> str:
        return f"{self.renewal_id} · {self.office_id}"
