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
