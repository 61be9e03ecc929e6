"""Money that people pay, as providers tell it. Always integer minor units with a currency."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.alarms import Alarm
from apps.core.ids import new_id
from apps.tenants.encrypted import EncryptedTextField


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
    treasury = models.ForeignKey(
        "money.Treasury", models.PROTECT, null=True, blank=True, related_name="payment_accounts",
        verbose_name=_("treasury"),
    )  # fmt: skip
    is_default = models.BooleanField(_("default"), default=False)  # where money of its treasury goes first
    connected_at = models.DateTimeField(_("connected"), null=True, blank=True)
    disconnected_at = models.DateTimeField(_("disconnected"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)  # may take more than the policy's limit
    reconciled_at = models.DateTimeField(_("compared"), null=True, blank=True)
    balance_there = models.BigIntegerField(null=True, blank=True)  # minor units, at the last comparison
    balance_here = models.BigIntegerField(null=True, blank=True)

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
            models.UniqueConstraint(
                fields=["treasury"], condition=Q(is_default=True), name="one_default_account_per_treasury"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.external_id

    @property
    def provider_name(self) -> str:
        return {"stripe": "Stripe", "helloasso": "HelloAsso"}.get(self.provider, self.provider)

    @property
    def is_connected(self) -> bool:
        return self.treasury_id is not None and self.disconnected_at is None

    @property
    def may_sell(self) -> bool:
        return self.is_connected and self.state == self.State.ACTIVE

    @property
    def difference(self) -> int:
        """How much more there is at the provider than in the ledger, at the last comparison."""
        return (self.balance_there or 0) - (self.balance_here or 0)


class ProviderToken(models.Model):
    """By what we act for one association at a provider whose tokens change with every use."""

    account = models.OneToOneField(ProviderAccount, models.CASCADE, primary_key=True, related_name="token")
    access_token = EncryptedTextField()
    refresh_token = EncryptedTextField()
    access_until = models.DateTimeField()
    refreshed_at = models.DateTimeField()
    is_over = models.BooleanField(default=False)  # the provider does not know it any more: connect again

    class Meta:
        verbose_name = _("access to an account at a provider")
        verbose_name_plural = _("accesses to accounts at providers")

    def __str__(self) -> str:
        return str(self.account)


class ConnectFlow(models.Model):
    """Somebody went to a provider to let us act for a treasury, and may come back once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    treasury = models.ForeignKey("money.Treasury", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state_hash = models.CharField(max_length=64, unique=True)
    verifier = EncryptedTextField()
    is_live = models.BooleanField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("connection under way")
        verbose_name_plural = _("connections under way")

    def __str__(self) -> str:
        return str(self.pk)


class PaymentPolicy(models.Model):
    """What the school allows its treasuries. One row, made when it is first changed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    providers = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("providers"))
    fee_basis_points = models.PositiveIntegerField(_("fee of the school"), default=0)
    fee_fixed = models.PositiveIntegerField(_("fixed fee of the school"), default=0)  # minor units
    approval_above = models.PositiveBigIntegerField(_("approval above"), null=True, blank=True)  # minor units

    class Meta:
        verbose_name = _("payment policy")
        verbose_name_plural = _("payment policies")
        constraints = [
            models.CheckConstraint(name="one_payment_policy", condition=Q(id=1)),
            models.CheckConstraint(name="payment_fee_is_a_part", condition=Q(fee_basis_points__lte=3000)),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def fee_of(self, amount: int) -> int:
        """The school's share of a payment, half up, never more than a third of it."""
        return min((amount * self.fee_basis_points + 5000) // 10_000 + self.fee_fixed, amount // 3)


class ProviderPayment(models.Model):
    """What we asked a provider for a payment of `money`, so that asking again asks the same; and its other number."""

    payment = models.OneToOneField("money.Payment", models.CASCADE, primary_key=True, related_name="at_provider")
    account = models.ForeignKey(ProviderAccount, models.PROTECT, related_name="payments")
    application_fee = models.PositiveBigIntegerField(default=0)
    asked = models.JSONField(default=dict)
    reference = models.CharField(max_length=120, blank=True)  # Stripe: the payment intent; HelloAsso: the payment
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("payment at a provider")
        verbose_name_plural = _("payments at providers")
        indexes = [models.Index(fields=["account", "reference"], name="payments_by_reference")]

    def __str__(self) -> str:
        return self.reference


class Payout(models.Model):
    """Money that a provider sent from an account to the bank."""

    class State(models.TextChoices):
        PENDING = "pending", _("Under way")
        PAID = "paid", _("Paid out")
        FAILED = "failed", pgettext_lazy("payout", "Failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(ProviderAccount, models.PROTECT, related_name="payouts")
    external_id = models.CharField(_("number"), max_length=120)
    amount = models.BigIntegerField(_("amount"))  # minor units
    other = models.BigIntegerField(default=0)  # of it, what belongs to no payment of ours
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(_("state"), max_length=10, choices=State)
    arrives_on = models.DateField(_("at the bank"), null=True, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-arrives_on", "-external_id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_row_per_payout"),
        ]

    def __str__(self) -> str:
        return self.external_id


class PayoutPart(models.Model):
    """How much of a payout came from one payment: what it brought, less fees and what went back meanwhile."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payout = models.ForeignKey(Payout, models.CASCADE, related_name="parts")
    payment = models.ForeignKey("money.Payment", models.PROTECT, related_name="payout_parts")
    amount = models.BigIntegerField()

    class Meta:
        verbose_name = _("part of a payout")
        verbose_name_plural = _("parts of payouts")
        constraints = [
            models.UniqueConstraint(fields=["payout", "payment"], name="one_part_per_payout_and_payment"),
        ]

    def __str__(self) -> str:
        return f"{self.payout} {self.amount}"


class AccountAlarm(Alarm):
    """Something about an account that a treasurer has to look at: open until it is over."""

    class Kind(models.TextChoices):
        DIFFERENCE = "difference", _("The provider has another amount than the ledger")
        ACCESS = "access", _("The provider does not let us in any more")

    kind = models.CharField(max_length=12, choices=Kind)
    account = models.ForeignKey(ProviderAccount, models.CASCADE, related_name="alarms")

    class Meta(Alarm.Meta):
        verbose_name = _("alarm of a payment account")
        verbose_name_plural = _("alarms of payment accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"], condition=Q(cleared_at=None), name="one_open_alarm_per_account_and_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind}"
