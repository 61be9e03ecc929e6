"""Memberships by fee: tiers that an association sells, charters to sign, and who paid for which days (ASC-5).

What follows from a date is never stored: whether a fee holds today, may be renewed, or is on sale.
"""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.associations.models import Association
from apps.campuses.models import Campus, CampusRole, Promotion
from apps.core.actor import Scope
from apps.core.ids import new_id
from apps.money.models import Order


class Charter(models.Model):
    """Something to sign when joining. Its texts are versions, of which the latest counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.ForeignKey(Association, models.CASCADE, related_name="charters")
    name = models.CharField(_("name"), max_length=120)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("charter")
        verbose_name_plural = _("charters")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_scope(self) -> Scope:
        return Scope("association", self.association_id)


class CharterVersion(models.Model):
    """The words of a charter. The database refuses to change them (migration 0002)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    charter = models.ForeignKey(Charter, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    text_fr = models.TextField(_("text in French"), max_length=20000)
    text_en = models.TextField(_("text in English"), max_length=20000, blank=True)
    published_at = models.DateTimeField(_("published"))

    class Meta:
        verbose_name = _("version of a charter")
        verbose_name_plural = _("versions of charters")
        ordering = ["charter", "-number"]
        constraints = [models.UniqueConstraint(fields=["charter", "number"], name="one_text_per_charter_version")]

    def __str__(self) -> str:
        return f"{self.charter_id} {self.number}"

    def in_language(self, language: str) -> str:
        """The French text where there is no English one."""
        return self.text_en if language.startswith("en") and self.text_en else self.text_fr


class Period(models.TextChoices):
    SCHOOL_YEAR = "school_year", _("School year (September to August)")
    SEMESTER = "semester", _("Semester (September to January, February to August)")
    TWELVE_MONTHS = "twelve_months", _("Twelve months from the day of joining")
    FIXED = "fixed", _("Fixed dates")


class Tier(models.Model):
    """A fee that an association sells: for whom, when, how many, and for which days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.ForeignKey(Association, models.CASCADE, related_name="tiers")
    name_fr = models.CharField(_("name in French"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    price = models.PositiveBigIntegerField(_("price"))  # minor units of the currency of its treasury
    period = models.CharField(_("period"), max_length=15, choices=Period, default=Period.SCHOOL_YEAR)
    starts_on = models.DateField(_("from"), null=True, blank=True)  # fixed dates only
    ends_on = models.DateField(_("until"), null=True, blank=True)  # no part of it
    sold_from = models.DateField(_("on sale from"), null=True, blank=True)
    sold_until = models.DateField(_("on sale until"), null=True, blank=True)  # this day included
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    campuses = models.ManyToManyField(Campus, through="TierCampus", related_name="+", verbose_name=_("campuses"))
    promotions = models.ManyToManyField(
        Promotion, through="TierPromotion", related_name="+", verbose_name=_("promotions")
    )
    roles = ArrayField(models.CharField(max_length=20, choices=CampusRole), default=list, blank=True)
    members_of = models.ManyToManyField(
        Association, through="TierMemberOf", related_name="+", verbose_name=_("members of")
    )
    charters = models.ManyToManyField(
        Charter, through="TierCharter", related_name="tiers", verbose_name=_("charters to sign")
    )
    renewal_days = models.PositiveSmallIntegerField(_("may be renewed from so many days before the end"), default=60)
    grace_days = models.PositiveSmallIntegerField(_("days of grace after the end"), default=30)
    remind_days = ArrayField(models.SmallIntegerField(), verbose_name=_("reminders"), default=list, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        ordering = ["price", "id"]
        constraints = [
            models.CheckConstraint(
                name="fixed_fee_has_its_dates",
                condition=~Q(period="fixed") | Q(starts_on__isnull=False, ends_on__gt=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name_fr

    @property
    def audit_scope(self) -> Scope:
        return Scope("association", self.association_id)


class TierCampus(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tier = models.ForeignKey(Tier, models.CASCADE, related_name="+")
    campus = models.ForeignKey(Campus, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("campus of a fee")
        verbose_name_plural = _("campuses of fees")
        constraints = [models.UniqueConstraint(fields=["tier", "campus"], name="one_campus_per_fee")]

    def __str__(self) -> str:
        return f"{self.tier_id} · {self.campus_id}"


class TierPromotion(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tier = models.ForeignKey(Tier, models.CASCADE, related_name="+")
    promotion = models.ForeignKey(Promotion, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("promotion of a fee")
        verbose_name_plural = _("promotions of fees")
        constraints = [models.UniqueConstraint(fields=["tier", "promotion"], name="one_promotion_per_fee")]

    def __str__(self) -> str:
        return f"{self.tier_id} · {self.promotion_id}"


class TierMemberOf(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tier = models.ForeignKey(Tier, models.CASCADE, related_name="+")
    association = models.ForeignKey(Association, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("association of a fee")
        verbose_name_plural = _("associations of fees")
        constraints = [models.UniqueConstraint(fields=["tier", "association"], name="one_association_per_fee")]

    def __str__(self) -> str:
        return f"{self.tier_id} · {self.association_id}"


class TierCharter(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tier = models.ForeignKey(Tier, models.CASCADE, related_name="+")
    charter = models.ForeignKey(Charter, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("charter of a fee")
        verbose_name_plural = _("charters of fees")
        constraints = [models.UniqueConstraint(fields=["tier", "charter"], name="one_charter_per_fee")]

    def __str__(self) -> str:
        return f"{self.tier_id} · {self.charter_id}"


class Checkout(models.Model):
    """What one person chose at once: one order for each association, because each has an account of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80, unique=True)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("joint order of fees")
        verbose_name_plural = _("joint orders of fees")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return str(self.pk)


class State(models.TextChoices):
    HELD = "held", _("Place held, not paid")
    PAID = "paid", pgettext_lazy("fee", "Paid")
    RELEASED = "released", _("Not paid in time")
    REFUNDED = "refunded", pgettext_lazy("fee", "Refunded")


#: Those that take a place.
TAKEN = (State.HELD, State.PAID)


class Source(models.TextChoices):
    BOUGHT = "bought", _("Bought by the member")
    DESK = "desk", _("Received at the desk")
    IMPORTED = "imported", _("Imported")


class Fee(models.Model):
    """One person's fee at one association, for [starts_on, ends_on). No job ends it: the date does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="fees", verbose_name=_("fee"))
    association = models.ForeignKey(Association, models.CASCADE, related_name="fees")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="fees")
    checkout = models.ForeignKey(Checkout, models.SET_NULL, null=True, blank=True, related_name="fees")
    order = models.OneToOneField(Order, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.HELD)
    source = models.CharField(_("how"), max_length=10, choices=Source, default=Source.BOUGHT)
    price = models.PositiveBigIntegerField(_("price"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    grace_days = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(_("made"))
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)

    class Meta:
        verbose_name = _("fee of a member")
        verbose_name_plural = _("fees of members")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(name="fee_in_order", condition=Q(ends_on__gt=F("starts_on"))),
            models.UniqueConstraint(
                fields=["association", "user", "starts_on"],
                condition=Q(state__in=["held", "paid"]),
                name="one_fee_per_period",
            ),
        ]
        indexes = [
            models.Index(fields=["association", "state", "ends_on"], name="fees_of_association"),
            models.Index(fields=["tier", "ends_on"], condition=Q(state__in=["held", "paid"]), name="places_taken"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.tier_id}"

    @property
    def audit_scope(self) -> Scope:
        return Scope("association", self.association_id)

    @property
    def until(self) -> date:
        """The end of what it gives: the days of grace are part of it."""
        return self.ends_on + timedelta(days=self.grace_days)

    @property
    def last_day(self) -> date:
        return self.ends_on - timedelta(days=1)

    def holds(self, day: date) -> bool:
        return self.state == State.PAID and self.starts_on <= day < self.until


class Acceptance(models.Model):
    """A person accepted a version of a charter. Kept as it was given."""

    class How(models.TextChoices):
        ONESELF = "oneself", _("By themselves")
        PAPER = "paper", _("On paper, at the desk")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(CharterVersion, models.PROTECT, related_name="acceptances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    fee = models.ForeignKey(Fee, models.CASCADE, related_name="acceptances")
    how = models.CharField(max_length=10, choices=How, default=How.ONESELF)
    at = models.DateTimeField(_("accepted"))

    class Meta:
        verbose_name = _("accepted charter")
        verbose_name_plural = _("accepted charters")
        ordering = ["-at", "id"]
        constraints = [models.UniqueConstraint(fields=["version", "fee"], name="accepted_once_per_fee")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.version_id}"


class Reminder(models.Model):
    """One step of the reminders of one fee: sent, or not and why. There is one row per step, so none is sent twice."""

    class Why(models.TextChoices):
        SENT = "sent", _("Sent")
        RENEWED = "renewed", _("Renewed already")
        LEFT = "left", _("Left the association")
        REFUNDED = "refunded", _("The fee was given back")
        OPTED_OUT = "opted_out", _("Switched these messages off")
        NO_ADDRESS = "no_address", _("No address that takes mail")
        INACTIVE = "inactive", _("The person's account is closed")
        FROZEN = "frozen", _("The association is frozen or not active")
        NOT_SOLD = "not_sold", _("The fee is not sold any more")
        OVERTAKEN = "overtaken", _("A later step was due as well")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fee = models.ForeignKey(Fee, models.CASCADE, related_name="reminders")
    step = models.SmallIntegerField(_("day"))  # counted from the end
    outcome = models.CharField(_("outcome"), max_length=12, choices=Why)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reminder of a fee")
        verbose_name_plural = _("reminders of fees")
        ordering = ["-at", "id"]
        constraints = [models.UniqueConstraint(fields=["fee", "step"], name="one_reminder_per_step")]

    def __str__(self) -> str:
        return f"{self.fee_id} {self.step}"
