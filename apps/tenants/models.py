"""Schools, the hosts they answer on, and which provider accounts are theirs. All in the platform's schema."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tenants.models import DomainMixin, TenantMixin

from apps.core.ids import new_id

DEFAULT_HUE = 262


class School(TenantMixin):
    """A tenant (TEN-1). Its status changes only through services.lifecycle."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        TRIAL = "trial", _("Trial")
        ACTIVE = "active", _("Active")
        PAST_DUE = "past_due", _("Payment overdue")
        SUSPENDED = "suspended", _("Suspended")
        CANCELLED = "cancelled", pgettext_lazy("school", "Cancelled")
        PURGED = "purged", _("Purged")

    class Locale(models.TextChoices):
        FR = "fr", "Français"
        EN = "en", "English"

    OPEN = (Status.PENDING, Status.TRIAL, Status.ACTIVE, Status.PAST_DUE)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.CharField(_("short name"), max_length=40, unique=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    ready = models.BooleanField(_("schema complete"), default=False, editable=False)
    plan = models.CharField(_("plan"), max_length=30, default="campus")
    locale = models.CharField(_("language"), max_length=5, choices=Locale, default=Locale.FR)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    hue = models.PositiveSmallIntegerField(
        _("colour"), default=DEFAULT_HUE, validators=[MinValueValidator(0), MaxValueValidator(359)]
    )
    logo = models.FileField(_("logo"), upload_to="branding", blank=True)
    settings = models.JSONField(default=dict, blank=True)
    owner_email = models.EmailField(_("first owner's e-mail"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True, editable=False)
    owner_invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    status_before = models.CharField(max_length=12, choices=Status, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    purge_at = models.DateTimeField(null=True, blank=True, editable=False)

    auto_create_schema = False  # services.provisioning replays the template instead
    auto_drop_schema = False

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="suspended_school_knows_what_it_was",
                condition=Q(status="suspended", status_before__gt="") | ~Q(status="suspended"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # TenantMixin.save would create and migrate the schema in the request
        models.Model.save(self, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # type: ignore[override]
        raise NotImplementedError("a school is cancelled and later purged, never deleted")

    @property
    def is_open(self) -> bool:
        """People of this school can sign in."""
        return self.ready and self.status in self.OPEN


class Host(DomainMixin):
    """A host name that opens a school (TEN-2): the one the platform gave it, or one of its own.

    A name of its own is claimed first and answers nothing until its proof was seen in the DNS. Several schools
    may claim one name; only one can have it verified.
    """

    class Purpose(models.TextChoices):
        SUBDOMAIN = "subdomain", _("Address on the platform")
        SCHOOL = "school", _("The whole school")
        CAMPUS = "campus", _("One campus")
        ASSOCIATION = "association", _("The site of one association")

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for proof")
        VERIFIED = "verified", _("Verified")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(School, models.CASCADE, related_name="hosts", verbose_name=_("school"))
    domain = models.CharField(_("domain"), max_length=253)  # lower case, punycode, no dot at the end
    purpose = models.CharField(_("opens"), max_length=11, choices=Purpose, default=Purpose.SUBDOMAIN)
    campus_id = models.UUIDField(null=True, blank=True)  # of the school's schema, so no foreign key
    association_id = models.UUIDField(null=True, blank=True)  # of the school's schema, so no foreign key
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.VERIFIED)
    token = models.CharField(max_length=64, blank=True)  # what the DNS has to say; public by its nature
    claimed_at = models.DateTimeField(_("claimed"), default=timezone.now)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    checked_at = models.DateTimeField(_("last check"), null=True, blank=True)  # the last that got an answer
    asked_at = models.DateTimeField(null=True, blank=True)  # the last at all: the clock takes the oldest first
    missing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)  # checks in a row that found the proof gone

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        constraints = [
            models.UniqueConstraint(
                fields=["domain"], condition=Q(state="verified"), name="one_verified_school_per_domain"
            ),
            models.UniqueConstraint(fields=["tenant", "domain"], name="one_claim_per_school_and_domain"),
            models.CheckConstraint(
                name="host_of_campus_names_it",
                condition=Q(purpose="campus", campus_id__isnull=False) | (~Q(purpose="campus") & Q(campus_id=None)),
            ),
            models.CheckConstraint(
                name="host_of_association_names_it",
                condition=Q(purpose="association", association_id__isnull=False)
                | (~Q(purpose="association") & Q(association_id=None)),
            ),
            models.CheckConstraint(
                name="own_host_has_proof",
                condition=Q(purpose="subdomain", state="verified") | (~Q(purpose="subdomain") & Q(token__gt="")),
            ),
        ]

    def __str__(self) -> str:
        return self.domain

    def save(self, *args: Any, **kwargs: Any) -> None:
        models.Model.save(self, *args, **kwargs)

    @property
    def is_own(self) -> bool:
        """Not the name the platform gave."""
        return self.purpose != self.Purpose.SUBDOMAIN

    @property
    def record_name(self) -> str:
        return f"_campanile.{self.domain}"

    @property
    def record_value(self) -> str:
        return f"campanile={self.token}"


class ProviderBinding(models.Model):
    """A provider's account (a Microsoft organisation, a Stripe account) belongs to exactly one school (PAY-8).

    What the provider calls test mode is another account, even where both have the same id.
    """

    class Provider(models.TextChoices):
        MICROSOFT = "microsoft", "Microsoft"
        STRIPE = "stripe", "Stripe"
        HELLOASSO = "helloasso", "HelloAsso"
        BRIDGE = "bridge", "Bridge"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.CharField(max_length=20, choices=Provider)
    is_live = models.BooleanField(_("live"), default=True)
    external_id = models.CharField(max_length=120)
    school = models.ForeignKey(School, models.CASCADE, related_name="bindings")
    name = models.CharField(max_length=200, blank=True)
    bound_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "is_live", "external_id"], name="one_school_per_provider_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}:{self.external_id}"


class HookAddress(models.Model):
    """The unguessable end of an address on the platform's host at which a provider calls for one school.

    Only its digest is kept: who reads the table cannot call.
    """

    class Purpose(models.TextChoices):
        GRAPH = "graph", "Microsoft Graph"

    digest = models.CharField(max_length=64, primary_key=True)
    school = models.ForeignKey(School, models.CASCADE, related_name="hook_addresses")
    purpose = models.CharField(max_length=20, choices=Purpose)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("hook address")
        verbose_name_plural = _("hook addresses")

    def __str__(self) -> str:
        return f"{self.purpose}:{self.digest[:8]}"


class FleetState(models.Model):
    """How far one schema is: written in the same transaction as the change itself, so it cannot be wrong.

    `fingerprint` names the migrations it has; a deploy with nothing to do compares these and nothing else.
    """

    class State(models.TextChoices):
        DONE = "done", _("Up to date")
        FAILED = "failed", _("Failed")

    schema = models.CharField(max_length=63, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    position = models.PositiveIntegerField(default=0)  # of the last entry of the ledger that it has
    state = models.CharField(max_length=10, choices=State, default=State.DONE)
    error = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("schema state")
        verbose_name_plural = _("schema states")

    def __str__(self) -> str:
        return f"{self.schema}: {self.state}"


class FleetMigration(models.Model):
    """The ledger: each migration the template school received, in order, with the SQL that did it.

    `statements` is what every school runs. `needs_python`: it cannot be told as SQL and runs per school.
    """

    position = models.PositiveIntegerField(primary_key=True)
    app = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    statements = models.TextField(blank=True)
    needs_python = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app", "name"], name="one_entry_per_migration")]

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"


class JobRun(models.Model):
    """One run of a job that works by the clock: what, for whom, when, with what outcome (INT-4).

    Written before the work begins, so a worker that dies leaves it behind as running; see services.job_runs.
    """

    class Outcome(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        DIED = "died", _("Broken off")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    job = models.CharField(_("job"), max_length=80)
    # no constraint: a log never holds up a school, nor the job of one that is just going
    school = models.ForeignKey(
        School, models.CASCADE, null=True, related_name="+", verbose_name=_("school"), db_constraint=False
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.RUNNING)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    counts = models.JSONField(_("counts"), default=dict)  # what it did, by kind; never whom
    error = models.CharField(_("error"), max_length=120, blank=True)  # the kind of fault; its text may hold data
    job_id = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        indexes = [
            models.Index(fields=["school", "job", "-started_at"], name="job_runs_of_school"),
            models.Index(fields=["-started_at"], name="job_runs_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def seconds(self) -> float | None:
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None
