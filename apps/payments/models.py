"""Money that people pay, as providers tell it. Always integer minor units with a currency."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.ids import new_id


class Subscription(models.Model):
    """What a person has subscribed to at the school's payment service; that service decides, we show it (INT-2)."""

    class Status(models.TextChoices):
        TRIALING = "trialing", _("Trial")
        ACTIVE = "active", _("Active")
        PAST_DUE = "past_due", _("Past due")
        CANCELLED = "cancelled", pgettext_lazy("subscription", "Cancelled")
        EXPIRED = "expired", _("Expired")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    external_id = models.CharField(_("number"), max_length=120, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="subscriptions",
        verbose_name=_("person"),
    )  # fmt: skip
    plan = models.CharField(_("subscribed to"), max_length=120)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    amount = models.PositiveBigIntegerField(_("amount"))  # minor units, for each period
    currency = models.CharField(_("currency"), max_length=3)
    starts_at = models.DateTimeField(_("period from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("period until"), null=True, blank=True)
    paid_at = models.DateTimeField(_("last paid"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failed payments"), default=0)  # since the last that succeeded
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    # news come in any order: each part remembers how old what is known of it is, and the status what was said of it
    details_at = models.DateTimeField(editable=False)
    said_status = models.CharField(max_length=10, choices=Status, editable=False)
    status_at = models.DateTimeField(editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="currency_of_three_letters", condition=Q(currency__regex=r"^[A-Z]{3}$")),
        ]
        indexes = [
            models.Index(fields=["status", "-created_at"], name="subscriptions_by_status"),
            models.Index(fields=["-created_at", "-id"], name="subscriptions_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.external_id}"


class SubscriptionPayment(models.Model):
    """A payment of a subscription that succeeded or failed, once each."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="payments")
    external_id = models.CharField(_("number"), max_length=120, unique=True)
    succeeded = models.BooleanField(_("succeeded"))
    amount = models.PositiveBigIntegerField(_("amount"))  # minor units
    currency = models.CharField(_("currency"), max_length=3)
    at = models.DateTimeField(_("when"))
    period_ends_at = models.DateTimeField(_("period until"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment of a subscription")
        verbose_name_plural = _("payments of subscriptions")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.external_id


class ProviderAccount(models.Model):
    """What a provider last said of an account of the school: read there, never taken from a notice.

    Whose the account is stands in the platform's table (apps.tenants.services.bindings), not here.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        ACTIVE = "active", _("Active")
        RESTRICTED = "restricted", _("Restricted")
        REJECTED = "rejected", _("Rejected")
        DISCONNECTED = "disconnected", _("Disconnected")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.CharField(_("provider"), max_length=20)
    is_live = models.BooleanField(_("live"), default=True)
    external_id = models.CharField(_("account"), max_length=120)
    name = models.CharField(_("name"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State)
    problems = models.JSONField(default=list, blank=True)  # codes of the provider: what it still asks for
    read_at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("account at a provider")
        verbose_name_plural = _("accounts at providers")
        ordering = ["provider", "external_id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "is_live", "external_id"], name="one_row_per_provider_account"),
            models.CheckConstraint(
                name="provider_account_knows_its_state",
                condition=Q(state__in=["pending", "active", "restricted", "rejected", "disconnected"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.external_id

    @property
    def provider_name(self) -> str:
        return {"stripe": "Stripe", "helloasso": "HelloAsso"}.get(self.provider, self.provider)
